package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var changeTests = map[string]func(*T){
	"F19 L8: twenty at once with one key are one comment": func(t *T) {
		id := t.saved()
		made := make([]consult.ID, 20)
		errs := parallel(len(made), func(i int) error {
			c := t.aComment(id)
			made[i] = c.ID
			ch := t.change("comment.submit", c.ID)
			ch.Actor, ch.Key, ch.Digest = consult.Actor{Kind: consult.Visitor, ID: 5}, "key", "digest"
			ch.Events = []consult.Event{{Thread: consult.DeskThread, Kind: consult.EventComment, Subject: c.ID, At: t.now}}
			return t.SaveComment(t.ctx, c, words, resident, "", ch)
		})
		same(t, "first requests", count(errs, nil), 1)
		var winner consult.ID
		for i, err := range errs {
			if err == nil {
				winner = made[i]
			}
		}
		for _, err := range errs {
			var again *consult.Repeat
			if err != nil && (!errors.As(err, &again) || again.Result != winner) {
				t.Errorf("got %v, want a repeat of %v", err, winner)
			}
		}
		same(t, "comments", got(t.Tally(t.ctx, id))(t).Comments, 1)
		same(t, "events", got(t.Thread(t.ctx, consult.DeskThread))(t).Seq, int64(1))
		same(t, "found by key", got(t.Repeated(t.ctx, consult.Actor{Kind: consult.Visitor, ID: 5}, "key"))(t), winner)
	},
	"F19 L8: the key for something else is a conflict, another's key is not": func(t *T) {
		id := t.saved()
		submit := func(actor consult.ID, key, digest string) error {
			c := t.aComment(id)
			ch := t.change("comment.submit", c.ID)
			ch.Actor, ch.Key, ch.Digest = consult.Actor{Kind: consult.Visitor, ID: actor}, key, digest
			return t.SaveComment(t.ctx, c, words, resident, "", ch)
		}
		t.must(submit(1, "key", "a"))
		t.wants(consult.Conflict, submit(1, "key", "b"))
		t.must(submit(2, "key", "b"))
		t.must(submit(1, "other", "b"))
		same(t, "comments", got(t.Tally(t.ctx, id))(t).Comments, 3)
		_, err := t.Repeated(t.ctx, consult.Actor{Kind: consult.Signed, ID: 1}, "key")
		t.wants(consult.NotFound, err)
	},
	"a refused change leaves its key unused": func(t *T) {
		c := t.aComment(4711)
		ch := t.change("comment.submit", c.ID)
		ch.Key, ch.Digest = "key", "d"
		t.wants(consult.NotFound, t.SaveComment(t.ctx, c, words, resident, "", ch))
		c.Consultation = t.saved()
		t.must(t.SaveComment(t.ctx, c, words, resident, "", ch))
	},
	"a repeated message is the first one, also where the thread was another": func(t *T) {
		id := t.saved()
		comment := t.commented(id)
		first := t.answered(id, comment.ID)
		th := t.aThread(id)
		th.Anchor, th.AnchorID = consult.OnComment, comment.ID
		m := t.answer(th.ID, "Again")
		ch := t.change("thread.start", m.ID)
		ch.Key, ch.Digest = "key", "d"
		p := got(t.StartThread(t.ctx, th, m, ch))(t)
		same(t, "thread", p.Thread.ID, first.Thread.ID)
		_, err := t.StartThread(t.ctx, th, t.answer(th.ID, "Again"), ch)
		var again *consult.Repeat
		if !errors.As(err, &again) || again.Result != p.Message.ID {
			t.Errorf("got %v, want a repeat of %v", err, p.Message.ID)
		}
	},
	"nothing of a failed change remains": func(t *T) {
		id := t.saved()
		audit := len(got(t.AuditRows(t.ctx, 0, 100))(t))
		c := t.aComment(id)
		ch := t.change("comment.submit", c.ID)
		ch.Mails = []consult.Mail{{Kind: consult.MailReceipt, Audience: consult.Audience{Comment: c.ID}, Subject: c.ID}}
		ch.Events = []consult.Event{{Thread: consult.DeskThread, Kind: consult.EventComment, Subject: c.ID}, {Thread: 4711, Kind: consult.EventComment}}
		t.wants(consult.NotFound, t.SaveComment(t.ctx, c, words, resident, "", ch))
		_, err := t.Comment(t.ctx, c.ID)
		t.wants(consult.NotFound, err)
		same(t, "desk", got(t.Thread(t.ctx, consult.DeskThread))(t).Seq, int64(0))
		same(t, "rings, mails, audit rows", []int{len(got(t.Rings(t.ctx, 9))(t)), len(t.mails()), len(got(t.AuditRows(t.ctx, 0, 100))(t))},
			[]int{0, 0, audit})
	},
	"a caller who leaves is told, and nothing hangs": func(t *T) {
		id := t.saved()
		gone, cancel := context.WithCancel(t.ctx)
		cancel()
		c := t.aComment(id)
		t.wants(consult.Unavailable, t.SaveComment(gone, c, words, resident, "", t.change("comment.submit", c.ID)))
		_, err := t.Comment(gone, c.ID)
		t.wants(consult.Unavailable, err)
		t.must(t.SaveComment(t.ctx, c, words, resident, "", t.change("comment.submit", c.ID)))
	},
	"L1 L2: numbers are dense, and who follows the log sees all": func(t *T) {
		const writers, each = 16, 25
		id := t.saved()
		threads := []consult.ID{t.started(id).Thread.ID, t.started(id).Thread.ID}
		ctx, stop := context.WithCancel(t.ctx)
		var followers sync.WaitGroup
		seen := make([][]consult.Event, len(threads))
		followed := make([]error, len(threads))
		for i, th := range threads {
			followers.Go(func() { seen[i], followed[i] = follow(ctx, t, th, 1+writers*each/2) })
		}
		numbers := make([]map[consult.ID]int64, writers)
		errs := parallel(writers, func(w int) error {
			numbers[w] = map[consult.ID]int64{}
			for n := range each {
				m := t.question(threads[(w+n)%2], fmt.Sprintf("writer %d, message %d", w, n))
				p, err := t.PostMessage(t.ctx, m, t.posting("message.post", m.Thread, m.ID))
				if err != nil {
					return err
				}
				numbers[w][m.ID] = p.Message.Seq
			}
			return nil
		})
		for _, err := range errs {
			t.must(err)
		}
		followers.Wait()
		stop()
		acknowledged := map[consult.ID]int64{}
		for _, m := range numbers {
			for id, seq := range m {
				acknowledged[id] = seq
			}
		}
		for i := range threads {
			t.must(followed[i])
			same(t, "events", len(seen[i]), 1+writers*each/2)
			for n, e := range seen[i] {
				same(t, "number", e.Seq, int64(n+1))
				if want, ok := acknowledged[e.Subject]; ok {
					same(t, "acknowledged number", e.Seq, want)
					delete(acknowledged, e.Subject)
				}
			}
		}
		same(t, "acknowledged and not seen", len(acknowledged), 0)
		same(t, "desk", got(t.Thread(t.ctx, consult.DeskThread))(t).Seq, int64(2+writers*each))
		check := got(t.AuditVerify(t.ctx))(t)
		same(t, "audit", []int64{check.Rows, check.FirstBad}, []int64{3 + writers*each, 0})
	},
}

