package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// attempts bounds how often a change is done again that the database rolled back because of another one beside it.
const attempts = 4

// ringLife is how long an unsent ring is worth sending: readers compare heads far more often.
const ringLife = time.Hour

// change is one write in its transaction: the statements, and what it still owes before it commits.
type change struct {
	*transaction
	consult.Change
	result   consult.ID // what a repeat of the key is answered with
	kept     consult.ID // what the key's row says so far
	rings    [][]any    // outbox rows
	news     []told     // what everybody may know of it
	left     bool       // mails that are not among Mails
	seal     consult.Seal
	calendar consult.Calendar // the authority's, for promises
}

// errNothing ends a change that found nothing to do: no row, no audit row, no key.
var errNothing = errors.New("nothing to change")

// change is the one way to write. In one transaction: the idempotency key, the rows, the thread events with their numbers and
// outbox rows, the deliveries, the audit row. result is the record a repeat of the key is answered with. rows may run more
// than once and must not keep anything from an earlier run.
func (s *Store) change(ctx context.Context, op string, ch consult.Change, result consult.ID, rows func(*change) error) error {
	for n := 1; ; n++ {
		rung, err := s.try(ctx, ch, result, rows)
		switch {
		case errors.Is(err, errNothing):
			return nil
		case err != nil && n < attempts && rolledBack(err):
			continue
		case err != nil:
			return failure(op, err)
		}
		if rung {
			s.ring()
		}
		return nil
	}
}

func (s *Store) try(ctx context.Context, ch consult.Change, result consult.ID, rows func(*change) error) (rung bool, err error) {
	t, err := begin(ctx, s.dialect.write, nil, s.wait)
	if err != nil {
		return false, err
	}
	defer t.release()
	w := &change{transaction: t, Change: ch, result: result, kept: result, seal: s.seal, calendar: s.calendar}
	// The callee may take events and mails away; the caller's slices must survive a second attempt.
	w.Events, w.Mails = slices.Clone(ch.Events), slices.Clone(ch.Mails)
	for _, step := range []func() error{
		w.claimKey, func() error { return rows(w) }, w.appendEvents, w.writeTrace, w.writeMails, w.keepResult, w.writeAudit, w.writeNews, w.commit,
	} {
		if err := step(); err != nil {
			w.dropReadOnly(err)
			return false, err
		}
	}
	return len(w.rings) > 0 || len(w.Mails) > 0 || len(w.news) > 0 || w.left, nil
}

// claimKey writes the key first: a second request with the same key waits here until the first has ended, on either database.
func (w *change) claimKey() error {
	if w.Key == "" {
		return nil
	}
	n, err := w.exec(`INSERT INTO idempotency (actor_kind, actor, key, digest, result, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, w.Actor.Kind, w.Actor.ID, w.Key, w.Digest, w.result, w.At)
	if err != nil || n == 1 {
		return err
	}
	kept, err := one(&w.conn, scanKey, keyQuery, w.Actor.Kind, w.Actor.ID, w.Key)
	if err != nil {
		return err
	}
	if kept.digest != w.Digest {
		return fail(consult.Conflict, "", errors.New("the idempotency key was used for something else"))
	}
	return &consult.Repeat{Result: kept.result}
}

type usedKey struct {
	digest string
	result consult.ID
}

const keyQuery = `SELECT digest, result FROM idempotency WHERE actor_kind = $1 AND actor = $2 AND key = $3`

func scanKey(r row) (k usedKey, err error) { return k, r.Scan(&k.digest, &k.result) }

// keepResult corrects the key's result where the rows decided which record it is.
func (w *change) keepResult() error {
	if w.Key == "" || w.result == w.kept {
		return nil
	}
	_, err := w.exec(`UPDATE idempotency SET result = $1 WHERE actor_kind = $2 AND actor = $3 AND key = $4`,
		w.result, w.Actor.Kind, w.Actor.ID, w.Key)
	return err
}

// append gives an event the next number of its thread. The update locks the thread's row until the commit, so numbers have no
// gaps and are committed in their order.
func (w *change) append(e consult.Event) (int64, error) {
	seq, err := one(&w.conn, number, `UPDATE thread SET seq = seq + 1 WHERE id = $1 RETURNING seq`, e.Thread)
	if err != nil {
		return 0, err
	}
	_, err = w.exec(`INSERT INTO event (thread, seq, kind, subject, at) VALUES ($1, $2, $3, $4, $5)`,
		e.Thread, seq, e.Kind, e.Subject, e.At)
	w.rings = append(w.rings, []any{e.Thread, seq, w.At})
	return seq, err
}

// appendEvents appends what the change carries. Threads are locked youngest first and the desk, which everybody shares, last:
// always the same order, so that two changes never wait for each other.
func (w *change) appendEvents() error {
	slices.SortStableFunc(w.Events, func(a, b consult.Event) int { return cmp.Compare(b.Thread, a.Thread) })
	for _, e := range w.Events {
		if _, err := w.append(e); err != nil {
			return err
		}
	}
	if len(w.rings) == 0 {
		return nil
	}
	if err := w.insert(`INSERT INTO outbox (thread, seq, at)`, w.rings, ""); err != nil {
		return err
	}
	_, err := w.exec(`DELETE FROM outbox WHERE at < $1`, w.At.Add(-ringLife))
	return err
}

// own appends the event of the record itself at once, to learn its number, whether or not the change brings it along.
func (w *change) own(e consult.Event) (int64, error) {
	w.Events = slices.DeleteFunc(w.Events, func(o consult.Event) bool { return o.Kind == e.Kind && o.Subject == e.Subject })
	return w.append(e)
}

// aim points events and mails that name a record the change did not need to make at the one it found.
func (w *change) aim(from, to consult.ID) {
	for i := range w.Events {
		if w.Events[i].Subject == from {
			w.Events[i].Subject = to
		}
		if w.Events[i].Thread == from {
			w.Events[i].Thread = to
		}
	}
	for i := range w.Mails {
		if w.Mails[i].Subject == from {
			w.Mails[i].Subject = to
		}
	}
}

// quietly writes what needs no audit row: drafts, rings, deliveries, when somebody was last seen. One transaction.
func (s *Store) quietly(ctx context.Context, op string, rows func(*conn) error) error {
	t, err := begin(ctx, s.dialect.write, nil, s.wait)
	if err != nil {
		return failure(op, err)
	}
	defer t.release()
	if err = rows(&t.conn); err == nil {
		err = t.commit()
	}
	t.dropReadOnly(err)
	return failure(op, err)
}
