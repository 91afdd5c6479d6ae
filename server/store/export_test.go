package store

import (
	"context"
	"database/sql"
	"errors"
)

// Writer is the writing pool, to look behind the contract.
func (s *Store) Writer() *sql.DB { return s.dialect.write }

// IntegrityCheck asks the database to check itself; "" where it offers nothing.
func (s *Store) IntegrityCheck() string { return s.integrity }

// MigrateOn brings a database up to date through another pool.
func MigrateOn(ctx context.Context, c Config, db *sql.DB) error {
	d, err := open(c)
	if err != nil {
		return err
	}
	d.write = db
	return migrate(ctx, d)
}

// SQLiteURL is how the embedded database of a folder is opened for writing.
var SQLiteURL = sqliteURL

// SQLiteFile is its name in the folder.
const SQLiteFile = sqliteFile

// MigrateTo brings an empty database to an earlier version of the schema.
func MigrateTo(ctx context.Context, c Config, version int64) error {
	d, err := open(c)
	if err != nil {
		return err
	}
	p, err := d.provider()
	if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	return errors.Join(err, d.write.Close(), d.read.Close())
}
