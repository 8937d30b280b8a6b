// Runs Godwit's Flight SQL service with the Arrow Flight SQL JDBC driver, as DBeaver uses it.
//
// usage: java --add-opens=java.base/java.nio=ALL-UNNAMED -cp flight-sql-jdbc-driver.jar \
//            FlightSuite.java grpc://HOST:PORT [PART OF A CASE'S NAME]
//
// Prints one line per case, then "N passed, N failed"; exits with 1 when a case failed, and when
// none ran.

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TimeZone;

public class FlightSuite {
    interface Case {
        void run() throws Exception;
    }

    static final String SCHEMA = "jdbc_" + ProcessHandle.current().pid();
    static final Map<String, Case> CASES = new LinkedHashMap<>();
    static String address;

    public static void main(String[] arguments) throws Exception {
        address = arguments[0].replace("grpc://", "");
        String only = arguments.length > 1 ? arguments[1] : "";
        register();
        try (Connection connection = connect("")) {
            execute(connection, "CREATE SCHEMA " + SCHEMA);
        }
        int passed = 0;
        int failed = 0;
        for (Map.Entry<String, Case> entry : CASES.entrySet()) {
            if (!entry.getKey().contains(only)) {
                continue;
            }
            long started = System.nanoTime();
            try {
                entry.getValue().run();
                passed++;
                System.out.printf("passed  %s (%.2f s)%n", entry.getKey(), (System.nanoTime() - started) / 1e9);
            } catch (Throwable error) {
                failed++;
                System.out.println("FAILED  " + entry.getKey());
                error.printStackTrace(System.out);
            }
        }
        try (Connection connection = connect("")) {
            execute(connection, "DROP SCHEMA " + SCHEMA + " CASCADE");
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed > 0 || passed == 0 ? 1 : 0);
    }

    static void register() {
        CASES.put("a query returns its rows", FlightSuite::query);
        CASES.put("every getter of the metadata answers", FlightSuite::everyGetter);
        CASES.put("the calls of DBeaver find the tables", FlightSuite::dbeaver);
        CASES.put("every type is read", FlightSuite::everyType);
        CASES.put("a null of every type is read", FlightSuite::everyNull);
        CASES.put("times of java.time are read", FlightSuite::moments);
        CASES.put("statements count what they change", FlightSuite::counts);
        CASES.put("values of every type are bound", FlightSuite::bound);
        CASES.put("nulls of every type are bound", FlightSuite::boundNulls);
        CASES.put("a batch of values is one update", FlightSuite::batch);
        CASES.put("a batch with a row that fails writes nothing", FlightSuite::failingBatch);
        CASES.put("one prepared query is executed again", FlightSuite::preparedQuery);
        CASES.put("a million rows arrive", FlightSuite::millionRows);
        CASES.put("a result in several streams arrives", FlightSuite::partitions);
        CASES.put("a geometry is bytes or text", FlightSuite::geometry);
        CASES.put("columns in upper case need no quotes", FlightSuite::upperCase);
        CASES.put("two results are read at once", FlightSuite::interleaved);
        CASES.put("a schema can be chosen", FlightSuite::schema);
        CASES.put("a running query is canceled", FlightSuite::cancel);
        CASES.put("errors say what is wrong", FlightSuite::errors);
        CASES.put("a long list of parameters keeps its order", FlightSuite::order);
        CASES.put("the functions of the metadata work in braces", FlightSuite::functions);
        CASES.put("functions in braces take parameters", FlightSuite::functionParameters);
        CASES.put("literals in braces are read", FlightSuite::literals);
        CASES.put("subqueries take parameters", FlightSuite::subqueryParameters);
        CASES.put("columns and parameters tell their types", FlightSuite::described);
        CASES.put("limits of a statement are kept", FlightSuite::limits);
        CASES.put("a statement has one result", FlightSuite::results);
    }

