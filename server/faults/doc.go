// Package faults breaks a running site on purpose and keeps the books. Real yousaid programs run as child processes on a real
// database and Redis; residents write over HTTP and readers follow over sockets; the ledger compares what was acknowledged with
// what the database holds and with what every reader saw: missing = 0, duplicated = 0, out of order = 0.
//
// There are only tests here. The short forms run with every `go test`; the long ones, which kill hundreds of times and run for
// minutes, are built with the tag "soak" and run by `make soak`.
//
//	site_test.go      the programs: building, starting, killing, what they stand on
//	resident_test.go  who writes: tries again with the same key until the outcome is known
//	reader_test.go    who reads: comes back after every loss with what it saw last
//	ledger_test.go    the books
//	run_test.go       writers and readers at work while something is broken
//	short_test.go, soak_test.go  the rows
package faults
