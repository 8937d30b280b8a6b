package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/apache/arrow-adbc/go/adbc"
	"github.com/apache/arrow-adbc/go/adbc/driver/flightsql"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// secure checks TLS, client certificates and grants: the arguments are the address and the PEM files
// of the authority, of a client's certificate and of its key.
func secure(url, authority, certificate, key string) error {
	trusting := map[string]string{adbc.OptionKeyURI: url, flightsql.OptionSSLRootCerts: read(authority)}
	token := func(token string) map[string]string {
		return with(trusting, flightsql.OptionAuthorizationHeader, "Bearer "+token)
	}
	own := with(trusting, flightsql.OptionMTLSCertChain, read(certificate))
	own = with(own, flightsql.OptionMTLSPrivateKey, read(key))
	password := with(with(trusting, adbc.OptionKeyUsername, "eve"), adbc.OptionKeyPassword, "eve-token")
	for _, sql := range []string{
		"CREATE SCHEMA maps",
		"CREATE SCHEMA secret",
		"CREATE TABLE maps.roads AS SELECT 1 AS id",
		"CREATE TABLE secret.codes AS SELECT 42 AS code",
	} {
		if _, err := text(token("root-token"), sql); err != nil {
			return err
		}
	}
	user := "SELECT current_user"
	for _, known := range []struct {
		options map[string]string
		name    string
	}{
		{token("root-token"), "root"},
		{token("eve-token"), "eve"},
		{password, "eve"},
		{own, "spiffe://example.org/loader"},
	} {
		if found, err := text(known.options, user); err != nil || found != known.name {
			return fmt.Errorf("found %q, wanted %q: %w", found, known.name, err)
		}
	}
	for _, refused := range []struct {
		options map[string]string
		sql     string
		words   string
	}{
		{trusting, user, "credentials are missing"},
		{token("nobody-token"), user, "not valid"},
		{map[string]string{adbc.OptionKeyURI: url}, user, ""},
		{token("eve-token"), "SELECT code FROM secret.codes", "does not exist"},
		{token("eve-token"), "DROP TABLE maps.roads", "no grant of DROP"},
	} {
		found, err := text(refused.options, refused.sql)
		if err == nil || !strings.Contains(err.Error(), refused.words) {
			return fmt.Errorf("%s: found %q, %v, wanted %q", refused.sql, found, err, refused.words)
		}
	}
	return nil
}

func with(options map[string]string, name, value string) map[string]string {
	changed := map[string]string{name: value}
	for key, old := range options {
		changed[key] = old
	}
	return changed
}

func read(path string) string {
	content, err := os.ReadFile(path)
	exitOn(err)
	return string(content)
}

// text runs a statement on a connection of its own, and returns the first value if it is a text.
func text(options map[string]string, sql string) (string, error) {
	database, err := flightsql.NewDriver(memory.DefaultAllocator).NewDatabase(options)
	if err != nil {
		return "", err
	}
	defer database.Close()
	connection, err := database.Open(background)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	statement, err := connection.NewStatement()
	if err != nil {
		return "", err
	}
	defer statement.Close()
	if err := statement.SetSqlQuery(sql); err != nil {
		return "", err
	}
	reader, _, err := statement.ExecuteQuery(background)
	if err != nil {
		return "", err
	}
	defer reader.Release()
	if !reader.Next() {
		return "", reader.Err()
	}
	if column, is := reader.Record().Column(0).(*array.String); is {
		return column.Value(0), nil
	}
	return "", nil
}