    static Connection connect(String properties) throws SQLException {
        String url = "jdbc:arrow-flight-sql://" + address + "/?useEncryption=false" + properties;
        return DriverManager.getConnection(url, new Properties());
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    static List<List<Object>> rows(ResultSet result) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<Object> row = new ArrayList<>();
            for (int column = 1; column <= columns; column++) {
                row.add(result.getObject(column));
            }
            rows.add(row);
        }
        return rows;
    }

    static List<List<Object>> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            return rows(result);
        }
    }

    static void expect(boolean condition, Object message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    static void expectEqual(Object found, Object wanted) {
        expect(Objects.deepEquals(found, wanted), "found " + shown(found) + ", wanted " + shown(wanted));
    }

    static String shown(Object value) {
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }

    static void query() throws Exception {
        try (Connection connection = connect("")) {
            expect(connection.isValid(5), "the connection is not valid");
            List<List<Object>> found = rows(connection, "SELECT 1 AS one, 'two' AS two, NULL AS three");
            expectEqual(found, List.of(Arrays.asList(1L, "two", null)));
        }
    }

    /** Calls every method of the metadata; a pattern is "%", other arguments are null or 0. */
    static void everyGetter() throws Exception {
        List<String> problems = new ArrayList<>();
        int called = 0;
        try (Connection connection = connect("")) {
            DatabaseMetaData metadata = connection.getMetaData();
            for (Method method : DatabaseMetaData.class.getMethods()) {
                Class<?>[] types = method.getParameterTypes();
                Object[] arguments = new Object[types.length];
                for (int index = 0; index < types.length; index++) {
                    if (types[index] == int.class) {
                        arguments[index] = ResultSet.TYPE_FORWARD_ONLY;
                    } else if (types[index] == boolean.class) {
                        arguments[index] = false;
                    } else if (types[index] == Class.class) {
                        arguments[index] = Object.class;
                    } else if (types[index] == String.class) {
                        arguments[index] = index == 2 ? "%" : null;
                    }
                }
                String name = method.getName();
                if (name.equals("unwrap") || name.equals("isWrapperFor")) {
                    continue;
                }
                if (name.equals("getCrossReference")) {
                    arguments[5] = "%";
                }
                if (name.equals("supportsTransactionIsolationLevel")) {
                    arguments[0] = Connection.TRANSACTION_NONE;
                }
                called++;
                try {
                    Object answer = method.invoke(metadata, arguments);
                    if (answer instanceof ResultSet result) {
                        rows(result);
                        result.close();
                    }
                } catch (InvocationTargetException error) {
                    Throwable cause = error.getCause();
                    // What the driver itself does not do.
                    boolean isMissing = cause instanceof SQLFeatureNotSupportedException
                        || "todo: implement this method".equals(cause.getMessage());
                    if (!isMissing) {
                        problems.add(name + ": " + cause);
                    }
                }
            }
            expectEqual(metadata.getDatabaseProductName(), "Godwit");
            expect(!metadata.supportsTransactions(), "transactions are announced");
            expect(metadata.supportsBatchUpdates(), "batches are not announced");
            expect(metadata.getStringFunctions().length() > 0, "no functions");
            expectEqual(metadata.getIdentifierQuoteString(), "\"");
        }
        expect(problems.isEmpty(), String.join("\n", problems));
        expect(called > 150, "only " + called + " getters were called");
    }

    /** What DBeaver asks for when its tree is opened, and how it reads a table. */
    static void dbeaver() throws Exception {
        try (Connection connection = connect("")) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".\"a_b\" (id INT NOT NULL, name VARCHAR, geom GEOMETRY(Point, 4326))");
            execute(connection, "CREATE TABLE " + SCHEMA + ".\"axb\" (other INT)");
            execute(connection, "CREATE VIEW " + SCHEMA + ".seen AS SELECT 1 AS n");
            execute(connection, "INSERT INTO " + SCHEMA + ".a_b VALUES (1, 'x', ST_Point(1, 2, 4326))");
            DatabaseMetaData metadata = connection.getMetaData();
            expectEqual(names(metadata.getCatalogs(), "TABLE_CAT"), List.of("godwit"));
            List<String> schemas = names(metadata.getSchemas(), "TABLE_SCHEM");
            expect(schemas.containsAll(List.of("public", "information_schema", SCHEMA)), schemas);
            expectEqual(names(metadata.getTableTypes(), "TABLE_TYPE"),
                List.of("LOCAL TEMPORARY", "SYSTEM TABLE", "TABLE", "VIEW"));
            for (String catalog : new String[] {null, "godwit"}) {
                expectEqual(names(metadata.getTables(catalog, SCHEMA, "%", null), "TABLE_NAME"), List.of("a_b", "axb", "seen"));
            }
            expectEqual(names(metadata.getTables(null, SCHEMA, "a\\_b", new String[] {"TABLE"}), "TABLE_NAME"), List.of("a_b"));
            expectEqual(names(metadata.getTables(null, SCHEMA, "%", new String[] {"VIEW"}), "TABLE_NAME"), List.of("seen"));
            List<List<Object>> columns = new ArrayList<>();
            try (ResultSet result = metadata.getColumns(null, SCHEMA, "%", "%")) {
                while (result.next()) {
                    columns.add(List.of(result.getString("TABLE_NAME"), result.getString("COLUMN_NAME"),
                        result.getString("TYPE_NAME"), result.getInt("DATA_TYPE"), result.getInt("ORDINAL_POSITION"),
                        result.getString("IS_NULLABLE")));
                }
            }
            expectEqual(columns, List.of(
                List.of("a_b", "id", "INTEGER", Types.INTEGER, 1, "NO"),
                List.of("a_b", "name", "VARCHAR", Types.VARCHAR, 2, "YES"),
                List.of("a_b", "geom", "GEOMETRY", Types.VARBINARY, 3, "YES"),
                List.of("axb", "other", "INTEGER", Types.INTEGER, 1, "YES"),
                List.of("seen", "n", "BIGINT", Types.BIGINT, 1, "YES")));
            for (ResultSet keys : List.of(metadata.getPrimaryKeys(null, SCHEMA, "%"), metadata.getPrimaryKeys(null, SCHEMA, "no_such_table"),
                    metadata.getImportedKeys(null, SCHEMA, "a_b"), metadata.getExportedKeys(null, SCHEMA, "a_b"),
                    metadata.getIndexInfo(null, SCHEMA, "a_b", false, true))) {
                expectEqual(rows(keys), List.of());
            }
            try (Statement statement = connection.createStatement()) {
                statement.setMaxRows(200);
                statement.setFetchSize(200);
                expect(statement.execute("SELECT * FROM \"" + SCHEMA + "\".\"a_b\" ORDER BY 1"), "a query is no query");
                ResultSet result = statement.getResultSet();
                ResultSetMetaData shape = result.getMetaData();
                expectEqual(shape.getColumnLabel(3), "geom");
                // Of a result the driver knows the storage only; getColumns above says GEOMETRY.
                expectEqual(shape.getColumnTypeName(3), "VARBINARY");
                expectEqual(rows(result).size(), 1);
                expect(!statement.execute("CREATE TABLE " + SCHEMA + ".by_execute (n INT)"), "a definition is a query");
                expectEqual(statement.getUpdateCount(), 0);
            }
        }
    }

    static List<String> names(ResultSet result, String column) throws SQLException {
        List<String> names = new ArrayList<>();
        while (result.next()) {
            names.add(result.getString(column));
        }
        result.close();
        return names;
    }

    record Read(String sql, int type, Object value, String text) {}

    static List<Read> reads() {
        byte[] bytes = {0, (byte) 0xff};
        return List.of(
            new Read("TRUE", Types.BOOLEAN, true, "true"),
            new Read("CAST(7 AS TINYINT)", Types.TINYINT, (byte) 7, "7"),
            new Read("CAST(7 AS SMALLINT)", Types.SMALLINT, (short) 7, "7"),
            new Read("CAST(7 AS INT)", Types.INTEGER, 7, "7"),
            new Read("CAST(7 AS BIGINT)", Types.BIGINT, 7L, "7"),
            new Read("CAST(1.5 AS REAL)", Types.FLOAT, 1.5, "1.5"),
            new Read("CAST(1.5 AS DOUBLE)", Types.DOUBLE, 1.5, "1.5"),
            new Read("CAST(1.50 AS NUMERIC(10, 2))", Types.DECIMAL, new BigDecimal("1.50"), "1.50"),
            new Read("'text'", Types.VARCHAR, "text", "text"),
            new Read("X'00ff'", Types.VARBINARY, bytes, new String(bytes, StandardCharsets.UTF_8)),
            new Read("DATE '2023-05-15'", Types.DATE, Date.valueOf("2023-05-15"), "2023-05-15"),
            new Read("TIME '13:45:31'", Types.TIME, Time.valueOf("13:45:31"), "13:45:31"),
            new Read("TIMESTAMP '2023-05-15 13:45:30'", Types.TIMESTAMP, Timestamp.valueOf("2023-05-15 13:45:30"), "2023-05-15 13:45:30"),
            new Read("make_array(1, 2)", Types.ARRAY, null, null),
            new Read("named_struct('a', 1)", Types.JAVA_OBJECT, null, null),
            new Read("INTERVAL '1 month'", Types.JAVA_OBJECT, null, null));
    }

    static void everyType() throws Exception {
        List<String> problems = new ArrayList<>();
        try (Connection connection = connect("")) {
            for (Read read : reads()) {
                try (Statement statement = connection.createStatement();
                        ResultSet result = statement.executeQuery("SELECT " + read.sql + " AS res")) {
                    expectEqual(result.getMetaData().getColumnType(1), read.type);
                    expect(result.next(), "no row");
                    Object value = result.getObject(1);
                    expect(value != null && !result.wasNull(), "null");
                    if (read.value != null) {
                        expectEqual(value, read.value);
                        expect(result.getString("res").startsWith(read.text), result.getString("res"));
                    } else {
                        expect(result.getString(1) != null, "no text");
                    }
                } catch (Throwable error) {
                    problems.add(read.sql + ": " + error);
                }
            }
            try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(
                    "SELECT TIMESTAMP WITH TIME ZONE '2023-05-15 13:45:30+02' AS t, CAST(7 AS INT) AS n")) {
                result.next();
                Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
                expectEqual(result.getTimestamp(1, utc).getTime(), 1684151130000L);
                expectEqual(List.of(result.getByte(2), result.getShort(2), result.getLong(2), result.getDouble(2), result.getBigDecimal(2)),
                    List.of((byte) 7, (short) 7, 7L, 7.0, new BigDecimal(7)));
            }
        }
        expect(problems.isEmpty(), String.join("\n", problems));
    }

    static void moments() throws Exception {
        String sql = "SELECT TIMESTAMP WITH TIME ZONE '2023-05-15 13:45:30.25+02' AS z, TIMESTAMP '2023-05-15 13:45:30.123456' AS t, "
            + "DATE '2024-02-29' AS d, TIME '23:59:59' AS c, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS nothing";
        try (Connection connection = connect(""); Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            Instant instant = Instant.parse("2023-05-15T11:45:30.250Z");
            expectEqual(result.getObject(1, Instant.class), instant);
            expectEqual(result.getObject(1, OffsetDateTime.class).toInstant(), instant);
            expectEqual(result.getObject(2, LocalDateTime.class), LocalDateTime.parse("2023-05-15T13:45:30.123456"));
            expectEqual(result.getObject(3, LocalDate.class), LocalDate.of(2024, 2, 29));
            expectEqual(result.getObject(4, LocalTime.class), LocalTime.of(23, 59, 59));
            expect(result.getObject(5, Instant.class) == null && result.wasNull(), "NULL");
        }
    }

    static void everyNull() throws Exception {
        List<String> problems = new ArrayList<>();
        try (Connection connection = connect("")) {
            for (Read read : reads()) {
                String sql = "SELECT CASE WHEN value > 0 THEN NULL ELSE " + read.sql + " END AS res FROM generate_series(1, 1)";
                try {
                    expectEqual(rows(connection, sql), List.of(Arrays.asList((Object) null)));
                } catch (Throwable error) {
                    problems.add(read.sql + ": " + error);
                }
            }
        }
        expect(problems.isEmpty(), String.join("\n", problems));
    }

    static void counts() throws Exception {
        try (Connection connection = connect("")) {
            String name = SCHEMA + ".counts";
            expectEqual(update(connection, "CREATE TABLE " + name + " (n INT, t VARCHAR)"), 0);
            expectEqual(update(connection, "INSERT INTO " + name + " VALUES (1, 'a'), (2, 'b'), (3, NULL)"), 3);
            expectEqual(update(connection, "UPDATE " + name + " SET t = 'c' WHERE n >= 2"), 2);
            expectEqual(update(connection, "DELETE FROM " + name + " WHERE n = 1"), 1);
            expectEqual(rows(connection, "SELECT n, t FROM " + name + " ORDER BY n"), List.of(List.of(2, "c"), List.of(3, "c")));
            expectEqual(update(connection, "CREATE TABLE " + name + "_copied AS SELECT * FROM " + name), 2);
            expectEqual(update(connection, "DROP TABLE " + name), 0);
        }
    }

    static final String ALL = "(b BOOLEAN, i1 TINYINT, i2 SMALLINT, i4 INT, i8 BIGINT, f4 REAL, f8 DOUBLE, n NUMERIC(10, 2), "
        + "t VARCHAR, x VARBINARY, d DATE, tm TIME(3), ts TIMESTAMP(3))";
    static final int[] KINDS = {Types.BOOLEAN, Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.DOUBLE,
        Types.DECIMAL, Types.VARCHAR, Types.VARBINARY, Types.DATE, Types.TIME, Types.TIMESTAMP};
    static final String MARKS = " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    static void bound() throws Exception {
        try (Connection connection = connect("")) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".bound " + ALL);
            Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
            Timestamp moment = new Timestamp(1684158330123L);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + SCHEMA + ".bound" + MARKS)) {
                expectEqual(insert.getParameterMetaData().getParameterCount(), 13);
                insert.setBoolean(1, true);
                insert.setByte(2, (byte) 1);
                insert.setShort(3, (short) 2);
                insert.setInt(4, 3);
                insert.setLong(5, 4);
                insert.setFloat(6, 1.5f);
                insert.setDouble(7, 2.5);
                insert.setBigDecimal(8, new BigDecimal("123.45"));
                insert.setString(9, "text");
                insert.setBytes(10, new byte[] {1, 2});
                insert.setDate(11, Date.valueOf("2023-05-15"));
                insert.setTime(12, Time.valueOf("13:45:31"));
                insert.setTimestamp(13, moment, utc);
                expectEqual(insert.executeUpdate(), 1);
            }
            List<Object> row = rows(connection, "SELECT b, i1, i2, i4, i8, f4, f8, n, t, x, CAST(d AS VARCHAR), "
                + "CAST(tm AS VARCHAR), CAST(ts AS VARCHAR) FROM " + SCHEMA + ".bound").get(0);
            expectEqual(row.subList(0, 9), List.of(true, (byte) 1, (short) 2, 3, 4L, 1.5, 2.5, new BigDecimal("123.45"), "text"));
            expectEqual(row.get(9), new byte[] {1, 2});
            expectEqual(row.get(10), "2023-05-15");
            expectEqual(row.get(11), "13:45:31");
            expect(row.get(12).toString().matches("2023-05-15 13:45:30.123.*"), row.get(12));
            // The driver counts milliseconds, whatever the unit of the column is.
            execute(connection, "CREATE TABLE " + SCHEMA + ".times (s TIME(0), us TIME, ns TIME(9))");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + SCHEMA + ".times VALUES (?, ?, ?)")) {
                for (int index = 1; index <= 3; index++) {
                    insert.setTime(index, Time.valueOf("13:45:31"));
                }
                expectEqual(insert.executeUpdate(), 1);
            }
            expectEqual(rows(connection, "SELECT CAST(s AS VARCHAR), CAST(us AS VARCHAR), CAST(ns AS VARCHAR) FROM " + SCHEMA + ".times"),
                List.of(List.of("13:45:31", "13:45:31", "13:45:31")));
        }
    }

    static void boundNulls() throws Exception {
        try (Connection connection = connect("")) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".nulls " + ALL);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + SCHEMA + ".nulls" + MARKS)) {
                for (int index = 0; index < KINDS.length; index++) {
                    insert.setNull(index + 1, KINDS[index]);
                }
                expectEqual(insert.executeUpdate(), 1);
                insert.clearParameters();
            }
            List<Object> row = rows(connection, "SELECT * FROM " + SCHEMA + ".nulls").get(0);
            expect(row.stream().allMatch(Objects::isNull), row);
        }
    }

    static void batch() throws Exception {
        try (Connection connection = connect("")) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".batch (n BIGINT, t VARCHAR)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + SCHEMA + ".batch VALUES (?, ?)")) {
                for (int row = 0; row < 1000; row++) {
                    insert.setLong(1, row);
                    if (row % 2 == 0) {
                        insert.setString(2, "row " + row);
                    } else {
                        insert.setNull(2, Types.VARCHAR);
                    }
                    insert.addBatch();
                }
                expect(Arrays.stream(insert.executeBatch()).sum() >= 1000, "too few rows are counted");
            }
            expectEqual(rows(connection, "SELECT count(*), sum(n), count(t) FROM " + SCHEMA + ".batch"), List.of(List.of(1000L, 499500L, 500L)));
        }
    }

    static void failingBatch() throws Exception {
        try (Connection connection = connect("")) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".failing (n INT NOT NULL, t VARCHAR(3))");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + SCHEMA + ".failing VALUES (?, ?)")) {
                for (String text : new String[] {"one", "much longer", "two"}) {
                    insert.setInt(1, 1);
                    insert.setString(2, text);
                    insert.addBatch();
                }
                try {
                    insert.executeBatch();
                    throw new AssertionError("a text that is too long was taken");
                } catch (SQLException error) {
                    expect(error.getMessage().contains("too long"), error.getMessage());
                }
                expectEqual(rows(connection, "SELECT count(*) FROM " + SCHEMA + ".failing"), List.of(List.of(0L)));
                // The statement goes on.
                insert.clearBatch();
                insert.setInt(1, 2);
                insert.setString(2, "ok");
                insert.addBatch();
                insert.executeBatch();
            }
            expectEqual(rows(connection, "SELECT n, t FROM " + SCHEMA + ".failing"), List.of(List.of(2, "ok")));
        }
    }

    static void preparedQuery() throws Exception {
        try (Connection connection = connect("");
                PreparedStatement query = connection.prepareStatement("SELECT value FROM generate_series(1, 9) WHERE value > ? LIMIT ?")) {
            for (long low : new long[] {7, 3}) {
                query.setLong(1, low);
                query.setLong(2, 2);
                try (ResultSet result = query.executeQuery()) {
                    expectEqual(rows(result), List.of(List.of(low + 1), List.of(low + 2)));
                }
            }
        }
    }

    static void millionRows() throws Exception {
        try (Connection connection = connect(""); Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT value AS n, 'row ' || value AS t FROM generate_series(1, 1000000)")) {
            long count = 0;
            long sum = 0;
            while (result.next()) {
                count++;
                sum += result.getLong(1);
            }
            expectEqual(List.of(count, sum), List.of(1_000_000L, 500_000_500_000L));
        }
    }

    static void partitions() throws Exception {
        try (Connection connection = connect("&partitions=8"); Statement statement = connection.createStatement()) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".parts AS SELECT value AS id, sin(value) AS x FROM generate_series(1, 500000)");
            long rows = 0;
            long sum = 0;
            try (ResultSet result = statement.executeQuery("SELECT id, x FROM " + SCHEMA + ".parts")) {
                while (result.next()) {
                    rows++;
                    sum += result.getLong(1);
                }
            }
            expectEqual(rows, 500_000L);
            expectEqual(sum, 125_000_250_000L);
            try (ResultSet result = statement.executeQuery("SELECT id FROM " + SCHEMA + ".parts ORDER BY id")) {
                for (long wanted = 1; wanted <= 1000; wanted++) {
                    expect(result.next(), wanted);
                    expectEqual(result.getLong(1), wanted);
                }
            }
        }
    }

    static void geometry() throws Exception {
        String sql = "SELECT ST_Point(1, 2, 4326) AS geom";
        try (Connection connection = connect(""); Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            result.next();
            expectEqual(result.getBytes(1).length, 21);
        }
        try (Connection connection = connect("&geometry_format=wkt"); Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            expectEqual(result.getMetaData().getColumnType(1), Types.VARCHAR);
            result.next();
            expectEqual(result.getString(1).replace("POINT (", "POINT("), "POINT(1 2)");
        }
    }

    static void upperCase() throws Exception {
        try (Connection connection = connect("")) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".\"counties\" (\"GEOID\" VARCHAR, \"NAME\" VARCHAR)");
            execute(connection, "INSERT INTO " + SCHEMA + ".counties VALUES ('01', 'Delft')");
            String sql = "SELECT GEOID, NAME FROM \"" + SCHEMA + "\".\"counties\" ORDER BY GEOID LIMIT 200";
            expectEqual(rows(connection, sql), List.of(List.of("01", "Delft")));
        }
    }

    static void interleaved() throws Exception {
        String sql = "SELECT value FROM generate_series(1, 20000)";
        try (Connection connection = connect(""); Statement first = connection.createStatement(); Statement second = connection.createStatement();
                ResultSet one = first.executeQuery(sql); ResultSet two = second.executeQuery(sql)) {
            while (one.next() && two.next()) {
                expectEqual(one.getLong(1), two.getLong(1));
            }
        }
    }

    static void schema() throws Exception {
        try (Connection connection = connect("&schema=" + SCHEMA)) {
            execute(connection, "CREATE TABLE chosen AS SELECT 5 AS n");
            expectEqual(rows(connection, "SELECT n FROM " + SCHEMA + ".chosen"), List.of(List.of(5L)));
            connection.setCatalog("godwit");
            expectEqual(rows(connection, "SELECT current_schema(), n FROM chosen"), List.of(List.of(SCHEMA, 5L)));
        }
        try (Connection nowhere = connect("&catalog=nowhere")) {
            throw new AssertionError("connected to " + nowhere.getCatalog());
        } catch (SQLException error) {
            expect(error.getMessage().contains("\"nowhere\" does not exist"), error);
        }
        Connection connection = connect("&catalog=godwit");
        expectEqual(rows(connection, "SELECT current_catalog()"), List.of(List.of("godwit")));
        try {
            connection.close();
        } catch (SQLException error) {
            // The driver closes the session after the channel.
            expect(error.getMessage().contains("Channel shutdown"), error);
        }
    }

    static void cancel() throws Exception {
        String sql = "SELECT count(*) FROM generate_series(1, 30000000) AS a(x), generate_series(1, 1000) AS b(y) WHERE sin(a.x) * cos(b.y) > 2";
        long started = System.nanoTime();
        try (Connection connection = connect(""); Statement statement = connection.createStatement()) {
            Thread canceler = new Thread(() -> {
                try {
                    Thread.sleep(1000);
                    statement.cancel();
                } catch (InterruptedException | SQLException error) {
                    error.printStackTrace();
                }
            });
            canceler.start();
            try (ResultSet result = statement.executeQuery(sql)) {
                result.next();
                throw new AssertionError("the query was not canceled");
            } catch (SQLException error) {
                expect(System.nanoTime() - started < 20e9, "cancellation took too long");
            }
            canceler.join();
        }
        try (Connection connection = connect("")) {
            String running = "SELECT count(*) FROM system.queries WHERE state = 'running' AND sql LIKE '%30000000%' AND sql NOT LIKE '%system.queries%'";
            for (int attempt = 0; attempt < 50; attempt++) {
                if (rows(connection, running).equals(List.of(List.of(0L)))) {
                    return;
                }
                Thread.sleep(100);
            }
            throw new AssertionError("the query still runs on the server");
        }
    }

    static void errors() throws Exception {
        Map<String, String> wanted = Map.of(
            "SELEKT 1", "selekt",
            "SELECT * FROM no_such_table", "no_such_table",
            "SELECT nme FROM (SELECT 1 AS name)", "nme",
            "INSERT INTO no_such_table VALUES (1)", "no_such_table");
        try (Connection connection = connect("")) {
            for (Map.Entry<String, String> entry : wanted.entrySet()) {
                try {
                    execute(connection, entry.getKey());
                    throw new AssertionError("no error for " + entry.getKey());
                } catch (SQLException error) {
                    StringBuilder text = new StringBuilder();
                    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                        text.append(cause.getMessage()).append('\n');
                    }
                    expect(text.toString().toLowerCase().contains(entry.getValue()), text);
                    expect(!text.toString().contains("DataFusionError"), text);
                }
            }
            expectEqual(rows(connection, "SELECT 1"), List.of(List.of(1L)));
        }
    }

    static void order() throws Exception {
        StringBuilder sql = new StringBuilder("SELECT CAST(? AS BIGINT)");
        for (int index = 1; index < 12; index++) {
            sql.append(", CAST(? AS BIGINT)");
        }
        try (Connection connection = connect(""); PreparedStatement query = connection.prepareStatement(sql.toString())) {
            List<Object> wanted = new ArrayList<>();
            for (int index = 0; index < 12; index++) {
                query.setLong(index + 1, index);
                wanted.add((long) index);
            }
            try (ResultSet result = query.executeQuery()) {
                expectEqual(rows(result), List.of(wanted));
            }
        }
    }

    /** The functions of the JDBC specification's appendix, and what a call of each returns. */
    static final String[][] NUMERIC = {
        {"ABS(-1.5)", "1.5"}, {"ACOS(1)", "0.0"}, {"ASIN(0)", "0.0"}, {"ATAN(0)", "0.0"}, {"ATAN2(0, 1)", "0.0"},
        {"CEILING(1.2)", "2.0"}, {"COS(0)", "1.0"}, {"COT(atan(0.5))", "2.0"}, {"DEGREES(0)", "0.0"}, {"EXP(0)", "1.0"},
        {"FLOOR(1.8)", "1.0"}, {"LOG(1)", "0.0"}, {"LOG10(100)", "2.0"}, {"MOD(7, 3)", "1"}, {"PI() > 3.14", "true"},
        {"POWER(2.0, 3)", "8.0"}, {"RADIANS(0)", "0.0"}, {"RAND() < 1", "true"}, {"RAND(5) >= 0", "true"},
        {"ROUND(1.26, 1)", "1.3"}, {"SIGN(-2.5)", "-1.0"}, {"SIN(0)", "0.0"}, {"SQRT(16)", "4.0"}, {"TAN(0)", "0.0"},
        {"TRUNCATE(-1.29, 1)", "-1.2"}};

    static final String[][] STRING = {
        {"ASCII('A')", "65"}, {"CHAR(65)", "A"}, {"CHAR_LENGTH('abc')", "3"}, {"CHARACTER_LENGTH('abc', CHARACTERS)", "3"},
        {"CONCAT('a', 'b')", "ab"}, {"DIFFERENCE('Anne', 'Ann')", "4"}, {"INSERT('abcdef', 2, 3, 'X')", "aXef"},
        {"LCASE('ABC')", "abc"}, {"LEFT('abc', 2)", "ab"}, {"LENGTH('ab  ')", "2"}, {"LOCATE('b', 'abcb')", "2"},
        {"LOCATE('b', 'abcb', 3)", "4"}, {"LTRIM('  a')", "a"}, {"OCTET_LENGTH('abc')", "3"}, {"POSITION('c' IN 'abc')", "3"},
        {"REPEAT('ab', 2)", "abab"}, {"REPLACE('aba', 'b', 'c')", "aca"}, {"RIGHT('abc', 2)", "bc"}, {"RTRIM('a  ')", "a"},
        {"SOUNDEX('Robert')", "R163"}, {"SPACE(2) || '|'", "  |"}, {"SUBSTRING('abcdef', 2, 3)", "bcd"}, {"UCASE('abc')", "ABC"}};

    static final String[][] TIME = {
        {"CURRENT_DATE() = current_date", "true"}, {"CURRENT_TIME() = current_time", "true"},
        {"CURRENT_TIMESTAMP() = now()", "true"}, {"CURDATE() = current_date", "true"}, {"CURTIME() = current_time", "true"},
        {"DAYNAME({d '2024-02-29'})", "Thursday"}, {"DAYOFMONTH({d '2024-02-29'})", "29"}, {"DAYOFWEEK({d '2024-02-25'})", "1"},
        {"DAYOFYEAR({d '2024-12-31'})", "366"}, {"EXTRACT(DAY FROM {d '2024-02-29'})", "29"}, {"HOUR({t '13:14:15'})", "13"},
        {"MINUTE({t '13:14:15'})", "14"}, {"MONTH({d '2024-02-29'})", "2"}, {"MONTHNAME({d '2024-02-29'})", "February"},
        {"NOW() = current_timestamp", "true"}, {"QUARTER({d '2024-05-01'})", "2"}, {"SECOND({t '13:14:15'})", "15"},
        {"TIMESTAMPADD(SQL_TSI_MONTH, 1, {ts '2024-01-31 12:00:00'})", "2024-02-29 12:00:00"},
        {"TIMESTAMPDIFF(SQL_TSI_DAY, {d '2024-02-28'}, {d '2024-03-01'})", "2"}, {"WEEK({d '2024-01-08'})", "2"},
        {"YEAR({d '2024-02-29'})", "2024"}};

    static final String[][] SYSTEM = {
        {"DATABASE()", "godwit"}, {"IFNULL(NULL, 'x')", "x"}, {"USER() = current_user", "true"}};

    static void functions() throws Exception {
        List<String> problems = new ArrayList<>();
        try (Connection connection = connect("")) {
            DatabaseMetaData metadata = connection.getMetaData();
            checkFunctions(connection, metadata.getNumericFunctions(), NUMERIC, problems);
            checkFunctions(connection, metadata.getStringFunctions(), STRING, problems);
            checkFunctions(connection, metadata.getTimeDateFunctions(), TIME, problems);
            checkFunctions(connection, metadata.getSystemFunctions(), SYSTEM, problems);
            String[] targets = {"BIGINT", "BINARY", "BIT", "BLOB", "BOOLEAN", "CHAR", "CLOB", "DECIMAL", "DOUBLE", "FLOAT", "INTEGER",
                "LONGVARBINARY", "LONGVARCHAR", "NUMERIC", "REAL", "SMALLINT", "TINYINT", "VARBINARY", "VARCHAR"};
            for (String target : targets) {
                tried(connection, "{fn CONVERT('1', " + target + ")}", null, problems);
                tried(connection, "{fn CONVERT('1', SQL_" + target + ")}", null, problems);
            }
            tried(connection, "{fn CONVERT('2024-02-29', DATE)}", "2024-02-29", problems);
            tried(connection, "{fn CONVERT('12:30:00', SQL_TIME)}", "12:30:00", problems);
            tried(connection, "{fn CONVERT('2024-02-29 12:30:00', SQL_TIMESTAMP)}", "2024-02-29 12:30:00", problems);
        }
        expect(problems.isEmpty(), String.join("\n", problems));
    }

    /** Calls each function, and looks for it in the list of the metadata. */
    static void checkFunctions(Connection connection, String listed, String[][] calls, List<String> problems) {
        List<String> names = List.of(listed.split(", *"));
        for (String[] call : calls) {
            String name = call[0].substring(0, call[0].indexOf('('));
            if (!names.contains(name)) {
                problems.add(name + " is not listed");
            }
            // What follows the call is outside of the braces.
            int end = closing(call[0]) + 1;
            tried(connection, "{fn " + call[0].substring(0, end) + "}" + call[0].substring(end), call[1], problems);
        }
    }

    /** Returns the place of the parenthesis that closes the first one. */
    static int closing(String text) {
        int depth = 0;
        for (int place = text.indexOf('('); place < text.length(); place++) {
            depth += text.charAt(place) == '(' ? 1 : text.charAt(place) == ')' ? -1 : 0;
            if (depth == 0) {
                return place;
            }
        }
        throw new AssertionError(text);
    }

    static void tried(Connection connection, String sql, String wanted, List<String> problems) {
        try (PreparedStatement query = connection.prepareStatement("SELECT " + sql); ResultSet result = query.executeQuery()) {
            result.next();
            String found = result.getString(1);
            if (wanted == null ? found == null : !found.startsWith(wanted)) {
                problems.add(sql + ": found " + found + ", wanted " + wanted);
            }
        } catch (SQLException error) {
            problems.add(sql + ": " + error);
        }
    }

    static void functionParameters() throws Exception {
        String sql = "SELECT {fn timestampadd(SQL_TSI_DAY, ?, {ts '2024-01-01 00:00:00'})}, {fn locate(?, 'abcb', ?)}, {fn ucase(?)},"
            + " {fn convert(?, SQL_INTEGER)}, {fn insert('abc', ?, 1, ?)}, {fn dayname(CAST(? AS DATE))}";
        try (Connection connection = connect(""); PreparedStatement query = connection.prepareStatement(sql)) {
            for (int days : new int[] {1, 2}) {
                query.setLong(1, days);
                query.setString(2, "b");
                query.setLong(3, 3);
                query.setString(4, "x");
                query.setInt(5, 42);
                query.setLong(6, 2);
                query.setString(7, "-");
                query.setDate(8, Date.valueOf("2024-01-01"));
                try (ResultSet result = query.executeQuery()) {
                    result.next();
                    expectEqual(result.getTimestamp(1), Timestamp.valueOf("2024-01-0" + (1 + days) + " 00:00:00"));
                    expectEqual(result.getLong(2), 4L);
                    expectEqual(result.getString(3), "X");
                    expectEqual(result.getInt(4), 42);
                    expectEqual(result.getString(5), "a-c");
                    expectEqual(result.getString(6), "Monday");
                }
            }
        }
    }

    static void literals() throws Exception {
        String sql = "SELECT {d '2024-02-29'}, {t '12:34:56'}, {ts '2024-02-29 12:34:56'}, DATE '2024-02-29', X'00ff', N'n\u00e9',"
            + " U&'\\00e9', INTERVAL '1' DAY, '100%' LIKE '100!%' {escape '!'}, 'it''s', E'a\\nb', 1.50, 1e3, -7, TRUE, NULL";
        try (Connection connection = connect(""); Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            result.next();
            expectEqual(result.getDate(1), Date.valueOf("2024-02-29"));
            expectEqual(result.getTime(2), Time.valueOf("12:34:56"));
            expectEqual(result.getTimestamp(3), Timestamp.valueOf("2024-02-29 12:34:56"));
            expectEqual(result.getDate(4), Date.valueOf("2024-02-29"));
            expectEqual(result.getBytes(5), new byte[] {0, (byte) 0xff});
            expectEqual(result.getString(6), "n\u00e9");
            expectEqual(result.getString(7), "\u00e9");
            expect(result.getObject(8) != null, "no interval");
            expect(result.getBoolean(9), "the escape of LIKE");
            expectEqual(result.getString(10), "it's");
            expectEqual(result.getString(11), "a\nb");
            expectEqual(result.getDouble(12), 1.5);
            expectEqual(result.getDouble(13), 1000.0);
            expectEqual(result.getLong(14), -7L);
            expect(result.getBoolean(15), "TRUE");
            expect(result.getObject(16) == null && result.wasNull(), "NULL");
        }
        try (Connection connection = connect("&geometry_format=wkt")) {
            String joined = "SELECT a.x FROM {oj (VALUES (1), (2)) AS a(x) LEFT OUTER JOIN (VALUES (2)) AS b(x) ON a.x = b.x} WHERE b.x IS NULL";
            expectEqual(rows(connection, joined), List.of(List.of(1L)));
            expectEqual(rows(connection, "SELECT geometry 'POINT(1 2)'").get(0).get(0).toString().replace("POINT (", "POINT("), "POINT(1 2)");
        }
    }

    static void subqueryParameters() throws Exception {
        try (Connection connection = connect("&schema=" + SCHEMA)) {
            execute(connection, "CREATE TABLE outside AS SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL)) AS v(k, name)");
            execute(connection, "CREATE TABLE inside AS SELECT * FROM (VALUES (1, 10), (1, 20), (2, 5), (NULL, 7)) AS v(k, a)");
            String count = "SELECT o.k, (SELECT count(*) FROM inside t WHERE t.a > ? AND t.k = o.k) FROM outside o WHERE o.k < ? ORDER BY o.k";
            try (PreparedStatement query = connection.prepareStatement(count)) {
                expectEqual(query.getParameterMetaData().getParameterCount(), 2);
                long[][] wanted = {{9, 2, 0, 0}, {4, 2, 1, 0}, {15, 1, 0, 0}};
                for (long[] row : wanted) {
                    query.setLong(1, row[0]);
                    query.setLong(2, 4);
                    try (ResultSet result = query.executeQuery()) {
                        expectEqual(rows(result), List.of(List.of(1L, row[1]), List.of(2L, row[2]), List.of(3L, row[3])));
                    }
                }
            }
            String first = "SELECT o.k, (SELECT t.a FROM inside t WHERE t.k = o.k AND t.a <> ? ORDER BY t.a DESC LIMIT 1) FROM outside o ORDER BY o.k";
            expectEqual(bound(connection, first, 20L), List.of(Arrays.asList(1L, 10L), Arrays.asList(2L, 5L), Arrays.asList(3L, null)));
            String exists = "SELECT o.k FROM outside o WHERE EXISTS (SELECT 1 FROM inside t WHERE t.k = o.k AND t.a >= ?) OR o.name = ? ORDER BY o.k";
            expectEqual(bound(connection, exists, 10L, "b"), List.of(List.of(1L), List.of(2L)));
            String member = "SELECT o.k, ? IN (SELECT t.a FROM inside t WHERE t.k = o.k), (o.k, CAST(? AS BIGINT)) IN (SELECT t.k, t.a FROM inside t) FROM outside o ORDER BY o.k";
            expectEqual(bound(connection, member, 5L, 20L),
                List.of(Arrays.asList(1L, false, true), Arrays.asList(2L, true, false), Arrays.asList(3L, false, false)));
            String lateral = "SELECT o.k, l.total FROM outside o LEFT JOIN LATERAL (SELECT sum(t.a) AS total FROM inside t WHERE t.k = o.k AND t.a < ?) l ON true ORDER BY o.k";
            expectEqual(bound(connection, lateral, 15L), List.of(Arrays.asList(1L, 10L), Arrays.asList(2L, 5L), Arrays.asList(3L, null)));
            String changed = "UPDATE outside SET name = (SELECT CAST(max(t.a) AS VARCHAR) FROM inside t WHERE t.k = outside.k AND t.a > ?) WHERE k <= ?";
            try (PreparedStatement update = connection.prepareStatement(changed)) {
                update.setLong(1, 9);
                update.setLong(2, 2);
                expectEqual(update.executeUpdate(), 2);
            }
            expectEqual(rows(connection, "SELECT k, name FROM outside ORDER BY k"),
                List.of(Arrays.asList(1L, "20"), Arrays.asList(2L, null), Arrays.asList(3L, null)));
        }
    }

    /** Returns the rows of a prepared query with these values. */
    static List<List<Object>> bound(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int index = 0; index < values.length; index++) {
                query.setObject(index + 1, values[index]);
            }
            try (ResultSet result = query.executeQuery()) {
                return rows(result);
            }
        }
    }

    static final String DECLARED = "(b BOOLEAN NOT NULL, i2 SMALLINT, i8 BIGINT, f4 REAL, n NUMERIC(10, 2), t VARCHAR, t10 VARCHAR(10), x VARBINARY, "
        + "d DATE, tm TIME(3), ts TIMESTAMP, ts3 TIMESTAMP(3), tz TIMESTAMP WITH TIME ZONE, g GEOMETRY(Point, 4326), l INT[], j JSON)";

    static void described() throws Exception {
        try (Connection connection = connect("")) {
            execute(connection, "CREATE TABLE " + SCHEMA + ".declared " + DECLARED);
            List<List<Object>> found = new ArrayList<>();
            try (ResultSet result = connection.getMetaData().getColumns(null, SCHEMA, "declared", null)) {
                while (result.next()) {
                    found.add(Arrays.asList(result.getString("COLUMN_NAME"), result.getInt("DATA_TYPE"), result.getString("TYPE_NAME"),
                        result.getObject("COLUMN_SIZE"), result.getObject("DECIMAL_DIGITS"), result.getInt("NULLABLE")));
                }
            }
            expectEqual(found, List.of(
                Arrays.asList("b", Types.BOOLEAN, "BOOLEAN", null, null, DatabaseMetaData.columnNoNulls),
                Arrays.asList("i2", Types.SMALLINT, "SMALLINT", 5, 0, DatabaseMetaData.columnNullable),
                Arrays.asList("i8", Types.BIGINT, "BIGINT", 19, 0, DatabaseMetaData.columnNullable),
                Arrays.asList("f4", Types.FLOAT, "REAL", null, null, DatabaseMetaData.columnNullable),
                Arrays.asList("n", Types.DECIMAL, "DECIMAL(10, 2)", 10, 2, DatabaseMetaData.columnNullable),
                Arrays.asList("t", Types.VARCHAR, "VARCHAR", 65536, null, DatabaseMetaData.columnNullable),
                Arrays.asList("t10", Types.VARCHAR, "VARCHAR", 10, null, DatabaseMetaData.columnNullable),
                Arrays.asList("x", Types.VARBINARY, "VARBINARY", 65536, null, DatabaseMetaData.columnNullable),
                Arrays.asList("d", Types.DATE, "DATE", 10, 0, DatabaseMetaData.columnNullable),
                Arrays.asList("tm", Types.TIME, "TIME", 12, 3, DatabaseMetaData.columnNullable),
                Arrays.asList("ts", Types.TIMESTAMP, "TIMESTAMP", 26, 6, DatabaseMetaData.columnNullable),
                Arrays.asList("ts3", Types.TIMESTAMP, "TIMESTAMP", 23, 3, DatabaseMetaData.columnNullable),
                Arrays.asList("tz", Types.TIMESTAMP_WITH_TIMEZONE, "TIMESTAMP WITH TIME ZONE", 26, 6, DatabaseMetaData.columnNullable),
                Arrays.asList("g", Types.VARBINARY, "GEOMETRY", 65536, null, DatabaseMetaData.columnNullable),
                Arrays.asList("l", Types.ARRAY, "INTEGER[]", null, null, DatabaseMetaData.columnNullable),
                Arrays.asList("j", Types.VARCHAR, "VARCHAR", 65536, null, DatabaseMetaData.columnNullable)));
            String insert = "INSERT INTO " + SCHEMA + ".declared VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                List<Integer> kinds = new ArrayList<>();
                for (int index = 1; index <= statement.getParameterMetaData().getParameterCount(); index++) {
                    kinds.add(statement.getParameterMetaData().getParameterType(index));
                }
                // A list is bound as a text.
                expectEqual(kinds, List.of(Types.BOOLEAN, Types.SMALLINT, Types.BIGINT, Types.FLOAT, Types.DECIMAL, Types.VARCHAR, Types.VARCHAR,
                    Types.VARBINARY, Types.DATE, Types.TIME, Types.TIMESTAMP, Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE, Types.VARBINARY,
                    Types.VARCHAR, Types.VARCHAR));
                statement.setBoolean(1, true);
                for (int index = 2; index <= kinds.size(); index++) {
                    statement.setNull(index, Types.NULL);
                }
                expectEqual(statement.executeUpdate(), 1);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT n AS \"A Label\", t, b FROM " + SCHEMA + ".declared")) {
                ResultSetMetaData shape = result.getMetaData();
                expectEqual(List.of(shape.getColumnLabel(1), shape.getColumnName(1), shape.getPrecision(1), shape.getScale(1)), List.of("A Label", "A Label", 10, 2));
                expectEqual(List.of(shape.isCaseSensitive(2), shape.isCaseSensitive(3), shape.isAutoIncrement(3)), List.of(true, false, false));
            }
        }
    }

    static void limits() throws Exception {
        String endless = "SELECT count(*) FROM generate_series(1, 1000000) a(x), generate_series(1, 100000) b(y) WHERE x * y = 7";
        try (Connection connection = connect(""); Statement statement = connection.createStatement()) {
            statement.setMaxRows(5);
            statement.setFetchSize(2);
            expectEqual(rows(statement.executeQuery("SELECT value FROM generate_series(1, 100)")).size(), 5);
            statement.setMaxRows(0);
            expectEqual(rows(statement.executeQuery("SELECT value FROM generate_series(1, 100)")).size(), 100);
            statement.setQueryTimeout(1);
            refused(statement, endless);
        }
        try (Connection connection = connect("&query_timeout=1"); Statement statement = connection.createStatement()) {
            refused(statement, endless);
        }
    }

    /** Expects that a query does not end by itself. */
    static void refused(Statement statement, String sql) {
        long started = System.nanoTime();
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
        } catch (SQLException error) {
            expect(System.nanoTime() - started < 20e9, "the limit is one second");
            return;
        }
        throw new AssertionError("no error for " + sql);
    }

    static void results() throws Exception {
        String name = SCHEMA + ".results";
        try (Connection connection = connect(""); Statement statement = connection.createStatement()) {
            expect(!statement.execute("CREATE TABLE " + name + " (a INT, b VARCHAR)"), "a definition has rows");
            expect(!statement.execute("INSERT INTO " + name + " VALUES (1, 'a'), (2, 'b')"), "an insertion has rows");
            expectEqual(statement.getUpdateCount(), 2);
            expect(!statement.getMoreResults() && statement.getUpdateCount() == -1, "there are more results");
            expect(statement.execute("SELECT 1;"), "a query has no rows");
            expectEqual(statement.getUpdateCount(), -1);
            expectEqual(statement.executeLargeUpdate("UPDATE " + name + " SET b = 'z'"), 2L);
            expect(statement.execute("INSERT INTO " + name + " VALUES (3, 'c') RETURNING a"), "RETURNING has no rows");
            expectEqual(rows(statement.getResultSet()), List.of(List.of(3)));
            for (String sql : List.of("EXPLAIN SELECT 1", "SHOW TABLES", "DESCRIBE " + name, "VALUES (1)", "(SELECT 1)", "TABLE " + name)) {
                expect(statement.execute(sql), sql);
            }
            for (String sql : List.of("SET timezone = 'UTC'", "USE " + SCHEMA)) {
                expect(!statement.execute(sql), sql);
            }
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + name + " VALUES (77, 'n')")) {
                expectEqual(insert.executeUpdate(), 1);
                expectEqual(insert.executeUpdate(), 1);
            }
            expectEqual(rows(connection, "SELECT count(*) FROM results WHERE a = 77"), List.of(List.of(2L)));
        }
    }
}
