package demo_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/demo"
	"github.com/yousaid/yousaid/server/store"
)

// Any day of any year, at any hour, gives a whole demo whose past is past: weekends, bank holidays, clock changes.
func TestAnyDayWillDo(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), // clocks go forward at 01:00
		time.Date(2026, 12, 27, 0, 0, 1, 0, time.UTC), // a Sunday between bank holidays, just begun
	} {
		l := load(t, now)
		if l.result.Comments < 60 || l.result.Threads < 20 || l.result.Messages < 90 {
			t.Errorf("%v: %+v", now, l.result)
		}
		rows, err := l.store.AuditRows(t.Context(), 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			if r.At.After(now) || i > 0 && r.At.Before(rows[i-1].At) {
				t.Fatalf("%v: the log goes to %v after %v", now, r.At, rows[max(i-1, 0)].At)
			}
		}
	}
}

// Loading twice, or beside what people have said, is refused in a sentence; nothing is touched.
func (l loaded) emptyStoresOnly(t *testing.T) {
	l.t = t
	_, err := demo.Load(t.Context(), l.store, consult.England(), noon)
	if consult.KindOf(err) != consult.Conflict || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("%v", err)
	}
	if n := len(l.cases()); n != 8 {
		t.Errorf("%d applications", n)
	}
	if whole, err := demo.Loaded(t.Context(), l.store); err != nil || !whole {
		t.Errorf("loaded %v, %v", whole, err)
	}
	if whole, err := demo.Loaded(t.Context(), empty(t)); err != nil || whole {
		t.Errorf("an empty store: loaded %v, %v", whole, err)
	}
}

// What was broken off is not taken for the whole demo, whether applications are missing or only their last days.
func TestBrokenOffIsNotLoaded(t *testing.T) {
	for _, at := range []int{20, 65} {
		s := empty(t)
		_, err := demo.Load(t.Context(), &breaking{Store: s, at: at}, consult.England(), noon)
		if !errors.Is(err, errBroken) {
			t.Fatalf("%v", err)
		}
		if whole, err := demo.Loaded(t.Context(), s); err != nil || whole {
			t.Errorf("broken off at comment %d: loaded %v, %v", at, whole, err)
		}
	}
}

var errBroken = errors.New("the database went away")

// breaking is a real store that fails at one of the comments.
type breaking struct {
	*store.Store
	at, comments int
}

func (b *breaking) SaveComment(ctx context.Context, c consult.Comment, original []consult.CommentPoint, contact consult.Contact, draft string, ch consult.Change) error {
	if b.comments++; b.comments == b.at {
		return errBroken
	}
	return b.Store.SaveComment(ctx, c, original, contact, draft, ch)
}

// The words themselves: nothing in them points at a real address, site, telephone number or postcode.
func TestContentIsInvented(t *testing.T) {
	files, err := filepath.Glob("content/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range outside(string(raw)) {
			t.Errorf("%s: %s", filepath.Base(f), bad)
		}
	}
}
