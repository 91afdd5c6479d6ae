package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

const ruleColumns = `id, position, name, enabled, area, topic, kind, type, language, service, officer, updated_at`

func scanRule(r row) (v consult.RoutingRule, err error) {
	var area json.RawMessage
	var position int
	if err := r.Scan(&v.ID, &position, &v.Name, &v.Enabled, raw(&area), &v.Topic, &v.Kind, &v.Type, &v.Language, &v.Service, &v.Officer,
		moment(&v.UpdatedAt)); err != nil {
		return v, err
	}
	return v, json.Unmarshal(area, &v.Area)
}

// Routing reads the rules in their order.
func (s *Store) Routing(ctx context.Context) (list consult.Routing, err error) {
	err = s.snapshot(ctx, "read routing rules", false, func(c *conn) error {
		list, err = routing(c)
		return err
	})
	return list, err
}

func routing(c *conn) (r consult.Routing, err error) {
	version, err := one(c, number, `SELECT COALESCE(MAX(version), 0) FROM routing`)
	if err != nil {
		return r, err
	}
	r.Version = int(version)
	r.Rules, err = list(c, scanRule, `SELECT `+ruleColumns+` FROM routing_rule ORDER BY position, id`)
	return r, err
}

// SaveRouting replaces the list; Conflict when somebody else was faster.
func (s *Store) SaveRouting(ctx context.Context, r consult.Routing, ch consult.Change) error {
	return s.change(ctx, "save routing rules", ch, ch.Subject, func(w *change) error {
		n, err := w.exec(`INSERT INTO routing (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = routing.version + 1
			WHERE routing.version = $1`, r.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("somebody else changed the routing rules"))
		}
		if _, err := w.exec(`DELETE FROM routing_rule`); err != nil {
			return err
		}
		var rows [][]any
		for i, v := range r.Rules {
			area, err := json.Marshal(v.Area)
			if err != nil {
				return err
			}
			rows = append(rows, []any{v.ID, i, v.Name, v.Enabled, area, v.Topic, v.Kind, v.Type, v.Language, v.Service, v.Officer, v.UpdatedAt})
		}
		return w.insert(`INSERT INTO routing_rule (`+ruleColumns+`)`, rows, "")
	})
}

// arrivals are comments and threads as rules see them. A thread is written in the language of its first message.
const arrivalColumns = `x.what, x.id, x.kind, x.type, x.language, x.ward, x.lon, x.lat, x.has_place, x.topics`

const commentArrivals = `SELECT 'comment' AS what, c.id AS id, k.kind AS kind, k.type AS type, c.language AS language,
	CASE WHEN c.ward_code = '' THEN k.ward_code ELSE c.ward_code END AS ward,
	CASE WHEN c.has_place THEN c.lon ELSE k.lon END AS lon, CASE WHEN c.has_place THEN c.lat ELSE k.lat END AS lat,
	(c.has_place OR k.has_place) AS has_place,
	COALESCE((SELECT string_agg(p.topic, ',' ORDER BY p.position) FROM comment_point p WHERE p.comment = c.id), '') AS topics,
	c.received_at AS at, k.id AS consultation, k.title AS heading, k.service AS service FROM comment c JOIN consultation k ON k.id = c.consultation`

const threadArrivals = `SELECT 'thread' AS what, t.id AS id, k.kind AS kind, k.type AS type,
	COALESCE((SELECT m.language FROM message m WHERE m.thread = t.id ORDER BY m.seq LIMIT 1), '') AS language, k.ward_code AS ward,
	k.lon AS lon, k.lat AS lat, k.has_place AS has_place, '' AS topics, t.created_at AS at, k.id AS consultation, k.title AS heading,
	k.service AS service FROM thread t JOIN consultation k ON k.id = t.consultation`

func arrivalFields(a *consult.Arrival) []any {
	return []any{&a.What, &a.Item, &a.Kind, &a.Type, &a.Language, &a.Ward, &a.Place.Lon, &a.Place.Lat, &a.HasPlace, codes(&a.Topics)}
}

