package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// DeskFile is an item with what colleagues wrote about it.
type DeskFile struct {
	DeskItem
	Matter     Consultation
	Thread     Thread // of an item that is one
	Comment    Comment
	Colleagues []Colleague
	Notes      []DeskNote
	Total      int
}

// NotesPerPage is how many notes a page of an item shows, TimelinePerPage how many entries one of its timeline.
const (
	NotesPerPage    = 20
	TimelinePerPage = 50
)

// DeskFile opens the desk's side of an item: of a comment or thread, of a comment's thread, or of a message.
func (s *Service) DeskFile(ctx context.Context, a Actor, id ID, offset int) (DeskFile, error) {
	const op = "open item"
	if err := Must(a, WorkInbox, op); err != nil {
		return DeskFile{}, err
	}
	item, err := s.store.DeskItem(ctx, id)
	if err != nil {
		return DeskFile{}, err
	}
	f := DeskFile{DeskItem: item}
	for _, read := range []func() error{
		func() (err error) { f.Matter, err = s.store.Consultation(ctx, item.Consultation); return },
		func() (err error) { f.Colleagues, err = s.colleagues(ctx); return },
		func() (err error) {
			limit, offset := ClampPage(NotesPerPage, offset)
			f.Notes, f.Total, err = s.store.Notes(ctx, item.Item, offset, limit)
			return
		},
		func() (err error) {
			if item.What == DeskDialog {
				f.Thread, err = s.store.Thread(ctx, item.Item)
			} else {
				f.Comment, err = s.store.Comment(ctx, item.Item)
			}
			return
		},
	} {
		if err := read(); err != nil {
			return f, err
		}
	}
	return f, nil
}

// DeskItems reads where items lie, for a preview.
func (s *Service) DeskItems(ctx context.Context, a Actor, ids []ID) ([]DeskItem, error) {
	if err := Must(a, WorkInbox, "read items"); err != nil {
		return nil, err
	}
	return s.store.DeskItems(ctx, ids[:min(len(ids), MaxBulk)])
}

// NoteInput is a finished note.
type NoteInput struct {
	Item     ID
	Body     string
	Mentions []ID
	Key      string // idempotency key
}

// WriteNote keeps a note about an item. Whoever it names finds the item under Mentions until they have dealt with it.
func (s *Service) WriteNote(ctx context.Context, a Actor, in NoteInput) error {
	const op = "write note"
	if err := Must(a, WorkInbox, op); err != nil {
		return err
	}
	item, err := s.store.DeskItem(ctx, in.Item)
	if err != nil {
		return err
	}
	list, err := s.colleagues(ctx)
	if err != nil {
		return err
	}
	var bad check
	bad.text("body", in.Body, MaxNote, true)
	bad.key(in.Key)
	for _, m := range in.Mentions {
		if !slices.ContainsFunc(list, func(c Colleague) bool { return c.ID == m && !c.Gone }) {
			bad.add("mention", "choice")
			break
		}
	}
	if err := bad.err(op); err != nil {
		return err
	}
	mentions := slices.Compact(slices.Sorted(slices.Values(in.Mentions)))
	note := DeskNote{ID: NewID(s.clock()), Item: item.Item, Consultation: item.Consultation, By: a.ID, Body: strings.TrimSpace(in.Body),
		Mentions: mentions}
	err = s.store.SaveNote(ctx, note, s.change(a, "desk.note", note.ID).keyed(in.Key, in))
	if _, again := repeated(err); again {
		return nil
	}
	return err
}

// Timeline reads everything that was done with an item, and every time somebody opened it, newest first.
func (s *Service) Timeline(ctx context.Context, a Actor, id ID, offset int) (DeskItem, []TimelineRow, int, error) {
	if err := Must(a, WorkInbox, "read timeline"); err != nil {
		return DeskItem{}, nil, 0, err
	}
	item, err := s.store.DeskItem(ctx, id)
	if err != nil {
		return item, nil, 0, err
	}
	limit, offset := ClampPage(TimelinePerPage, offset)
	rows, total, err := s.store.Timeline(ctx, item.Item, offset, limit)
	return item, rows, total, err
}

