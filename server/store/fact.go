package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const factColumns = `f.id, f.consultation, f.kind, f.state, f.rev, f.version, f.phrasings, f.language, f.service, f.review_on, f.retired_why,
	f.created_at, f.published_at, f.retired_at, v.claim, v.short, v.answer, v.sources, v.changed, v.by_whom, v.at`

const factRows = `SELECT ` + factColumns + ` FROM fact f JOIN fact_version v ON v.fact = f.id AND v.version = f.version`

func scanFact(r row) (f consult.Fact, err error) {
	return f, scanFactAnd(r, &f)
}

// scanFactAnd reads a card, and what the query selects beside it.
func scanFactAnd(r row, f *consult.Fact, more ...any) error {
	var phrasings, sources string
	err := r.Scan(append([]any{&f.ID, &f.Consultation, &f.Kind, &f.State, &f.Rev, &f.Version, &phrasings, &f.Language, &f.Service, &f.ReviewOn,
		&f.RetiredWhy, moment(&f.CreatedAt), moment(&f.PublishedAt), moment(&f.RetiredAt), &f.Claim, &f.Short, &f.Answer, &sources, &f.Changed,
		&f.By, moment(&f.UpdatedAt)}, more...)...)
	if err != nil {
		return err
	}
	if phrasings != "" {
		f.Phrasings = strings.Split(phrasings, "\n")
	}
	return json.Unmarshal([]byte(sources), &f.Sources)
}

const factByID = factRows + ` WHERE f.id = $1`

// Fact finds a card by id, in any state.
func (s *Store) Fact(ctx context.Context, id consult.ID) (consult.Fact, error) {
	f, err := one(s.reading(ctx), scanFact, factByID, id)
	return f, failure("read fact", err)
}

// Facts lists a consultation's cards and those that hold everywhere, latest words first; of consultation 0 all there are.
func (s *Store) Facts(ctx context.Context, consultation consult.ID, public bool) ([]consult.Fact, error) {
	var q text
	q.add(factRows + ` WHERE TRUE`)
	if consultation != 0 {
		q.add(` AND f.consultation IN (0, ?)`, consultation)
	}
	if public {
		q.add(` AND f.state = 'published'`)
	}
	q.add(` ORDER BY v.at DESC, f.id DESC`)
	l, err := list(s.reading(ctx), scanFact, q.String(), q.args...)
	return l, failure("list facts", err)
}

// FactVersions lists a card's wordings, newest first.
func (s *Store) FactVersions(ctx context.Context, fact consult.ID) ([]consult.FactVersion, error) {
	l, err := list(s.reading(ctx), func(r row) (v consult.FactVersion, err error) {
		var sources string
		if err := r.Scan(&v.Version, &v.Claim, &v.Short, &v.Answer, &sources, &v.Changed, &v.By, moment(&v.At), moment(&v.PublicAt)); err != nil {
			return v, err
		}
		return v, json.Unmarshal([]byte(sources), &v.Sources)
	}, `SELECT version, claim, short, answer, sources, changed, by_whom, at, public_at FROM fact_version WHERE fact = $1 ORDER BY version DESC`, fact)
	return l, failure("list versions of a fact", err)
}

// SaveFact adds a card or replaces the revision that was seen; a new version of its words is kept beside the earlier ones.
func (s *Store) SaveFact(ctx context.Context, f consult.Fact, ch consult.Change) error {
	return s.change(ctx, "save fact", ch, f.ID, func(w *change) error {
		var was consult.Fact
		if f.Rev == 0 {
			if err := w.insert(`INSERT INTO fact (id, consultation, kind, state, rev, version, phrasings, language, service, review_on, retired_why,
				told, created_at, published_at, retired_at)`, [][]any{{f.ID, f.Consultation, f.Kind, f.State, 1, f.Version,
				strings.Join(f.Phrasings, "\n"), f.Language, f.Service, f.ReviewOn, f.RetiredWhy, 0, f.CreatedAt, f.PublishedAt, f.RetiredAt}}, ""); err != nil {
				return err
			}
		} else {
			var err error
			if was, err = w.replaceFact(f); err != nil {
				return err
			}
		}
		if err := w.saveFactVersion(f, was); err != nil {
			return err
		}
		return w.tellPinned(f, was)
	})
}

// replaceFact writes the row of the revision that was seen and returns what stood there.
func (w *change) replaceFact(f consult.Fact) (was consult.Fact, err error) {
	if was, err = one(&w.conn, scanFact, factByID, f.ID); err != nil {
		return was, err
	}
	n, err := w.exec(`UPDATE fact SET rev = rev + 1, kind = $1, state = $2, version = $3, phrasings = $4, language = $5, service = $6,
		review_on = $7, retired_why = $8, published_at = $9, retired_at = $10 WHERE id = $11 AND rev = $12 AND rev = $13`, f.Kind, f.State,
		f.Version, strings.Join(f.Phrasings, "\n"), f.Language, f.Service, f.ReviewOn, f.RetiredWhy, f.PublishedAt, f.RetiredAt, f.ID, f.Rev,
		was.Rev)
	if err == nil && n == 0 {
		err = fail(consult.Conflict, "", errSavedMeanwhile)
	}
	return was, err
}

// saveFactVersion keeps new words; those of a draft become public with the card.
func (w *change) saveFactVersion(f, was consult.Fact) error {
	public := w.At
	if f.State != consult.FactPublished {
		public = time.Time{}
	}
	if f.Version == was.Version {
		if public.IsZero() {
			return nil
		}
		_, err := w.exec(`UPDATE fact_version SET public_at = $1 WHERE fact = $2 AND version = $3 AND public_at = 0`, public, f.ID, f.Version)
		return err
	}
	sources, err := json.Marshal(f.Sources)
	if err != nil {
		return err
	}
	return w.insert(`INSERT INTO fact_version (fact, version, claim, short, answer, sources, changed, by_whom, at, public_at)`, [][]any{{f.ID,
		f.Version, f.Claim, f.Short, f.Answer, sources, f.Changed, f.By, w.At, public}}, "")
}

// tellPinned lets the threads of a card's messages know what readers see differently now.
func (w *change) tellPinned(f, was consult.Fact) error {
	shown, before := f.State == consult.FactPublished, was.State == consult.FactPublished
	kind := consult.EventPinned
	switch {
	case !shown && !before, shown && before && f.Version == was.Version:
		return nil
	case !shown:
		kind = consult.EventUnpinned
	}
	return w.each(func(r row) error {
		e := consult.Event{Kind: kind, At: w.At}
		err := r.Scan(&e.Thread, &e.Subject)
		w.Events = append(w.Events, e)
		return err
	}, `SELECT thread, subject FROM fact_pin WHERE fact = $1 AND thread > 0 ORDER BY subject`, f.ID)
}
