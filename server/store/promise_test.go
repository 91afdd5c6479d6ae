package store_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/migrations"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
)

// promiseVersion is the number of the migration that brought the promises' events.
func promiseVersion(t *testing.T) int64 {
	t.Helper()
	names, err := fs.Glob(migrations.SQLite(), "*_promise.sql")
	if err != nil || len(names) != 1 {
		t.Fatalf("migrations of promises: %v, %v", names, err)
	}
	number, _, _ := strings.Cut(names[0], "_")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWhatWasPromisedBeforeHasItsEvents migrates a database of before: each point of a comment and each waiting question gets the
// events that lead to what was kept, and nothing that is due moves.
func TestWhatWasPromisedBeforeHasItsEvents(t *testing.T) {
	for name, c := range empties(t) {
		t.Run(name, func(t *testing.T) {
			if err := store.MigrateTo(t.Context(), c, promiseVersion(t)-1); err != nil {
				t.Fatal(err)
			}
			asked := time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC)
			due := consult.England().Promise(asked, 3).UTC()
			answered := asked.Add(26 * time.Hour)
			db := rawPool(t, c)
			before(t, db, asked, due, answered)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			s := opened(t, c)
			stands := func(source consult.ID, topic consult.Topic) consult.Promise {
				t.Helper()
				ref := consult.PointRef{Source: source, Topic: topic}
				logs, err := s.PromiseLogs(t.Context(), source)
				if err != nil {
					t.Fatal(err)
				}
				return consult.PromiseOf(logs[ref], consult.TermsOf(logs[ref]), consult.England(), asked)
			}
			for _, want := range []struct {
				source             consult.ID
				topic              consult.Topic
				state              consult.PromiseState
				firstDue, answered time.Time
			}{
				{11, "light", consult.PointOpen, due, time.Time{}}, {11, "traffic", consult.PointOpen, due, time.Time{}},
				{12, "light", consult.PointAnswered, due, answered}, {13, "light", consult.PointClosed, due, time.Time{}},
				{14, "light", "", time.Time{}, time.Time{}}, // imported: nothing was promised
				{22, "", consult.PointOpen, due, time.Time{}},
			} {
				p := stands(want.source, want.topic)
				if p.State != want.state || !p.FirstDue.Equal(want.firstDue) || !p.FirstAt.Equal(want.answered) {
					t.Errorf("%d %s: %s, due %v, answered %v; want %+v", want.source, want.topic, p.State, p.FirstDue, p.FirstAt, want)
				}
			}
			page, err := s.Inbox(t.Context(), consult.InboxQuery{InboxFilter: consult.InboxFilter{View: consult.InboxUnanswered}, Limit: 10})
			if err != nil || len(page.Items) != 2 || !page.Items[0].Due.Equal(due) || !page.Items[1].Due.Equal(due) {
				t.Errorf("the inbox: %v, %+v", err, page.Items)
			}
			rows := 0
			if err := s.EachPromiseRow(t.Context(), 1, func(consult.PromiseRow) error { rows++; return nil }); err != nil || rows != 4 {
				t.Errorf("the record has %d points, %v; want 4", rows, err)
			}
			m := consult.Message{ID: 23, Thread: 21, Author: consult.ByOfficer, Body: "In May.", State: consult.MessageVisible, CreatedAt: answered}
			posted, err := s.PostMessage(t.Context(), m, consult.Change{At: answered})
			if err != nil || !posted.Thread.WaitingSince.IsZero() || stands(22, "").State != consult.PointAnswered {
				t.Errorf("answered after the migration: %v, %+v", err, posted.Thread)
			}
		})
	}
}

// before fills a database as it was: comments that wait, that were answered, withdrawn and imported, and a thread with a question.
func before(t *testing.T, db *sql.DB, asked, due, answered time.Time) {
	t.Helper()
	row := func(table string, values map[string]any) {
		t.Helper()
		var names, marks []string
		var args []any
		for name, v := range values {
			if at, ok := v.(time.Time); ok {
				v = int64(0)
				if !at.IsZero() {
					v = at.UnixMicro()
				}
			}
			names, args = append(names, name), append(args, v)
			marks = append(marks, "$"+strconv.Itoa(len(args)))
		}
		if _, err := db.ExecContext(t.Context(), `INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, args...); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
	row("consultation", filled(t, db, "consultation", map[string]any{"id": 1, "state": "consulting", "promise_days": 3, "service": "Planning", "reference": "2099/1/PA"}))
	comment := func(id int, state string, due, answered, withdrawn time.Time, topics ...string) {
		row("comment", filled(t, db, "comment", map[string]any{"id": id, "consultation": 1, "state": state, "received_at": asked, "answer_due": due,
			"answered_at": answered, "withdrawn_at": withdrawn}))
		for i, topic := range topics {
			row("original_point", map[string]any{"comment": id, "position": i, "topic": topic, "text": "x"})
		}
	}
	none := time.Time{}
	comment(11, "received", due, none, none, "light", "traffic")
	comment(12, "published", due, answered, none, "light")
	comment(13, "withdrawn", due, none, answered, "light")
	comment(14, "published", none, none, none, "light")
	row("thread", filled(t, db, "thread", map[string]any{"id": 21, "consultation": 1, "anchor": "consultation", "anchor_id": 1, "seq": 1, "waiting_message": 22,
		"waiting_since": asked, "answer_due": due}))
	row("message", filled(t, db, "message", map[string]any{"id": 22, "thread": 21, "seq": 1, "author": "resident", "body": "When?", "state": "visible",
		"created_at": asked, "answer_due": due}))
}

// filled gives every column of a table that is not named a value of nothing.
func filled(t *testing.T, db *sql.DB, table string, named map[string]any) map[string]any {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err := errors.Join(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	values := map[string]any{}
	for _, c := range types {
		switch c.DatabaseTypeName() {
		case "TEXT":
			values[c.Name()] = ""
		case "BOOL", "BOOLEAN":
			values[c.Name()] = false
		case "REAL", "FLOAT8":
			values[c.Name()] = 0.0
		default:
			values[c.Name()] = 0
		}
	}
	for name, v := range named {
		values[name] = v
	}
	return values
}
