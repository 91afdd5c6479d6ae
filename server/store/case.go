package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

// SaveCase inserts or replaces a whole case by authority and reference. The same source hash changes nothing. What is history
// stays: rounds, versions and moves that the new case does not bring are kept, and so is the number of the current version;
// documents it does not bring are removed, or withheld where a thread hangs on them. Ids are kept by natural key.
func (s *Store) SaveCase(ctx context.Context, c consult.Case, ch consult.Change) (result consult.SaveResult, err error) {
	err = s.change(ctx, "save case", ch, c.Consultation.ID, func(w *change) error {
		k, outcome, err := w.identify(c.Consultation)
		if err != nil {
			return err
		}
		result = consult.SaveResult{ID: k.ID, Outcome: outcome}
		if outcome == consult.Unchanged {
			return errNothing
		}
		w.result, w.Subject = k.ID, k.ID
		earlier, err := w.factsOfKnown(k.ID, outcome)
		if err != nil {
			return err
		}
		if err := w.saveConsultation(k, outcome); err != nil {
			return err
		}
		if err := w.saveParts(k.ID, c); err != nil {
			return err
		}
		return w.tellImport(k.ID, earlier)
	})
	return result, err
}

// identify says whether the case is known, and gives it the id and the moments it has or gets.
func (w *change) identify(c consult.Consultation) (consult.Consultation, consult.SaveOutcome, error) {
	known, err := list(&w.conn, scanConsultation, `SELECT `+consultationColumns+` FROM consultation c
		WHERE c.authority = $1 AND c.reference = $2`, c.Application.Authority, c.Application.Reference)
	if err != nil {
		return c, "", err
	}
	if len(known) == 0 {
		if c.ID == 0 {
			c.ID = consult.NewID(w.At)
		}
		return c, consult.Created, nil
	}
	old := known[0]
	if hash := c.Application.SourceHash; hash != "" && hash == old.Application.SourceHash {
		return old, consult.Unchanged, nil
	}
	c.ID, c.CreatedAt, c.Version = old.ID, old.CreatedAt, max(c.Version, old.Version)
	return c, consult.Updated, nil
}

// saveConsultation writes the one row. Both statements take the same arguments in the same order.
func (w *change) saveConsultation(c consult.Consultation, outcome consult.SaveOutcome) error {
	i, a := c.Influence, c.Application
	listed := cmp.Or(a.ValidatedOn, a.PublishedOn, a.ReceivedOn, consult.Date(c.CreatedAt.UTC().Format("2006-01-02")))
	args := []any{c.ID, c.Kind, c.Title, c.Summary, c.State, i.Fixed, i.Open, i.Decider, i.When, i.Rules, c.Address, c.Postcode, c.WardCode,
		c.Place.Lon, c.Place.Lat, c.HasPlace, quadkey(c.Place, c.HasPlace), c.Service, c.PromiseDays, c.Demo, c.Version,
		c.CreatedAt, c.UpdatedAt, a.Authority, a.Reference, a.Type, a.Description, a.Scale, a.UPRN, a.ReceivedOn, a.ValidatedOn,
		a.PublishedOn, a.DecisionDue, a.Decision, a.DecidedOn, a.DecidedBy, a.WithdrawnOn, a.EIA, a.CommitteeOn, a.Appeal.LodgedOn,
		a.Appeal.Decision, a.Appeal.DecidedOn, a.RegisterURL, a.Source, a.SourceHash,
		listed, searchText(c.Title, a.Description, c.Address, a.Reference)}
	if outcome == consult.Created {
		return w.insert(`INSERT INTO consultation (id, kind, title, summary, state, influence_fixed, influence_open, influence_decider,
			influence_when, influence_rules, address, postcode, ward_code, lon, lat, has_place, quadkey, service, promise_days, demo, version,
			created_at, updated_at, authority, reference, type, description, scale, uprn, received_on, validated_on, published_on,
			decision_due, decision, decided_on, decided_by, withdrawn_on, eia, committee_on, appeal_lodged_on, appeal_decision,
			appeal_decided_on, register_url, source, source_hash, listed_on, search_text)`,
			[][]any{args}, "")
	}
	_, err := w.exec(`UPDATE consultation SET kind = $2, title = $3, summary = $4, state = $5, influence_fixed = $6,
		influence_open = $7, influence_decider = $8, influence_when = $9, influence_rules = $10, address = $11, postcode = $12,
		ward_code = $13, lon = $14, lat = $15, has_place = $16, quadkey = $17,
		service = CASE WHEN EXISTS (SELECT 1 FROM promise_terms d WHERE d.consultation = $1) THEN service ELSE $18 END,
		promise_days = CASE WHEN EXISTS (SELECT 1 FROM promise_terms d WHERE d.consultation = $1) THEN promise_days ELSE $19 END, demo = $20,
		version = $21, created_at = $22, updated_at = $23, authority = $24, reference = $25, type = $26, description = $27,
		scale = $28, uprn = $29, received_on = $30, validated_on = $31, published_on = $32, decision_due = $33, decision = $34,
		decided_on = $35, decided_by = $36, withdrawn_on = $37, eia = $38, committee_on = $39, appeal_lodged_on = $40,
		appeal_decision = $41, appeal_decided_on = $42, register_url = $43, source = $44, source_hash = $45, listed_on = $46,
		search_text = $47 WHERE id = $1`, args...)
	return err
}

