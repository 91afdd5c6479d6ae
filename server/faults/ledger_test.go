package faults

import (
	"fmt"
	"sync"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
)

// ledger holds what the site acknowledged.
type ledger struct {
	mu       sync.Mutex
	messages map[string]int64 // text, unique to its message, and the number it was acknowledged with
	comments map[consult.ID]string
	entered  chan struct{}
}

func newLedger() *ledger {
	return &ledger{messages: map[string]int64{}, comments: map[consult.ID]string{}, entered: make(chan struct{}, 1)}
}

func (l *ledger) message(text string, seq int64) {
	l.mu.Lock()
	l.messages[text] = seq
	l.mu.Unlock()
	l.ring()
}

func (l *ledger) comment(id consult.ID, words string) {
	l.mu.Lock()
	l.comments[id] = words
	l.mu.Unlock()
	l.ring()
}

func (l *ledger) ring() {
	select {
	case l.entered <- struct{}{}:
	default:
	}
}

// size is how much was acknowledged.
func (l *ledger) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.messages) + len(l.comments)
}

// balance is the outcome of comparing the books.
type balance struct {
	acknowledged, kept              int
	missing, duplicated, outOfOrder int
	readers                         int
	details                         []string
}

func (b *balance) miss(format string, args ...any) {
	b.missing++
	b.details = append(b.details, "missing: "+fmt.Sprintf(format, args...))
}

func (b *balance) double(format string, args ...any) {
	b.duplicated++
	b.details = append(b.details, "duplicated: "+fmt.Sprintf(format, args...))
}

func (b *balance) disorder(format string, args ...any) {
	b.outOfOrder++
	b.details = append(b.details, "out of order: "+fmt.Sprintf(format, args...))
}

func (b *balance) String() string {
	return fmt.Sprintf("ledger: %d acknowledged, %d kept, %d readers: missing=%d duplicated=%d out-of-order=%d",
		b.acknowledged, b.kept, b.readers, b.missing, b.duplicated, b.outOfOrder)
}

// settle compares what was acknowledged with the database and with what every reader saw, prints the balance, and fails the test
// unless it is clean.
func (l *ledger) settle(t testing.TB, s *site, readers []*reader) {
	t.Helper()
	b := &balance{acknowledged: l.size(), readers: len(readers)}
	s.open(func(kept *store.Store) {
		log := l.auditMessages(t, s, kept, b)
		l.auditComments(t, s, kept, b)
		for _, r := range readers {
			r.reach(int64(len(log)))
			r.audit(log, b)
		}
		if check, err := kept.AuditVerify(t.Context()); err != nil || check.FirstBad != 0 {
			t.Errorf("audit chain: %+v, %v", check, err)
		}
	})
	t.Log(b)
	if b.missing+b.duplicated+b.outOfOrder > 0 {
		t.Errorf("the books do not balance: %q", b.details[:min(20, len(b.details))])
	}
}

// auditMessages reads the thread's log and gives its texts in their order.
func (l *ledger) auditMessages(t testing.TB, s *site, kept *store.Store, b *balance) (log []string) {
	t.Helper()
	thread, err := kept.Thread(t.Context(), s.thread)
	if err != nil {
		t.Fatal(err)
	}
	events, err := kept.Events(t.Context(), s.thread, 0, thread.Seq)
	if err != nil {
		t.Fatal(err)
	}
	where := map[string][]int64{}
	for i, e := range events {
		if e.Seq != int64(i+1) {
			b.disorder("event %d of the log has number %d", i+1, e.Seq)
		}
		log = append(log, e.Message.Body)
		where[e.Message.Body] = append(where[e.Message.Body], e.Seq)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for text, seq := range l.messages {
		switch at := where[text]; {
		case len(at) == 0:
			b.miss("%q", text)
		case at[0] != seq:
			b.disorder("%q was acknowledged as %d and is %d", text, seq, at[0])
		}
	}
	for text, at := range where {
		if len(at) > 1 {
			b.double("%q at %d", text, at)
		}
	}
	b.kept += len(log)
	return log
}

func (l *ledger) auditComments(t testing.TB, s *site, kept *store.Store, b *balance) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := map[string]int{}
	for id, words := range l.comments {
		seen[words]++
		file, err := kept.CommentFile(t.Context(), id)
		if err != nil || len(file.Original) != 1 || file.Original[0].Text != words {
			b.miss("comment %s %q: %v", id, words, err)
		}
	}
	for words, n := range seen {
		if n > 1 {
			b.double("comment %q %d times", words, n)
		}
	}
	tally, err := kept.Tally(t.Context(), s.subject)
	if err != nil {
		t.Fatal(err)
	}
	// Nobody stops before the outcome of a comment is known, so there is none that nobody knows of.
	if tally.Comments != len(l.comments) {
		b.double("%d comments are kept, %d were acknowledged", tally.Comments, len(l.comments))
	}
	b.kept += tally.Comments
}

// audit compares what a reader saw with the log.
func (r *reader) audit(log []string, b *balance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.faults {
		b.disorder("%s: %s", r.name, f)
	}
	for i, text := range log {
		if got, seen := r.texts[int64(i+1)]; !seen {
			b.miss("%s did not see event %d", r.name, i+1)
		} else if got != text {
			b.disorder("%s saw %q as event %d, which is %q", r.name, got, i+1, text)
		}
	}
	if len(r.texts) > len(log) {
		b.double("%s saw %d events of %d", r.name, len(r.texts), len(log))
	}
}
