package consult

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Colleague is somebody who works the desk.
type Colleague struct {
	ID      ID
	Name    string
	Service string
	Title   string
	Away    time.Time // until when; zero = here
	Gone    bool      // can no longer sign in, or no longer works the desk
}

// Colleagues lists everybody who works or worked the desk, by service and name. Names are for staff.
func (s *Service) Colleagues(ctx context.Context, a Actor) ([]Colleague, error) {
	if err := Must(a, WorkInbox, "list colleagues"); err != nil {
		return nil, err
	}
	return s.colleagues(ctx)
}

func (s *Service) colleagues(ctx context.Context) ([]Colleague, error) {
	officers, err := s.store.Officers(ctx)
	if err != nil {
		return nil, err
	}
	away, err := s.store.Absences(ctx, s.clock())
	if err != nil {
		return nil, err
	}
	list := make([]Colleague, 0, len(officers))
	for _, o := range officers {
		list = append(list, Colleague{ID: o.ID, Name: o.Name, Service: o.Service, Title: o.Title, Away: away[o.ID],
			Gone: o.Disabled || !Can(o.Actor(), WorkInbox)})
	}
	slices.SortStableFunc(list, func(a, b Colleague) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}

// DeskServices lists the services that somebody works in, who can be handed items.
func DeskServices(list []Colleague) []string {
	var names []string
	for _, c := range list {
		if !c.Gone && c.Service != "" {
			names = append(names, c.Service)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// DeskOrder is a finished form that does one thing with items.
type DeskOrder struct {
	Kind    DeskActKind
	Items   []ID
	Officer ID     // assign: to whom
	Service string // hand-over: to which
	Note    string // needed where another service gets it
	Day     Date   // snooze: until this day, at the hour
	Hour    string // "15:04"; "" = WakeHour
	Version int    // of the only item, as the officer saw it; -1 = any
	Seen    time.Time
}

// WakeHour is when items come back that were snoozed until a day, by the authority's clock.
const WakeHour = "08:00"

// WorkOn does one thing with items: one act, one entry in the log, and one press to undo it. A single item that a colleague changed since
// the officer looked is a Conflict; of many, those are left alone and named.
func (s *Service) WorkOn(ctx context.Context, a Actor, o DeskOrder) (DeskDone, error) {
	const op = "work on items"
	if err := Must(a, WorkInbox, op); err != nil {
		return DeskDone{}, err
	}
	now := s.clock()
	act := DeskAct{ID: NewID(now), Kind: o.Kind, By: a.ID, At: now, Seen: o.Seen, Note: strings.TrimSpace(o.Note)}
	bad, err := s.order(ctx, a, o, &act)
	if err != nil {
		return DeskDone{}, err
	}
	if err := bad.err(op); err != nil {
		return DeskDone{}, err
	}
	ch := s.change(a, "desk."+string(act.Kind), act.ID)
	ch.Detail = strconv.Itoa(len(o.Items))
	version := -1
	if len(o.Items) == 1 {
		version = o.Version
	}
	done, err := s.store.Act(ctx, act, o.Items, version, ch)
	switch {
	case err != nil:
		return done, err
	case done.Changed+done.Same+len(done.Skipped) == 0:
		return done, fail(NotFound, op)
	case len(o.Items) == 1 && len(done.Skipped) == 1:
		return done, fail(Conflict, op)
	}
	return done, nil
}

// PlanWork says what WorkOn would do with items, and does nothing.
func (s *Service) PlanWork(ctx context.Context, a Actor, o DeskOrder) (DeskDone, error) {
	const op = "plan work"
	if err := Must(a, WorkInbox, op); err != nil {
		return DeskDone{}, err
	}
	act := DeskAct{Kind: o.Kind, By: a.ID, At: s.clock(), Seen: o.Seen, Note: strings.TrimSpace(o.Note)}
	bad, err := s.order(ctx, a, o, &act)
	if err != nil {
		return DeskDone{}, err
	}
	if err := bad.err(op); err != nil {
		return DeskDone{}, err
	}
	items, err := s.store.DeskItems(ctx, o.Items)
	done := DeskDone{Act: act}
	for _, i := range items {
		switch {
		case act.PassesBy(i):
			done.Skipped = append(done.Skipped, DeskSkip{Item: i.Item, By: i.ChangedBy, At: i.ChangedAt})
		case i.Lies(act.On(i.Assignment)) && act.Note == "" && act.Kind != ActOff:
			done.Same++
		default:
			done.Changed++
		}
	}
	done.Act.Items = done.Changed
	return done, err
}

// order holds a form to its rules and completes the act.
func (s *Service) order(ctx context.Context, a Actor, o DeskOrder, act *DeskAct) (check, error) {
	var bad check
	switch n := len(o.Items); {
	case n == 0:
		bad.add("item", "items_required")
	case n > MaxBulk:
		bad.add("item", "items_many", "max", MaxBulk)
	}
	bad.text("note", act.Note, MaxNote, false)
	switch o.Kind {
	case ActAssign, ActHandOver:
		return s.orderTo(ctx, a, o, act, bad)
	case ActSnooze:
		act.Until = s.wakes(o, &bad)
	case ActUnassign, ActWake, ActOff:
	default:
		bad.add("do", "choice")
	}
	return bad, nil
}

// orderTo finds who gets the items. What leaves the officer's own service needs a note, so that nobody gets a riddle.
func (s *Service) orderTo(ctx context.Context, a Actor, o DeskOrder, act *DeskAct, bad check) (check, error) {
	list, err := s.colleagues(ctx)
	if err != nil {
		return bad, err
	}
	if o.Kind == ActAssign {
		i := slices.IndexFunc(list, func(c Colleague) bool { return c.ID == o.Officer && !c.Gone })
		if i < 0 {
			bad.add("to", "to_required")
			return bad, nil
		}
		act.Officer, act.Service = list[i].ID, list[i].Service
	} else {
		if !slices.Contains(DeskServices(list), o.Service) {
			bad.add("to", "to_required")
			return bad, nil
		}
		act.Service = o.Service
	}
	act.Kind = ActAssign
	if act.Service != a.Service || act.Officer == 0 {
		act.Kind = ActHandOver
	}
	if act.Service != a.Service && act.Note == "" {
		bad.add("note", "note_required")
	}
	return bad, nil
}

// wakes is when snoozed items come back.
func (s *Service) wakes(o DeskOrder, bad *check) time.Time {
	if o.Day == "" {
		bad.add("day", "required")
		return time.Time{}
	}
	clock, err := time.Parse("15:04", cmp.Or(o.Hour, WakeHour))
	if err != nil {
		bad.add("hour", "clock")
		return time.Time{}
	}
	day := o.Day.Time()
	until := time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, s.calendar.Location())
	switch now := s.clock(); {
	case !until.After(now):
		bad.add("day", "snooze_past")
	case until.After(now.AddDate(0, 0, MaxSnooze)):
		bad.add("day", "snooze_far", "max", MaxSnooze)
	}
	return until
}

// UndoWork takes an officer's own act back, the latest one for 0: exactly what it changed, where nobody changed it since. Closed when it is
// longer ago than UndoWithin; NotFound when there is none.
func (s *Service) UndoWork(ctx context.Context, a Actor, act ID) (DeskDone, error) {
	const op = "undo"
	if err := Must(a, WorkInbox, op); err != nil {
		return DeskDone{}, err
	}
	earliest := s.clock().Add(-UndoWithin)
	var last DeskAct
	var err error
	if act == 0 {
		last, err = s.store.LastAct(ctx, a.ID, earliest)
	} else {
		last, err = s.store.DeskAct(ctx, act)
	}
	switch {
	case err != nil:
		return DeskDone{}, err
	case last.By != a.ID || a.ID == 0:
		return DeskDone{}, fail(NotFound, op)
	case last.At.Before(earliest):
		return DeskDone{}, fail(Closed, op)
	}
	ch := s.change(a, "desk.undo", last.ID)
	ch.Detail = string(last.Kind)
	return s.store.Undo(ctx, last.ID, a.ID, ch)
}

// Worked reads an act of the officer's own, to say what it did.
func (s *Service) Worked(ctx context.Context, a Actor, act ID) (DeskAct, error) {
	if err := Must(a, WorkInbox, "read act"); err != nil {
		return DeskAct{}, err
	}
	found, err := s.store.DeskAct(ctx, act)
	if err == nil && found.By != a.ID {
		return DeskAct{}, fail(NotFound, "read act")
	}
	return found, err
}