// saveParts writes everything that hangs on the consultation.
func (w *change) saveParts(id consult.ID, c consult.Case) error {
	if err := w.saveVersions(id, c.Versions); err != nil {
		return err
	}
	if err := w.saveRounds(id, c.Rounds); err != nil {
		return err
	}
	if err := w.saveDocuments(id, c.Documents); err != nil {
		return err
	}
	if err := w.saveHistory(id, c.History); err != nil {
		return err
	}
	if c.Applicant == "" {
		_, err := w.exec(`DELETE FROM applicant WHERE consultation = $1`, id)
		return err
	}
	_, err := w.exec(`INSERT INTO applicant (consultation, data) VALUES ($1, $2)
		ON CONFLICT (consultation) DO UPDATE SET data = excluded.data`, id, c.Applicant)
	return err
}

func (w *change) saveVersions(id consult.ID, versions []consult.ProposalVersion) error {
	var rows [][]any
	for _, v := range versions {
		rows = append(rows, []any{id, v.Number, v.Summary, v.Description, v.Boundary, v.Massing, v.ReceivedOn})
	}
	return w.insert(`INSERT INTO proposal_version (consultation, number, summary, description, boundary, massing, received_on)`, rows,
		`ON CONFLICT (consultation, number) DO UPDATE SET summary = excluded.summary, description = excluded.description,
		boundary = excluded.boundary, massing = excluded.massing, received_on = excluded.received_on`)
}

func (w *change) saveRounds(id consult.ID, rounds []consult.Round) error {
	var rows [][]any
	for _, r := range rounds {
		if r.ID == 0 {
			r.ID = consult.NewID(w.At)
		}
		rows = append(rows, []any{r.ID, id, r.Number, r.Kind, r.Opens, r.Closes, r.Question, r.Version})
	}
	return w.insert(`INSERT INTO round (id, consultation, number, kind, opens, closes, question, version)`, rows,
		`ON CONFLICT (consultation, number) DO UPDATE SET kind = excluded.kind, opens = excluded.opens, closes = excluded.closes,
		question = excluded.question, version = excluded.version`)
}

// saveHistory adds the moves that are not recorded yet.
func (w *change) saveHistory(id consult.ID, history []consult.StateEvent) error {
	known, err := list(&w.conn, func(r row) (e consult.StateEvent, err error) { return e, r.Scan(&e.To, moment(&e.At)) },
		`SELECT to_state, at FROM state_event WHERE consultation = $1`, id)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, e := range history {
		if slices.ContainsFunc(known, func(k consult.StateEvent) bool { return k.To == e.To && micros(k.At) == micros(e.At) }) {
			continue
		}
		rows = append(rows, []any{id, len(known) + len(rows) + 1, e.From, e.To, e.At, e.Why, e.By})
	}
	return w.insert(`INSERT INTO state_event (consultation, number, from_state, to_state, at, why, by_whom)`, rows, "")
}

