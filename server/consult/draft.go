package consult

import (
	"context"
	"time"
)

// Draft is a comment being written. It is found by an unguessable token only and removed when it is sent or after DraftLife.
type Draft struct {
	Token        string
	Consultation ID
	Data         DraftData
	UpdatedAt    time.Time
}

// DraftLife is how long an untouched draft is kept.
const DraftLife = 14 * 24 * time.Hour

// DraftData is what was typed so far, as typed: rules are checked step by step and once more at the end.
type DraftData struct {
	Stance    Stance           `json:"stance,omitempty"`
	Topics    []Topic          `json:"topics,omitempty"`
	Texts     map[Topic]string `json:"texts,omitempty"`
	PlaceText string           `json:"placeText,omitempty"`
	Lat       string           `json:"lat,omitempty"`
	Lon       string           `json:"lon,omitempty"`
	Contact   Contact          `json:"contact"`
	ShowName  bool             `json:"showName,omitempty"`
	Key       string           `json:"key"`                // idempotency key of the final sending
	Replaces  ID               `json:"replaces,omitempty"` // the author's earlier comment that this one is to supersede
	Form      int              `json:"form,omitempty"`     // the version of the form it answers; 0 = a comment on an application
	Typed     Typed            `json:"typed,omitempty"`    // what was typed into the fields of a form
	Channel   Channel          `json:"channel,omitempty"`  // an officer copies what came on paper or by phone; "" = the resident's own
	Received  Date             `json:"received,omitempty"`
}

// StartDraft begins a comment on a consultation that takes comments now.
func (s *Service) StartDraft(ctx context.Context, a Actor, consultation ID, data DraftData) (Draft, error) {
	if _, _, err := s.openCase(ctx, a, consultation); err != nil {
		return Draft{}, err
	}
	if data.Key == "" {
		data.Key = NewKey()
	}
	d := Draft{Token: randomToken(), Consultation: consultation, Data: data, UpdatedAt: s.clock()}
	return d, s.store.SaveDraft(ctx, d)
}

// SaveDraft keeps what was typed so far.
func (s *Service) SaveDraft(ctx context.Context, d Draft) error {
	d.UpdatedAt = s.clock()
	return s.store.SaveDraft(ctx, d)
}

// Draft finds a draft; NotFound after it was sent or DraftLife passed.
func (s *Service) Draft(ctx context.Context, token string) (Draft, error) {
	d, err := s.store.Draft(ctx, token)
	if err == nil && s.clock().Sub(d.UpdatedAt) > DraftLife {
		return Draft{}, fail(NotFound, "read draft")
	}
	return d, err
}

// keptLong is how long links, sessions and idempotency keys are kept after they did their work.
const keptLong = 30 * 24 * time.Hour

// Tidy forgets drafts nobody touched for DraftLife, and what has done its work long ago.
func (s *Service) Tidy(ctx context.Context) (int, error) {
	now := s.clock()
	n, err := s.store.Purge(ctx, now.Add(-DraftLife), now.Add(-keptLong))
	if err != nil {
		return n, err
	}
	traces, err := s.store.PurgeTraces(ctx, now.Add(-TracesKept), s.today())
	if err != nil {
		return n, err
	}
	alerts, err := s.TidyAlerts(ctx)
	return n + traces + alerts, err
}

// openCase is a consultation that takes comments now, with its window.
func (s *Service) openCase(ctx context.Context, a Actor, id ID) (Consultation, Window, error) {
	c, err := s.visible(ctx, a, id)
	if err != nil {
		return c, Window{}, err
	}
	rounds, err := s.store.Rounds(ctx, id)
	if err != nil {
		return c, Window{}, err
	}
	w := WindowOf(c.State, rounds, s.today())
	if w.Status == WindowClosed || w.Status == WindowNotYet {
		return c, w, fail(Closed, "comment")
	}
	return c, w, nil
}
