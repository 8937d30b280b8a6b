// Connects with the Arrow Flight SQL JDBC driver to a server with TLS, client certificates, an issuer
// of tokens and a role with grants.
//
// usage: java --add-opens=java.base/java.nio=ALL-UNNAMED -cp flight-sql-jdbc-driver.jar \
//            SecuritySuite.java grpc+tls://HOST:PORT AUTHORITY.pem CLIENT.pem CLIENT.key ISSUER
//
// ISSUER is the URL of the issuer that the server knows; the suite listens there.
// Prints one line per case, then "N passed, N failed, N skipped"; exits with 1 when a case failed.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

public class SecuritySuite {
    interface Case {
        void run() throws Exception;
    }

    /** Thrown by a case that this driver cannot run. */
    static class Skip extends RuntimeException {
        Skip(String reason) {
            super(reason);
        }
    }

    static final Map<String, Case> CASES = new LinkedHashMap<>();
    static String address;
    static String trusted;
    static String own;
    static Issuer issuer;

    public static void main(String[] arguments) throws Exception {
        address = arguments[0].replace("grpc+tls://", "");
        trusted = "&tlsRootCerts=" + arguments[1];
        own = "&clientCertificate=" + arguments[2] + "&clientKey=" + arguments[3];
        issuer = new Issuer(arguments[4]);
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
        int skipped = 0;
        for (Map.Entry<String, Case> entry : CASES.entrySet()) {
            try {
                entry.getValue().run();
                System.out.println("passed  " + entry.getKey());
            } catch (Skip reason) {
                skipped++;
                System.out.println("skipped " + entry.getKey() + ": " + reason.getMessage());
            } catch (Throwable error) {
                failed++;
                System.out.println("FAILED  " + entry.getKey());
                error.printStackTrace(System.out);
            }
        }
        int passed = CASES.size() - failed - skipped;
        System.out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
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
        CASES.put("a token of an issuer opens an encrypted connection", () -> {
            String token = issuer.granted("loader", "loader-secret");
            expectEqual(user(trusted + "&token=" + token), "loader-app");
            try (Connection loader = connect(trusted + "&token=" + token)) {
                expectEqual(value(loader, "SELECT id FROM maps.roads"), "1");
                expectError(() -> value(loader, "SELECT code FROM secret.codes"), "does not exist");
            }
            String other = issuer.token("another", 300);
            expectError(() -> user(trusted + "&token=" + other), "another audience");
            expectError(() -> user(trusted + "&token=" + issuer.token("godwit", -300)), "expired");
            String forged = token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
            expectError(() -> user(trusted + "&token=" + forged), "no key of its issuer has signed it");
        });
        CASES.put("the driver asks the issuer for a token", () -> {
            try {
                Class.forName("org.apache.arrow.driver.jdbc.client.oauth.OAuthConfiguration");
            } catch (ClassNotFoundException missing) {
                throw new Skip("this version of the driver has no OAuth");
            }
            String address = URLEncoder.encode(issuer.url + "/token", StandardCharsets.UTF_8);
            String flow = trusted + "&oauth.flow=client_credentials&oauth.tokenUri=" + address;
            String client = flow + "&oauth.clientId=loader&oauth.clientSecret=";
            expectEqual(user(client + "loader-secret"), "loader-app");
            expectError(() -> user(client + "wrong"), "");
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

    /** An issuer of tokens: what it is, its key, and a token for a client that knows the secret. */
    static class Issuer {
        final String url;
        final KeyPair keys;

        Issuer(String url) throws Exception {
            this.url = url;
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", URI.create(url).getPort()), 0);
            String about = "{\"issuer\": \"" + url + "\", \"jwks_uri\": \"" + url + "/keys\"}";
            server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, 200, about));
            server.createContext("/keys", exchange -> answer(exchange, 200, shown()));
            server.createContext("/token", this::grant);
            server.setExecutor(task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                thread.start();
            });
            server.start();
        }

        /** Answers a request by client credentials (RFC 6749, section 4.4). */
        void grant(HttpExchange exchange) throws IOException {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String credentials = exchange.getRequestHeaders().getFirst("Authorization");
            boolean isKnown = basic("loader", "loader-secret").equals(credentials);
            if (!isKnown || !body.contains("grant_type=client_credentials")) {
                answer(exchange, 401, "{\"error\": \"invalid_client\"}");
                return;
            }
            String token = "{\"access_token\": \"" + token("godwit", 300) + "\", \"token_type\": \"Bearer\", \"expires_in\": 300}";
            answer(exchange, 200, token);
        }

        /** Returns a token as a program gets it that asks for one itself. */
        String granted(String client, String secret) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/token"))
                .header("Authorization", basic(client, secret))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
            String answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
            return answer.split("\"access_token\": \"")[1].split("\"")[0];
        }

        String token(String audience, int seconds) {
            long expires = System.currentTimeMillis() / 1000 + seconds;
            String head = "{\"alg\": \"RS256\", \"kid\": \"suite\", \"typ\": \"JWT\"}";
            String claims = "{\"iss\": \"" + url + "\", \"aud\": \"" + audience + "\", \"sub\": \"loader-app\", \"exp\": "
                + expires + ", \"roles\": [\"gis\"]}";
            String signed = encoded(head.getBytes(StandardCharsets.UTF_8)) + "." + encoded(claims.getBytes(StandardCharsets.UTF_8));
            try {
                Signature signature = Signature.getInstance("SHA256withRSA");
                signature.initSign(keys.getPrivate());
                signature.update(signed.getBytes(StandardCharsets.UTF_8));
                return signed + "." + encoded(signature.sign());
            } catch (java.security.GeneralSecurityException error) {
                throw new IllegalStateException(error);
            }
        }

        String shown() {
            RSAPublicKey key = (RSAPublicKey) keys.getPublic();
            return "{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"suite\", \"use\": \"sig\", \"n\": \"" + number(key.getModulus())
                + "\", \"e\": \"" + number(key.getPublicExponent()) + "\"}]}";
        }

        static String basic(String name, String secret) {
            byte[] pair = (name + ":" + secret).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        static String number(BigInteger value) {
            byte[] bytes = value.toByteArray();
            return encoded(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
        }

        static String encoded(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        static void answer(HttpExchange exchange, int status, String text) throws IOException {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }
    }
}