// documentKey is what makes two documents the same one: of several alike, the first is the first.
type documentKey struct {
	version   int
	name, url string
	nth       int
}

// keys numbers documents that are alike.
func keys() func(consult.Document) documentKey {
	seen := map[documentKey]int{}
	return func(d consult.Document) documentKey {
		k := documentKey{version: d.Version, name: d.Name, url: d.URL}
		seen[k]++
		k.nth = seen[k]
		return k
	}
}

// saveDocuments replaces the documents. A known one keeps its id, whatever id the case brings, since threads hang on it.
func (w *change) saveDocuments(id consult.ID, documents []consult.Document) error {
	known, err := list(&w.conn, scanDocument, `SELECT `+documentColumns+` FROM document WHERE consultation = $1 ORDER BY position, id`, id)
	if err != nil {
		return err
	}
	kept, keyOf := map[documentKey]consult.ID{}, keys()
	for _, d := range known {
		kept[keyOf(d)] = d.ID
	}
	ids, renamed, keyOf := make([]consult.ID, len(documents)), map[consult.ID]consult.ID{}, keys()
	for i, d := range documents {
		ids[i] = cmp.Or(kept[keyOf(d)], d.ID, consult.NewID(w.At))
		renamed[d.ID] = ids[i]
	}
	if err := w.dropDocuments(id, ids); err != nil {
		return err
	}
	renamed[0] = 0
	var rows [][]any
	for i, d := range documents {
		if to, ok := renamed[d.Replaces]; ok {
			d.Replaces = to
		}
		rows = append(rows, []any{ids[i], id, d.Version, d.Name, d.Type, d.URL, d.Text, d.Replaces, d.Status, i})
	}
	return w.insert(`INSERT INTO document (`+documentColumns+`, position)`, rows, `ON CONFLICT (id) DO UPDATE SET version = excluded.version,
		name = excluded.name, type = excluded.type, url = excluded.url, text = excluded.text, replaces = excluded.replaces,
		status = excluded.status, position = excluded.position
		WHERE document.consultation = excluded.consultation`)
}

// dropDocuments removes those that are not kept; one that people talk about is only withheld.
func (w *change) dropDocuments(id consult.ID, keep []consult.ID) error {
	var gone text
	gone.add(`consultation = ? AND id NOT IN `, id)
	in(&gone, append([]consult.ID{0}, keep...))
	if _, err := w.exec(`UPDATE document SET status = 'withhold' WHERE `+gone.String(), gone.args...); err != nil {
		return err
	}
	_, err := w.exec(`DELETE FROM document WHERE `+gone.String()+
		` AND NOT EXISTS (SELECT 1 FROM thread t WHERE t.anchor = 'document' AND t.anchor_id = document.id)`, gone.args...)
	return err
}

// MoveState moves a consultation on if it still is where the move begins, with its new version and round.
func (s *Store) MoveState(ctx context.Context, e consult.StateEvent, v *consult.ProposalVersion, r *consult.Round, ch consult.Change) error {
	return s.change(ctx, "move consultation", ch, e.Consultation, func(w *change) error {
		if err := w.move(e); err != nil {
			return err
		}
		if v != nil {
			if err := w.addVersion(e.Consultation, *v); err != nil {
				return err
			}
		}
		if r != nil {
			if err := w.addRound(e.Consultation, *r); err != nil {
				return err
			}
		}
		return w.bindForm(e)
	})
}

