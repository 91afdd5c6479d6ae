package store

import (
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

// serve writes into the promises of items that another service answers from now on: an event of every point that waits, in a few
// statements however many they are. Nothing else of a promise depends on who answers, so the kept figures follow by one column.
func (w *change) serve(items []consult.DeskItem) error {
	by := map[string][]consult.ID{}
	for _, i := range items {
		by[i.Whose()] = append(by[i.Whose()], i.Item)
	}
	for service, ids := range by {
		for chunk := range slices.Chunk(ids, maxArguments) {
			if err := w.serveItems(service, chunk); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *change) serveItems(service string, ids []consult.ID) error {
	sources, err := w.waitingSources(service, ids)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(sources, maxArguments) {
		if err := w.lockSources(chunk); err != nil {
			return err
		}
		var q text
		q.add(`INSERT INTO promise_event (source, topic, seq, kind, reason, words, by_whom, service, at, first_days, next_days, close_days, opens, shuts)
			SELECT p.source, p.topic, MAX(e.seq) + 1, 'handed-over', '', '', ?, ?, CASE WHEN MAX(e.at) > ? THEN MAX(e.at) ELSE ? END, 0, 0, 0, 0, 0 FROM point_promise p
			JOIN promise_event e ON e.source = p.source AND e.topic = p.topic WHERE p.since > 0 AND p.service <> ? AND p.source IN `,
			w.Actor.Standing(), service, w.At, w.At, service)
		in(&q, chunk)
		q.add(` GROUP BY p.source, p.topic`)
		if _, err := w.exec(q.String(), q.args...); err != nil {
			return err
		}
		var u text
		u.add(`UPDATE point_promise SET service = ? WHERE since > 0 AND service <> ? AND source IN `, service, service)
		in(&u, chunk)
		if _, err := w.exec(u.String(), u.args...); err != nil {
			return err
		}
	}
	return nil
}

// waitingSources are the comments and messages of items with points that wait for another service.
func (w *change) waitingSources(service string, ids []consult.ID) ([]consult.ID, error) {
	var q text
	q.add(`SELECT DISTINCT p.source FROM point_promise p WHERE p.since > 0 AND p.service <> ? AND p.source IN `, service)
	in(&q, ids)
	q.add(` UNION SELECT p.source FROM point_promise p JOIN thread t ON t.id = p.thread WHERE p.since > 0 AND p.service <> ? AND p.thread > 0
		AND t.id IN `, service)
	in(&q, ids)
	q.add(` UNION SELECT p.source FROM point_promise p JOIN thread t ON t.id = p.thread WHERE p.since > 0 AND p.service <> ? AND p.thread > 0
		AND t.anchor = 'comment' AND t.anchor_id IN `, service)
	in(&q, ids)
	return list(&w.conn, id, q.String(), q.args...)
}

// lockSources keeps other changes of the points waiting until the commit, as lockPoint does for one source.
func (w *change) lockSources(sources []consult.ID) error {
	var comments, threads text
	comments.add(`UPDATE comment SET thread = thread WHERE id IN `)
	in(&comments, sources)
	threads.add(`UPDATE thread SET seq = seq WHERE id IN (SELECT m.thread FROM message m WHERE m.id IN `)
	in(&threads, sources)
	threads.add(`)`)
	for _, q := range []*text{&comments, &threads} {
		if _, err := w.exec(q.String(), q.args...); err != nil {
			return err
		}
	}
	return nil
}
