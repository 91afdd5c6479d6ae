package faults

import (
	"database/sql"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// cutDatabase ends the server's side of every connection to the site's PostgreSQL database.
func (s *site) cutDatabase() {
	s.t.Helper()
	db, err := sql.Open("pgx", s.database.DatabaseURL)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(s.t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		s.t.Fatal(err)
	}
}