// follow reads a log by its number, as a live reader does, until it has n events.
func follow(ctx context.Context, t *T, thread consult.ID, n int) (seen []consult.Event, err error) {
	for last := int64(0); len(seen) < n; {
		if err := ctx.Err(); err != nil {
			return seen, err
		}
		heads, err := t.Heads(ctx, []consult.ID{thread})
		if err != nil {
			return seen, err
		}
		events, err := t.Events(ctx, thread, last, heads[thread].Seq)
		if err != nil {
			return seen, err
		}
		if want := heads[thread].Seq - last; int64(len(events)) != want {
			return seen, fmt.Errorf("the head says %d new events, %d can be read", want, len(events))
		}
		for _, e := range events {
			if e.Message == nil {
				return seen, fmt.Errorf("event %d came without its message", e.Seq)
			}
		}
		seen, last = append(seen, events...), heads[thread].Seq
		time.Sleep(time.Millisecond)
	}
	return seen, nil
}

var auditTests = map[string]func(*T){
	"S23: every write leaves one row of a chain": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		ch := t.change("comment.open", c.ID)
		ch.Actor, ch.Detail = consult.Actor{Kind: consult.Signed, ID: 42}, "reads personal data"
		t.must(t.Note(t.ctx, ch))
		rows := got(t.AuditRows(t.ctx, 0, 100))(t)
		same(t, "rows", len(rows), 3)
		last := rows[2]
		same(t, "last", last, consult.AuditRow{Seq: 3, At: t.now, ActorKind: consult.Signed, Actor: 42, Action: "comment.open", Subject: c.ID,
			Detail: "reads personal data", Previous: rows[1].Hash, Hash: last.Hash})
		same(t, "the import names what it made", rows[0].Subject, id)
		same(t, "pages", got(t.AuditRows(t.ctx, 1, 1))(t), rows[1:2])
		check := got(t.AuditVerify(t.ctx))(t)
		same(t, "verified", []int64{check.Rows, check.FirstBad}, []int64{3, 0})
	},
	"an empty log is whole": func(t *T) {
		check := got(t.AuditVerify(t.ctx))(t)
		same(t, "verified", []int64{check.Rows, check.FirstBad}, []int64{0, 0})
	},
}

var systemTests = map[string]func(*T){
	"the first setting stays": func(t *T) {
		values := make([]string, 8)
		for _, err := range parallel(8, func(i int) (err error) {
			values[i], err = t.Setting(t.ctx, "signing-key", fmt.Sprint("secret ", i))
			return err
		}) {
			t.must(err)
		}
		for _, v := range values {
			same(t, "setting", v, values[0])
		}
		same(t, "later", got(t.Setting(t.ctx, "signing-key", "another"))(t), values[0])
	},
	"empty until somebody or something is there": func(t *T) {
		same(t, "new", got(t.Empty(t.ctx))(t), true)
		t.saved()
		same(t, "with a consultation", got(t.Empty(t.ctx))(t), false)
	},
	"an officer is something": func(t *T) {
		t.officer("officer@example.org")
		same(t, "with an officer", got(t.Empty(t.ctx))(t), false)
	},
	"answers": func(t *T) { t.must(t.Ping(t.ctx)) },
}
