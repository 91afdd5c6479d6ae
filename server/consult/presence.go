package consult

import (
	"context"
	"time"
)

// PresenceLease is how long an officer counts as being at an item after the page last said so.
const PresenceLease = 15 * time.Second

// Presence is an officer who has an item open: a comment, a thread, a concern. It is for colleagues, and lost without harm.
type Presence struct {
	Item    ID
	Officer ID
	Name    string // for colleagues only
	Service string
	Writing bool
	At      time.Time
}

// Here is what a page that is open learns: who else is there, and what came since it was drawn.
type Here struct {
	Others []Presence
	Newer  *Message // the latest official message behind the number that the page shows; nil = none
}

// PresenceStore keeps who is where. It is no record: nothing of it is audited, and it is forgotten by age.
type PresenceStore interface {
	// Attend notes that an officer is at an item, forgets those whose lease ended before a moment, and lists the others at the item.
	Attend(ctx context.Context, p Presence, ended time.Time) ([]Presence, error)
	// LatestOfficial is the latest visible official message of a thread behind a number; NotFound when there is none.
	LatestOfficial(ctx context.Context, thread ID, after int64) (Message, error)
}

// ReplyDraft is what an officer is writing to a thread or comment, kept until it is sent, on whatever device they go on.
type ReplyDraft struct {
	Item    ID
	Officer ID
	Body    string
	At      time.Time
}

// ReplyDraftStore keeps drafts of official replies, one for each officer and item.
type ReplyDraftStore interface {
	SaveReplyDraft(ctx context.Context, d ReplyDraft) error                  // an empty body forgets it
	ReplyDraft(ctx context.Context, item, officer ID) (ReplyDraft, error)    // NotFound when there is none
	ReplyDrafts(ctx context.Context, item, besides ID) ([]ReplyDraft, error) // those of colleagues
}

// Attend says that the actor has an item open, and tells who else does. thread is the one whose replies the page shows up to the number
// seen; 0 = none yet.
func (s *Service) Attend(ctx context.Context, a Actor, item, thread ID, seen int64, writing bool) (Here, error) {
	const op = "attend item"
	if err := Must(a, WorkInbox, op); err != nil {
		return Here{}, err
	}
	var here Here
	if a.Kind == Signed {
		now := s.clock()
		var err error
		if here.Others, err = s.store.Attend(ctx, Presence{Item: item, Officer: a.ID, Writing: writing, At: now}, now.Add(-PresenceLease)); err != nil {
			return here, err
		}
	}
	if thread == 0 {
		return here, nil
	}
	m, err := s.store.LatestOfficial(ctx, thread, seen)
	if KindOf(err) == NotFound {
		return here, nil
	}
	here.Newer = &m
	return here, err
}

// ReplyDraft is what the actor was writing to an item; empty when there is nothing.
func (s *Service) ReplyDraft(ctx context.Context, a Actor, item ID) (ReplyDraft, error) {
	if err := Must(a, Reply, "read reply draft"); err != nil || a.Kind != Signed {
		return ReplyDraft{}, err
	}
	d, err := s.store.ReplyDraft(ctx, item, a.ID)
	if KindOf(err) == NotFound {
		return ReplyDraft{}, nil
	}
	return d, err
}

// SaveReplyDraft keeps what the actor is writing to an item; nothing forgets it.
func (s *Service) SaveReplyDraft(ctx context.Context, a Actor, item ID, body string) error {
	const op = "save reply draft"
	if err := Must(a, Reply, op); err != nil {
		return err
	}
	if a.Kind != Signed {
		return fail(Forbidden, op)
	}
	var bad check
	bad.text("body", body, MaxMessage, false)
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.SaveReplyDraft(ctx, ReplyDraft{Item: item, Officer: a.ID, Body: body, At: s.clock()})
}

// ColleaguesDrafts is what others are writing to an item.
func (s *Service) ColleaguesDrafts(ctx context.Context, a Actor, item ID) ([]ReplyDraft, error) {
	if err := Must(a, Reply, "read colleagues' drafts"); err != nil {
		return nil, err
	}
	return s.store.ReplyDrafts(ctx, item, a.ID)
}
