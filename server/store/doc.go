// Package store keeps everything in SQL: SQLite, embedded, or PostgreSQL. It implements consult.Store and decides nothing.
//
// Every query is one text for both databases, with $1, $2, …; dialect.go is the only place that knows which one it is, and
// error.go the only one that reads their errors. Files are named as in consult. An exported method opens and closes its
// transaction; unexported functions run SQL on it.
//
//	store.go     opening, pools, reading
//	change.go    the one way to write: key, rows, events, mails, audit row, commit
//	query.go     statements with checked arguments, rows into values
//
// What columns hold: moments are UTC microseconds since 1970 and the zero time is 0; days are text and "" is no day; ids are
// 63-bit integers and 0 is none; lists of codes are text with commas; texts are valid UTF-8 without NUL, or the write is
// refused as Invalid.
//
// Readers of published things never name the tables original, original_point, contact, draft, applicant, follow, delivery
// and equality; a test holds the files apart.
package store