// move takes a consultation from one state to another and keeps it in the history. Conflict when it is no longer where the move begins.
func (w *change) move(e consult.StateEvent) error {
	n, err := w.exec(`UPDATE consultation SET state = $1, updated_at = $2 WHERE id = $3 AND state = $4`, e.To, w.At, e.Consultation, e.From)
	if err != nil {
		return err
	}
	if n == 0 {
		if _, err := one(&w.conn, id, `SELECT id FROM consultation WHERE id = $1`, e.Consultation); err != nil {
			return err
		}
		return fail(consult.Conflict, "", errors.New("the state is no longer "+string(e.From)))
	}
	if err := w.rule(e); err != nil {
		return err
	}
	moves, err := one(&w.conn, number, `SELECT COUNT(*) FROM state_event WHERE consultation = $1`, e.Consultation)
	if err != nil {
		return err
	}
	w.tell(e.Consultation, 0, consult.NewsOfMove(e.From, e.To)...)
	return w.insert(`INSERT INTO state_event (consultation, number, from_state, to_state, at, why, by_whom)`,
		[][]any{{e.Consultation, moves + 1, e.From, e.To, e.At, e.Why, e.By}}, "")
}

// rule keeps what came with a move: the decision, the committee's day, the appeal and its decision.
func (w *change) rule(e consult.StateEvent) error {
	var err error
	switch r := e.Ruling; e.To {
	case consult.Decided:
		_, err = w.exec(`UPDATE consultation SET decision = $1, decided_by = $2, decided_on = $3 WHERE id = $4`, r.Decision, r.By, r.On,
			e.Consultation)
	case consult.InCommittee:
		_, err = w.exec(`UPDATE consultation SET committee_on = $1 WHERE id = $2`, e.CommitteeOn, e.Consultation)
	case consult.Appealed:
		_, err = w.exec(`UPDATE consultation SET appeal_lodged_on = $1 WHERE id = $2`, e.On, e.Consultation)
	case consult.AppealDecided:
		_, err = w.exec(`UPDATE consultation SET appeal_decision = $1, appeal_decided_on = $2 WHERE id = $3`, r.Decision, r.On, e.Consultation)
	case consult.Withdrawn:
		_, err = w.exec(`UPDATE consultation SET withdrawn_on = $1 WHERE id = $2`, e.On, e.Consultation)
	}
	return err
}

// addVersion keeps a further version and makes it the current one. Number 0 is the next number.
func (w *change) addVersion(id consult.ID, v consult.ProposalVersion) error {
	if v.Number == 0 {
		n, err := one(&w.conn, number, `SELECT COALESCE(MAX(number), 0) + 1 FROM proposal_version WHERE consultation = $1`, id)
		if err != nil {
			return err
		}
		v.Number = int(n)
	}
	if err := w.insert(`INSERT INTO proposal_version (consultation, number, summary, description, boundary, massing, received_on)`,
		[][]any{{id, v.Number, v.Summary, v.Description, v.Boundary, v.Massing, v.ReceivedOn}}, ""); err != nil {
		return err
	}
	_, err := w.exec(`UPDATE consultation SET version = $1 WHERE id = $2`, v.Number, id)
	return err
}

// addRound keeps a further round, or the final days of one that was planned. Number 0 is the next number, version 0 the current version,
// id 0 a new one.
func (w *change) addRound(id consult.ID, r consult.Round) error {
	type next struct{ number, version int }
	n, err := one(&w.conn, func(row row) (n next, err error) { return n, row.Scan(&n.number, &n.version) },
		`SELECT (SELECT COALESCE(MAX(number), 0) + 1 FROM round WHERE consultation = $1), version FROM consultation WHERE id = $1`, id)
	if err != nil {
		return err
	}
	return w.insert(`INSERT INTO round (id, consultation, number, kind, opens, closes, question, version)`, [][]any{{
		cmp.Or(r.ID, consult.NewID(w.At)), id, cmp.Or(r.Number, n.number), r.Kind, r.Opens, r.Closes, r.Question,
		cmp.Or(r.Version, n.version)}}, `ON CONFLICT (consultation, number) DO UPDATE SET kind = excluded.kind, opens = excluded.opens,
		closes = excluded.closes, version = excluded.version`)
}