// awayGap is how long nobody looks at the inbox who has left it.
const awayGap = time.Hour

// LookIn opens an officer's own desk: how it is set up, and what changed since they left. The visit is kept, at most once a minute.
func (s *Service) LookIn(ctx context.Context, a Actor) (OfficerDesk, DeskNews, error) {
	d, err := s.MyDesk(ctx, a)
	if err != nil || a.Kind != Signed || a.ID == 0 {
		return d, DeskNews{}, err
	}
	now := s.clock()
	if gap := now.Sub(d.LookedAt); gap >= awayGap {
		d.LeftAt = d.LookedAt
	}
	if now.Sub(d.LookedAt) >= time.Minute {
		if err := s.store.Looked(ctx, a.ID, d.LeftAt, now); err != nil {
			return d, DeskNews{}, err
		}
	}
	if d.LeftAt.IsZero() {
		return d, DeskNews{}, nil
	}
	news, err := s.store.DeskNews(ctx, a.ID, d.LeftAt, now)
	return d, news, err
}

// MyDesk is how an officer's own desk is set up.
func (s *Service) MyDesk(ctx context.Context, a Actor) (OfficerDesk, error) {
	if err := Must(a, WorkInbox, "open own desk"); err != nil {
		return OfficerDesk{}, err
	}
	return s.store.OfficerDesk(ctx, a.ID)
}

// SetMyDesk keeps until which day the officer is away ("" = here) and whether single keys work. While they are away their items show
// under the service, and rules pass them by.
func (s *Service) SetMyDesk(ctx context.Context, a Actor, away Date, keysOff bool) error {
	const op = "set up own desk"
	if err := Must(a, WorkInbox, op); err != nil {
		return err
	}
	if a.Kind != Signed || a.ID == 0 {
		return fail(Forbidden, op)
	}
	d := OfficerDesk{Officer: a.ID, KeysOff: keysOff}
	if away != "" {
		var bad check
		if away < s.today() {
			bad.add("away", "away_past")
		}
		if err := bad.err(op); err != nil {
			return err
		}
		d.Away = s.calendar.End(away)
	}
	ch := s.change(a, "desk.settings", a.ID)
	if away != "" {
		ch.Detail = "away until " + string(away)
	}
	return s.store.SaveOfficerDesk(ctx, d, ch)
}

// SavedViews lists an officer's own lists and those that colleagues of the service share.
func (s *Service) SavedViews(ctx context.Context, a Actor) ([]SavedView, error) {
	if err := Must(a, WorkInbox, "list saved views"); err != nil {
		return nil, err
	}
	return s.store.SavedViews(ctx, a.ID, a.Service)
}

// maxViewQuery bounds the address of a saved view, in characters.
const maxViewQuery = 1000

// SaveView keeps a list under a name; share shows it to the officer's service. Closed when the officer has MaxViews.
func (s *Service) SaveView(ctx context.Context, a Actor, name, query string, share bool) (SavedView, error) {
	const op = "save view"
	if err := Must(a, WorkInbox, op); err != nil {
		return SavedView{}, err
	}
	var bad check
	bad.line("name", name, MaxViewName, true)
	bad.line("query", query, maxViewQuery, true)
	if err := bad.err(op); err != nil {
		return SavedView{}, err
	}
	v := SavedView{ID: NewID(s.clock()), Officer: a.ID, Name: strings.TrimSpace(name), Query: query, CreatedAt: s.clock()}
	if share {
		v.Service = a.Service
	}
	return v, s.store.SaveView(ctx, v, s.change(a, "desk.save-view", v.ID))
}

// RemoveView forgets one of the officer's own.
func (s *Service) RemoveView(ctx context.Context, a Actor, id ID) error {
	const op = "remove view"
	if err := Must(a, WorkInbox, op); err != nil {
		return err
	}
	return s.store.RemoveView(ctx, id, a.ID, s.change(a, "desk.remove-view", id))
}
