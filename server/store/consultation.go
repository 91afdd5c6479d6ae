package store

import (
	"context"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

const consultationColumns = `c.id, c.kind, c.title, c.summary, c.state, c.influence_fixed, c.influence_open, c.influence_decider,
	c.influence_when, c.influence_rules, c.address, c.postcode, c.ward_code, c.lon, c.lat, c.has_place, c.service, c.promise_days, c.demo, c.version,
	c.created_at, c.updated_at, c.authority, c.reference, c.type, c.description, c.scale, c.uprn, c.received_on, c.validated_on,
	c.published_on, c.decision_due, c.decision, c.decided_on, c.decided_by, c.withdrawn_on, c.eia, c.committee_on,
	c.appeal_lodged_on, c.appeal_decision, c.appeal_decided_on, c.register_url, c.source, c.source_hash`

func scanConsultation(r row) (c consult.Consultation, err error) {
	i, a := &c.Influence, &c.Application
	return c, r.Scan(&c.ID, &c.Kind, &c.Title, &c.Summary, &c.State, &i.Fixed, &i.Open, &i.Decider, &i.When, &i.Rules, &c.Address, &c.Postcode,
		&c.WardCode, &c.Place.Lon, &c.Place.Lat, &c.HasPlace, &c.Service, &c.PromiseDays, &c.Demo, &c.Version,
		moment(&c.CreatedAt), moment(&c.UpdatedAt), &a.Authority, &a.Reference, &a.Type, &a.Description, &a.Scale, &a.UPRN,
		&a.ReceivedOn, &a.ValidatedOn, &a.PublishedOn, &a.DecisionDue, &a.Decision, &a.DecidedOn, &a.DecidedBy, &a.WithdrawnOn,
		&a.EIA, &a.CommitteeOn, &a.Appeal.LodgedOn, &a.Appeal.Decision, &a.Appeal.DecidedOn, &a.RegisterURL, &a.Source, &a.SourceHash)
}

// Consultation finds one by id, in any state.
func (s *Store) Consultation(ctx context.Context, id consult.ID) (consult.Consultation, error) {
	c, err := one(s.reading(ctx), scanConsultation, `SELECT `+consultationColumns+` FROM consultation c WHERE c.id = $1`, id)
	return c, failure("read consultation", err)
}

// ConsultationByReference finds one by its application's reference, in any state.
func (s *Store) ConsultationByReference(ctx context.Context, authority, reference string) (consult.Consultation, error) {
	c, err := one(s.reading(ctx), scanConsultation, `SELECT `+consultationColumns+` FROM consultation c
		WHERE c.authority = $1 AND c.reference = $2`, authority, reference)
	return c, failure("read consultation", err)
}

func scanRound(r row) (v consult.Round, err error) {
	return v, r.Scan(&v.ID, &v.Consultation, &v.Number, &v.Kind, &v.Opens, &v.Closes, &v.Question, &v.Version, &v.Form)
}

// Rounds lists a consultation's rounds by number.
func (s *Store) Rounds(ctx context.Context, consultation consult.ID) ([]consult.Round, error) {
	l, err := list(s.reading(ctx), scanRound, `SELECT id, consultation, number, kind, opens, closes, question, version, form FROM round
		WHERE consultation = $1 ORDER BY number`, consultation)
	return l, failure("read rounds", err)
}

// Versions lists what was proposed, by number.
func (s *Store) Versions(ctx context.Context, consultation consult.ID) ([]consult.ProposalVersion, error) {
	l, err := list(s.reading(ctx), func(r row) (v consult.ProposalVersion, err error) {
		return v, r.Scan(&v.Consultation, &v.Number, &v.Summary, &v.Description, raw(&v.Boundary), raw(&v.Massing), &v.ReceivedOn)
	}, `SELECT consultation, number, summary, description, boundary, massing, received_on FROM proposal_version
		WHERE consultation = $1 ORDER BY number`, consultation)
	return l, failure("read versions", err)
}

const documentColumns = `id, consultation, version, name, type, url, text, replaces, status`

func scanDocument(r row) (d consult.Document, err error) {
	return d, r.Scan(&d.ID, &d.Consultation, &d.Version, &d.Name, &d.Type, &d.URL, &d.Text, &d.Replaces, &d.Status)
}

// Documents lists the documents of every version and status: newest version first, then in the order they were brought.
func (s *Store) Documents(ctx context.Context, consultation consult.ID) ([]consult.Document, error) {
	l, err := list(s.reading(ctx), scanDocument, `SELECT `+documentColumns+` FROM document
		WHERE consultation = $1 ORDER BY version DESC, position, id`, consultation)
	return l, failure("read documents", err)
}

// Document finds one document, of any status.
func (s *Store) Document(ctx context.Context, id consult.ID) (consult.Document, error) {
	d, err := one(s.reading(ctx), scanDocument, `SELECT `+documentColumns+` FROM document WHERE id = $1`, id)
	return d, failure("read document", err)
}

// StateEvents lists a consultation's moves in the order they were recorded.
func (s *Store) StateEvents(ctx context.Context, consultation consult.ID) ([]consult.StateEvent, error) {
	l, err := list(s.reading(ctx), func(r row) (e consult.StateEvent, err error) {
		return e, r.Scan(&e.Consultation, &e.From, &e.To, moment(&e.At), &e.Why, &e.By)
	}, `SELECT consultation, from_state, to_state, at, why, by_whom FROM state_event WHERE consultation = $1 ORDER BY number`, consultation)
	return l, failure("read history", err)
}

// Places lists every public consultation with a place, with the boundary of its current version.
func (s *Store) Places(ctx context.Context) ([]consult.PlaceRow, error) {
	var q text
	q.add(`SELECT c.id, c.lon, c.lat, c.state, c.title, COALESCE(v.boundary, '') FROM consultation c
		LEFT JOIN proposal_version v ON v.consultation = c.id AND v.number = c.version
		WHERE c.has_place AND c.state IN `)
	in(&q, publicStates())
	q.add(` ORDER BY c.id`)
	l, err := list(s.reading(ctx), func(r row) (p consult.PlaceRow, err error) {
		var boundary string
		err = r.Scan(&p.ID, &p.Lon, &p.Lat, &p.State, &p.Title, &boundary)
		if boundary != "" {
			p.Boundary = []byte(boundary)
		}
		return p, err
	}, q.String(), q.args...)
	return l, failure("read places", err)
}

func publicStates() []consult.State {
	var public []consult.State
	for _, s := range consult.States() {
		if s.Public() {
			public = append(public, s)
		}
	}
	return public
}

// Tally counts what has been said and answered.
func (s *Store) Tally(ctx context.Context, consultation consult.ID) (consult.Tally, error) {
	t := consult.Tally{Stances: map[consult.Stance]int{}, Topics: map[consult.Topic]int{}}
	err := s.snapshot(ctx, "count", false, func(c *conn) error {
		if err := c.each(func(r row) error {
			var state consult.CommentState
			var stance consult.Stance
			var n int
			if err := r.Scan(&state, &stance, &n); err != nil {
				return err
			}
			t.Comments += n
			if state == consult.CommentPublished {
				t.Published += n
				t.Stances[stance] += n
			}
			return nil
		}, `SELECT state, stance, COUNT(*) FROM comment WHERE consultation = $1 AND state NOT IN ('withdrawn', 'superseded') GROUP BY state, stance`,
			consultation); err != nil {
			return err
		}
		if err := c.each(counting(t.Topics), `SELECT p.topic, COUNT(*) FROM comment c JOIN comment_point p ON p.comment = c.id
			WHERE c.consultation = $1 AND c.state = 'published' AND p.text <> '' GROUP BY p.topic`, consultation); err != nil {
			return err
		}
		by := map[consult.AuthorKind]int{}
		err := c.each(counting(by), `SELECT m.author, COUNT(*) FROM thread t JOIN message m ON m.thread = t.id
			WHERE t.consultation = $1 AND m.state = 'visible' AND m.answer = 0 GROUP BY m.author`, consultation)
		if err != nil {
			return err
		}
		// What was answered once for many is one answer.
		concerns, err := one(c, number, `SELECT COUNT(*) FROM answer WHERE consultation = $1 AND state = 'published'`, consultation)
		t.Messages, t.Answers = by[consult.ByResident], by[consult.ByOfficer]+int(concerns)
		return err
	})
	return t, err
}

// counting reads rows of a value and its count into a map.
func counting[K comparable](into map[K]int) func(row) error {
	return func(r row) error {
		var k K
		var n int
		err := r.Scan(&k, &n)
		into[k] = n
		return err
	}
}

// quadkey is how a place is kept for range scans; -1 for none.
func quadkey(p geo.Point, has bool) int64 {
	if !has {
		return -1
	}
	return int64(geo.QuadkeyOf(p))
}
