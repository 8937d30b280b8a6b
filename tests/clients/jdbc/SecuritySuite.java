// Connects with the Arrow Flight SQL JDBC driver to a server with TLS, client certificates and a role
// with grants.
//
// usage: java --add-opens=java.base/java.nio=ALL-UNNAMED -cp flight-sql-jdbc-driver.jar \
//            SecuritySuite.java grpc+tls://HOST:PORT AUTHORITY.pem CLIENT.pem CLIENT.key
//
// Prints one line per case, then "N passed, N failed"; exits with 1 when a case failed.

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

public class SecuritySuite {
    interface Case {
        void run() throws Exception;
    }

    static final Map<String, Case> CASES = new LinkedHashMap<>();
    static String address;
    static String trusted;
    static String own;

    public static void main(String[] arguments) throws Exception {
        address = arguments[0].replace("grpc+tls://", "");
        trusted = "&tlsRootCerts=" + arguments[1];
        own = "&clientCertificate=" + arguments[2] + "&clientKey=" + arguments[3];
        try (Connection root = connect(trusted + "&token=root-token")) {
            for (String sql : new String[] {
                "CREATE SCHEMA maps",
                "CREATE SCHEMA secret",
                "CREATE TABLE maps.roads AS SELECT 1 AS id",
                "CREATE TABLE secret.codes AS SELECT 42 AS code",
                "CREATE TABLE inbox AS SELECT 1 AS id",
                "CREATE VIEW maps.shown AS SELECT code FROM secret.codes",
            }) {
                execute(root, sql);
            }
        }
        register();
        int failed = 0;
        for (Map.Entry<String, Case> entry : CASES.entrySet()) {
            try {
                entry.getValue().run();
                System.out.println("passed  " + entry.getKey());
            } catch (Throwable error) {
                failed++;
                System.out.println("FAILED  " + entry.getKey());
                error.printStackTrace(System.out);
            }
        }
        System.out.println((CASES.size() - failed) + " passed, " + failed + " failed");
        System.exit(failed > 0 ? 1 : 0);
    }

    static void register() {
        CASES.put("a token opens an encrypted connection", () -> {
            expectEqual(user(trusted + "&token=eve-token"), "eve");
        });
        CASES.put("a name and a password open an encrypted connection", () -> {
            expectEqual(user(trusted + "&user=eve&password=eve-token"), "eve");
            expectError(() -> user(trusted + "&user=eve&password=wrong"), "not valid");
        });
        CASES.put("a client certificate is enough", () -> {
            expectEqual(user(trusted + own), "spiffe://example.org/loader");
            expectEqual(user(trusted + own + "&token=root-token"), "root");
        });
        CASES.put("nobody is let in without any of them", () -> {
            expectError(() -> user(trusted), "credentials are missing");
        });
        CASES.put("a server that is not trusted is not talked to", () -> {
            expectError(() -> user("&token=eve-token"), "");
            expectEqual(user("&disableCertificateVerification=true&token=eve-token"), "eve");
        });
        CASES.put("only tables with a grant are listed", () -> {
            try (Connection eve = connect(trusted + "&token=eve-token")) {
                Set<String> found = new TreeSet<>();
                String[] types = {"TABLE", "VIEW"};
                try (ResultSet tables = eve.getMetaData().getTables(null, null, "%", types)) {
                    while (tables.next()) {
                        found.add(tables.getString("TABLE_SCHEM") + "." + tables.getString("TABLE_NAME"));
                    }
                }
                expectEqual(found, Set.of("maps.roads", "maps.shown", "public.inbox"));
                try (ResultSet schemas = eve.getMetaData().getSchemas()) {
                    while (schemas.next()) {
                        expectEqual(schemas.getString("TABLE_SCHEM").equals("secret"), false);
                    }
                }
                try (ResultSet columns = eve.getMetaData().getColumns(null, null, "codes", "%")) {
                    expectEqual(columns.next(), false);
                }
            }
        });
        CASES.put("grants decide what can be read and written", () -> {
            try (Connection eve = connect(trusted + "&token=eve-token")) {
                expectEqual(value(eve, "SELECT id FROM maps.roads"), "1");
                expectEqual(value(eve, "SELECT code FROM maps.shown"), "42");
                expectError(() -> value(eve, "SELECT code FROM secret.codes"), "does not exist");
                expectError(() -> value(eve, "SELECT id FROM inbox"), "no grant of SELECT");
                expectError(() -> eve.prepareStatement("SELECT id FROM inbox").executeQuery(), "no grant of SELECT");
                execute(eve, "INSERT INTO inbox VALUES (2)");
                expectError(() -> execute(eve, "DELETE FROM maps.roads"), "no grant of DELETE");
            }
        });
    }

    static Connection connect(String properties) throws SQLException {
        return DriverManager.getConnection("jdbc:arrow-flight-sql://" + address + "/?useEncryption=true" + properties);
    }

    static String user(String properties) throws SQLException {
        try (Connection connection = connect(properties)) {
            return value(connection, "SELECT current_user");
        }
    }

    static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static void expectEqual(Object found, Object wanted) {
        if (!found.equals(wanted)) {
            throw new AssertionError("found " + found + ", wanted " + wanted);
        }
    }

    static void expectError(Case action, String words) throws Exception {
        try {
            action.run();
        } catch (SQLException error) {
            StringBuilder text = new StringBuilder();
            for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                text.append(cause.getMessage()).append('\n');
            }
            if (!text.toString().contains(words)) {
                throw new AssertionError("error does not say \"" + words + "\": " + text, error);
            }
            return;
        }
        throw new AssertionError("no error");
    }
}
