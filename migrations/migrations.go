// Package migrations holds the schema of both databases as numbered SQL files in goose's format: the same numbers and
// names in both folders, the same tables and columns. They only go forward, and a file never changes once released.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// SQLite is the folder of SQLite's migrations.
func SQLite() fs.FS { return folder("sqlite") }

// PostgreSQL is the folder of PostgreSQL's migrations.
func PostgreSQL() fs.FS { return folder("postgres") }

func folder(name string) fs.FS {
	f, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the names above are embedded
	}
	return f
}
