package store

import "github.com/yousaid/yousaid/server/consult"

// resting adds why nothing is due of items whose clocks are all paused; of several reasons one.
func resting(c *conn, items []consult.InboxItem) error {
	var ids []consult.ID
	for _, i := range items {
		if i.Due.IsZero() {
			ids = append(ids, max(i.Comment, i.Thread))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	why := map[consult.ID]string{}
	var q text
	q.add(`SELECT w.id, MAX(w.paused_for) FROM (SELECT CASE WHEN p.thread > 0 THEN p.thread ELSE p.source END AS id, p.paused_for AS paused_for
		FROM point_promise p WHERE p.since > 0 AND (p.source IN `)
	in(&q, ids)
	q.add(` OR p.thread IN `)
	in(&q, ids)
	q.add(`)) w GROUP BY w.id HAVING MIN(w.paused_for) <> '' `)
	if err := c.each(func(r row) error {
		var id consult.ID
		var reason string
		err := r.Scan(&id, &reason)
		why[id] = reason
		return err
	}, q.String(), q.args...); err != nil {
		return err
	}
	for i := range items {
		if items[i].Due.IsZero() && items[i].Message == 0 {
			items[i].Paused = why[max(items[i].Comment, items[i].Thread)]
		}
	}
	return nil
}
