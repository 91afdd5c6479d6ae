package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var errScheme = errors.New("the database URL must begin with postgres://")

// newerSchema is why an old program does not open a database.
type newerSchema struct{ schema, known int64 }

func (e newerSchema) Error() string {
	return "the database was made by a newer version of this program (schema " + strconv.FormatInt(e.schema, 10) +
		", this program knows " + strconv.FormatInt(e.known, 10) + "); run that version, or restore a backup"
}

// migrateWithin is how long a node waits for another one that is migrating.
const migrateWithin = 30 * time.Second

// migrate brings the schema up to date. Every migration is one transaction, so a killed one leaves nothing behind and the next
// start does it again. Where two processes start together on SQLite the second finds its first statement already done and
// looks again.
func migrate(ctx context.Context, d dialect) error {
	ctx, cancel := context.WithTimeout(ctx, migrateWithin)
	defer cancel()
	for last := int64(-1); ; {
		version, err := up(ctx, d)
		if err == nil || errors.As(err, &newerSchema{}) {
			return err
		}
		if kindOf(err) != consult.Unavailable && version == last || ctx.Err() != nil {
			return err
		}
		last = version
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// up runs what is missing and returns the version it found at the start.
func up(ctx context.Context, d dialect) (version int64, err error) {
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return 0, err
	}
	if current > newest {
		return current, newerSchema{current, newest}
	}
	_, err = p.Up(ctx)
	return current, err
}