// Arrivals lists what came in last, newest first.
func (s *Store) Arrivals(ctx context.Context, limit int) ([]consult.RoutedItem, error) {
	limit = pageSize(limit)
	l, err := list(s.reading(ctx), func(r row) (i consult.RoutedItem, err error) {
		return i, r.Scan(append(arrivalFields(&i.Arrival), &i.Consultation, &i.Heading, moment(&i.At), &i.Assignment.Officer, &i.Assignment.Service)...)
	}, `SELECT `+arrivalColumns+`, x.consultation, x.heading, x.at, COALESCE(d.officer, 0), COALESCE(NULLIF(d.service, ''), x.service) FROM (
		SELECT * FROM (`+commentArrivals+` WHERE c.state NOT IN ('withdrawn', 'superseded') ORDER BY c.received_at DESC, c.id DESC LIMIT $1) y
		UNION ALL SELECT * FROM (`+threadArrivals+` WHERE t.anchor <> 'comment' ORDER BY t.created_at DESC, t.id DESC LIMIT $1) z) x
		LEFT JOIN desk_item d ON d.item = x.id ORDER BY x.at DESC, x.id DESC LIMIT $1`, limit)
	return l, failure("list arrivals", err)
}

// routeComment sends a comment that came in where the first rule that fits says; one that replaces another goes where that was.
func (w *change) routeComment(c consult.Comment) error {
	if c.Replaces != 0 {
		carried, err := w.carry(c)
		if err != nil || carried {
			return err
		}
	}
	return w.route(consult.DeskComment, c.ID)
}

// routeThread does the same with a thread that a resident began.
func (w *change) routeThread(t consult.ID) error {
	return w.route(consult.DeskDialog, t)
}

// route is part of the transaction in which the item arrives: there is no moment at which one is lost.
func (w *change) route(what consult.DeskKind, item consult.ID) error {
	rules, err := list(&w.conn, scanRule, `SELECT `+ruleColumns+` FROM routing_rule WHERE enabled ORDER BY position, id`)
	if err != nil || len(rules) == 0 {
		return err
	}
	query := `SELECT ` + arrivalColumns + ` FROM (` + threadArrivals + ` WHERE t.id = $1 AND t.anchor <> 'comment') x`
	if what == consult.DeskComment {
		query = `SELECT ` + arrivalColumns + ` FROM (` + commentArrivals + ` WHERE c.id = $1) x`
	}
	found, err := list(&w.conn, func(r row) (a consult.Arrival, err error) { return a, r.Scan(arrivalFields(&a)...) }, query, item)
	if err != nil || len(found) == 0 {
		return err
	}
	rule, fits := consult.RuleFor(rules, found[0])
	if !fits {
		return nil
	}
	act := consult.DeskAct{ID: consult.NewID(w.At), Kind: consult.ActRoute, Service: rule.Service, Rule: rule.Name}
	if act.Officer, err = w.present(rule.Officer); err != nil {
		return err
	}
	_, err = w.act(act, []consult.ID{item}, -1)
	return err
}

// present is the officer, or nobody when they are away or no longer here.
func (w *change) present(officer consult.ID) (consult.ID, error) {
	if officer == 0 {
		return 0, nil
	}
	here, err := list(&w.conn, id, `SELECT o.id FROM officer o LEFT JOIN officer_desk d ON d.officer = o.id
		WHERE o.id = $1 AND NOT o.disabled AND COALESCE(d.away_until, 0) <= $2`, officer, w.At)
	if err != nil || len(here) == 0 {
		return 0, err
	}
	return officer, nil
}

// carry gives a comment to whoever had the one it replaces.
func (w *change) carry(c consult.Comment) (bool, error) {
	before, err := list(&w.conn, func(r row) (a consult.Assignment, err error) { return a, r.Scan(&a.Officer, &a.Service) },
		`SELECT officer, service FROM desk_item WHERE item = $1 AND (officer > 0 OR service <> '')`, c.Replaces)
	if err != nil || len(before) == 0 {
		return false, err
	}
	act := consult.DeskAct{ID: consult.NewID(w.At), Kind: consult.ActCarry, Officer: before[0].Officer, Service: before[0].Service}
	done, err := w.act(act, []consult.ID{c.ID}, -1)
	return done.Changed > 0, err
}
