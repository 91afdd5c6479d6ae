package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/consult"
)

// runner is what a pool and a transaction have in common.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// conn runs statements for one call: on a pool, where each finds its own connection, or on a transaction.
type conn struct {
	run  runner
	ctx  context.Context
	wait time.Duration // for one statement; 0 = as long as the caller's context allows, for exports
}

func (c *conn) bounded() (context.Context, context.CancelFunc) {
	if c.wait == 0 {
		return c.ctx, func() {}
	}
	return context.WithTimeout(c.ctx, c.wait)
}

// exec runs a statement and counts the rows it touched.
func (c *conn) exec(query string, args ...any) (int64, error) {
	args, err := plain(args)
	if err != nil {
		return 0, err
	}
	ctx, cancel := c.bounded()
	defer cancel()
	result, err := c.run.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row is one result row to read from.
type row interface {
	Scan(dest ...any) error
}

// each runs a query and hands over its rows one by one. On a pool, where a connection may have died since it was last used, it
// tries further ones until it has seen a row.
func (c *conn) each(read func(row) error, query string, args ...any) error {
	args, err := plain(args)
	if err != nil {
		return err
	}
	ctx, cancel := c.bounded()
	defer cancel()
	for n := 0; ; n++ {
		seen := false
		err := c.rows(ctx, func(r row) error {
			seen = true
			return read(r)
		}, query, args)
		if _, pool := c.run.(*sql.DB); !pool || seen || !lost(err) || n == readers {
			return err
		}
	}
}

func (c *conn) rows(ctx context.Context, read func(row) error, query string, args []any) (err error) {
	rows, err := c.run.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// list collects all rows of a query.
func list[T any](c *conn, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	var found []T
	err := c.each(func(r row) error {
		v, err := scan(r)
		found = append(found, v)
		return err
	}, query, args...)
	return found, err
}

// one reads the only row of a query; sql.ErrNoRows when there is none.
func one[T any](c *conn, scan func(row) (T, error), query string, args ...any) (T, error) {
	found, err := list(c, scan, query, args...)
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		var none T
		return none, err
	}
	return found[0], nil
}

// number scans a single integer column.
func number(r row) (n int64, err error) { return n, r.Scan(&n) }

// id scans a single column of ids.
func id(r row) (n consult.ID, err error) { return n, r.Scan(&n) }

// text builds a query from fixed fragments: every ? becomes the next $n. Values only ever travel as arguments.
type text struct {
	b     strings.Builder
	marks int
	args  []any
}

func (t *text) add(fragment string, args ...any) {
	for i, part := range strings.Split(fragment, "?") {
		if i > 0 {
			t.marks++
			t.b.WriteString("$" + strconv.Itoa(t.marks))
		}
		t.b.WriteString(part)
	}
	t.args = append(t.args, args...)
}

func (t *text) String() string { return t.b.String() }

// in adds a list of values in brackets; an empty one matches nothing.
func in[T any](t *text, values []T) {
	if len(values) == 0 {
		t.add("(NULL)")
		return
	}
	t.add("(" + strings.Repeat("?, ", len(values)-1) + "?)")
	for _, v := range values {
		t.args = append(t.args, v)
	}
}

// maxArguments keeps statements of many values quick: the SQLite driver looks for each argument among all.
const maxArguments = 500

// insert adds many rows with few statements. into is fixed text, "INSERT INTO t (a, b)"; after may hold ON CONFLICT. Conflict when
// a row was passed over.
func (c *conn) insert(into string, rows [][]any, after string) error {
	for len(rows) > 0 {
		n := min(len(rows), max(1, maxArguments/len(rows[0])))
		var q text
		marks := "(" + strings.Repeat("?, ", len(rows[0])-1) + "?)"
		q.add(into + " VALUES " + strings.Repeat(marks+", ", n-1) + marks + " " + after)
		for _, r := range rows[:n] {
			q.args = append(q.args, r...)
		}
		touched, err := c.exec(q.String(), q.args...)
		if err != nil {
			return err
		}
		if touched != int64(n) {
			return fail(consult.Conflict, "", errors.New("a row belongs to another record"))
		}
		rows = rows[n:]
	}
	return nil
}

// plain turns arguments into what both drivers take, and refuses text that only one of them would.
func plain(args []any) ([]any, error) {
	out := make([]any, len(args))
	for i, a := range args {
		if t, ok := a.(time.Time); ok {
			out[i] = micros(t)
			continue
		}
		switch v := reflect.ValueOf(a); v.Kind() {
		case reflect.String:
			s := v.String()
			if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
				return nil, errText
			}
			out[i] = s
		case reflect.Int, reflect.Int64, reflect.Int32:
			out[i] = v.Int()
		case reflect.Slice: // JSON
			s := string(v.Bytes())
			if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
				return nil, errText
			}
			out[i] = s
		default:
			out[i] = a
		}
	}
	return out, nil
}

// micros is how moments are kept; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment reads a kept moment into t.
func moment(t *time.Time) sql.Scanner { return scanMoment{t} }

type scanMoment struct{ t *time.Time }

func (m scanMoment) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return errors.New("a moment is kept as an integer")
	}
	*m.t = time.Time{}
	if n != 0 {
		*m.t = time.UnixMicro(n).UTC()
	}
	return nil
}

// raw reads JSON kept as text; "" is nil.
func raw(j *json.RawMessage) sql.Scanner { return scanRaw{j} }

type scanRaw struct{ j *json.RawMessage }

func (r scanRaw) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("JSON is kept as text")
	}
	*r.j = nil
	if s != "" {
		*r.j = json.RawMessage(s)
	}
	return nil
}

// codes reads a list kept with commas; "" is nil.
func codes[T ~string](l *[]T) sql.Scanner { return scanCodes[T]{l} }

type scanCodes[T ~string] struct{ list *[]T }

func (c scanCodes[T]) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("a list of codes is kept as text")
	}
	*c.list = nil
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' }) {
		*c.list = append(*c.list, T(part))
	}
	return nil
}

// joined is how a list of codes is kept.
func joined[T ~string](l []T) string {
	parts := make([]string, len(l))
	for i, v := range l {
		parts[i] = string(v)
	}
	return strings.Join(parts, ",")
}
