// Runs Godwit's Flight SQL service with the Go ADBC driver.
//
// usage: go run . grpc://HOST:PORT
//
//	go run . grpc+tls://HOST:PORT AUTHORITY.pem CLIENT.pem CLIENT.key
//
// Prints one line per case, then "N passed, N failed"; exits with 1 when a case failed.
package main

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/apache/arrow-adbc/go/adbc"
	"github.com/apache/arrow-adbc/go/adbc/driver/flightsql"
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

var (
	background = context.Background()
	schema     = fmt.Sprintf("go_%d", os.Getpid())
)

type check struct {
	name string
	run  func(adbc.Connection) error
}

var checks = []check{
	{"a query returns its rows", query},
	{"an update counts its rows", update},
	{"many rows of values are one update", bound},
	{"rows are ingested", ingest},
	{"objects are listed", objects},
	{"partitions are read apart", partitions},
	{"a session has options", options},
	{"errors say what is wrong", failures},
}

func main() {
	if len(os.Args) == 5 {
		exitOn(secure(os.Args[1], os.Args[2], os.Args[3], os.Args[4]))
		fmt.Println("passed  TLS, client certificates and grants")
		return
	}
	driver := flightsql.NewDriver(memory.DefaultAllocator)
	database, err := driver.NewDatabase(map[string]string{adbc.OptionKeyURI: os.Args[1]})
	exitOn(err)
	defer database.Close()
	connection, err := database.Open(background)
	exitOn(err)
	defer connection.Close()
	exitOn(execute(connection, "CREATE SCHEMA "+schema, nil, 0))
	passed, failed := 0, 0
	for _, check := range checks {
		if err := check.run(connection); err != nil {
			failed++
			fmt.Printf("FAILED  %s: %v\n", check.name, err)
		} else {
			passed++
			fmt.Printf("passed  %s\n", check.name)
		}
	}
	exitOn(execute(connection, "DROP SCHEMA "+schema+" CASCADE", nil, 0))
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func expect(found, wanted any) error {
	if reflect.DeepEqual(found, wanted) {
		return nil
	}
	return fmt.Errorf("found %v, wanted %v", found, wanted)
}

// execute runs a statement and compares what it counted.
func execute(connection adbc.Connection, sql string, values arrow.Record, wanted int64) error {
	statement, err := connection.NewStatement()
	if err != nil {
		return err
	}
	defer statement.Close()
	if err := statement.SetSqlQuery(sql); err != nil {
		return err
	}
	if values != nil {
		if err := statement.Prepare(background); err != nil {
			return err
		}
		if err := statement.Bind(background, values); err != nil {
			return err
		}
	}
	count, err := statement.ExecuteUpdate(background)
	if err != nil {
		return err
	}
	return expect(count, wanted)
}

// number returns the one number that a query returns.
func number(connection adbc.Connection, sql string) (int64, error) {
	statement, err := connection.NewStatement()
	if err != nil {
		return 0, err
	}
	defer statement.Close()
	if err := statement.SetSqlQuery(sql); err != nil {
		return 0, err
	}
	reader, _, err := statement.ExecuteQuery(background)
	if err != nil {
		return 0, err
	}
	defer reader.Release()
	if !reader.Next() {
		return 0, fmt.Errorf("no rows: %w", reader.Err())
	}
	return reader.Record().Column(0).(*array.Int64).Value(0), nil
}

func numbered(connection adbc.Connection, sql string, wanted int64) error {
	found, err := number(connection, sql)
	if err != nil {
		return err
	}
	return expect(found, wanted)
}

func query(connection adbc.Connection) error {
	return numbered(connection, "SELECT sum(value) FROM generate_series(1, 100000)", 5000050000)
}

func update(connection adbc.Connection) error {
	table := schema + ".counted"
	if err := execute(connection, "CREATE TABLE "+table+" (n BIGINT)", nil, 0); err != nil {
		return err
	}
	if err := execute(connection, "INSERT INTO "+table+" VALUES (1), (2)", nil, 2); err != nil {
		return err
	}
	return execute(connection, "DELETE FROM "+table+" WHERE n = 1", nil, 1)
}

// rows returns three rows of a number and a text.
func rows() arrow.Record {
	fields := []arrow.Field{
		{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "t", Type: arrow.BinaryTypes.String, Nullable: true},
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer builder.Release()
	builder.Field(0).(*array.Int64Builder).AppendValues([]int64{1, 2, 3}, nil)
	builder.Field(1).(*array.StringBuilder).AppendValues([]string{"a", "b", "c"}, []bool{true, true, false})
	return builder.NewRecord()
}

func bound(connection adbc.Connection) error {
	table := schema + ".bound"
	if err := execute(connection, "CREATE TABLE "+table+" (n BIGINT, t VARCHAR)", nil, 0); err != nil {
		return err
	}
	if err := execute(connection, "INSERT INTO "+table+" VALUES (?, ?)", rows(), 3); err != nil {
		return err
	}
	return numbered(connection, "SELECT sum(n) + count(t) FROM "+table, 8)
}

func ingest(connection adbc.Connection) error {
	for _, mode := range []string{adbc.OptionValueIngestModeCreate, adbc.OptionValueIngestModeAppend} {
		statement, err := connection.NewStatement()
		if err != nil {
			return err
		}
		defer statement.Close()
		for key, value := range map[string]string{
			adbc.OptionKeyIngestTargetTable:      "ingested",
			adbc.OptionValueIngestTargetDBSchema: schema,
			adbc.OptionKeyIngestMode:             mode,
		} {
			if err := statement.SetOption(key, value); err != nil {
				return err
			}
		}
		if err := statement.Bind(background, rows()); err != nil {
			return err
		}
		count, err := statement.ExecuteUpdate(background)
		if err != nil {
			return err
		}
		if err := expect(count, int64(3)); err != nil {
			return err
		}
	}
	return numbered(connection, "SELECT count(*) FROM "+schema+".ingested", 6)
}

func objects(connection adbc.Connection) error {
	reader, err := connection.GetObjects(background, adbc.ObjectDepthColumns, nil, &schema, nil, nil, nil)
	if err != nil {
		return err
	}
	defer reader.Release()
	if !reader.Next() {
		return fmt.Errorf("no catalog")
	}
	return expect(reader.Record().Column(0).(*array.String).Value(0), "godwit")
}

func partitions(connection adbc.Connection) error {
	statement, err := connection.NewStatement()
	if err != nil {
		return err
	}
	defer statement.Close()
	if err := statement.SetSqlQuery("SELECT value FROM generate_series(1, 10)"); err != nil {
		return err
	}
	_, parts, _, err := statement.ExecutePartitions(background)
	if err != nil {
		return err
	}
	var count int64
	for _, id := range parts.PartitionIDs {
		reader, err := connection.ReadPartition(background, id)
		if err != nil {
			return err
		}
		for reader.Next() {
			count += reader.Record().NumRows()
		}
		reader.Release()
	}
	return expect(count, int64(10))
}

func options(connection adbc.Connection) error {
	settable, ok := connection.(adbc.GetSetOptions)
	if !ok {
		return fmt.Errorf("the connection has no options")
	}
	if err := settable.SetOption(adbc.OptionKeyCurrentDbSchema, schema); err != nil {
		return err
	}
	defer settable.SetOption(adbc.OptionKeyCurrentDbSchema, "public")
	found, err := settable.GetOption(adbc.OptionKeyCurrentDbSchema)
	if err != nil {
		return err
	}
	return expect(found, schema)
}

func failures(connection adbc.Connection) error {
	_, err := number(connection, "SELECT * FROM no_such_table")
	if err == nil || !strings.Contains(err.Error(), "no_such_table") {
		return fmt.Errorf("the error is %v", err)
	}
	return nil
}
