package consult

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// What a page of concerns shows.
const (
	ConcernPointsPage = 20 // points
	concernActs       = 6  // recent acts
)

// ConcernDesk is a case's concerns as officers sort them.
type ConcernDesk struct {
	Consultation Consultation
	Subjects     Subjects
	Concerns     []Concern      // Fresh counts since Since
	Points       []ConcernPoint // one page of those in no concern, as the filter wants them
	Total        int            // how many the filter finds
	Loose        int            // how many are in no concern
	FreshLoose   int            // of them, those said since Since
	FreshSorted  int            // points in concerns said since Since
	Since        time.Time      // the beginning of the last working day before today
	Changes      []ConcernChange
}

// sinceLastWorkday is when the last working day before today began: what came since is new to whoever worked then.
func (s *Service) sinceLastWorkday() time.Time {
	day := s.today().Add(-1)
	for !s.calendar.Working(day) {
		day = day.Add(-1)
	}
	return s.calendar.End(day.Add(-1))
}

// ConcernDesk opens the concerns of a case with a page of the points that are in none. fresh narrows those to what is new. That somebody
// read what authors wrote is audited.
func (s *Service) ConcernDesk(ctx context.Context, a Actor, f PointFilter, fresh bool) (ConcernDesk, error) {
	const op = "open concerns"
	if err := Must(a, WorkInbox, op); err != nil {
		return ConcernDesk{}, err
	}
	d := ConcernDesk{Since: s.sinceLastWorkday()}
	f.Limit, f.Offset = ClampPage(ConcernPointsPage, f.Offset)
	if fresh {
		f.Since = d.Since
	}
	for _, read := range []func() error{
		func() (err error) { d.Consultation, err = s.store.Consultation(ctx, f.Consultation); return },
		func() (err error) { d.Subjects, err = s.subjects(ctx, d.Consultation); return },
		func() (err error) { d.Concerns, err = s.store.Concerns(ctx, f.Consultation, d.Since); return },
		func() (err error) { d.Points, d.Total, err = s.store.LoosePoints(ctx, f); return },
		func() (err error) {
			_, d.Loose, err = s.store.LoosePoints(ctx, PointFilter{Consultation: f.Consultation, Limit: 1})
			return
		},
		func() (err error) {
			_, d.FreshLoose, err = s.store.LoosePoints(ctx, PointFilter{Consultation: f.Consultation, Since: d.Since, Limit: 1})
			return
		},
		func() (err error) {
			d.Changes, err = s.store.ConcernChanges(ctx, f.Consultation, 0, concernActs)
			return
		},
	} {
		if err := read(); err != nil {
			return d, err
		}
	}
	for _, k := range d.Concerns {
		d.FreshSorted += k.Fresh
	}
	return d, s.readWords(ctx, a, "concerns.open", f.Consultation, len(d.Points))
}

// readWords notes that somebody read what authors wrote.
func (s *Service) readWords(ctx context.Context, a Actor, action string, subject ID, points int) error {
	ch := s.change(a, action, subject)
	ch.Detail = strconv.Itoa(points) + " points"
	return s.store.Note(ctx, ch)
}

// ConcernFile is one concern as officers see it.
type ConcernFile struct {
	Concern      Concern
	Into         Concern // what it was merged into
	Consultation Consultation
	Subjects     Subjects
	Points       []ConcernPoint // one page, as the filter wants them
	Total        int
	Others       []Concern // where its points can go
	Changes      []ConcernChange
}

// ConcernFile opens one concern with a page of its points in the authors' words, which is audited.
func (s *Service) ConcernFile(ctx context.Context, a Actor, f PointFilter) (ConcernFile, error) {
	if err := Must(a, WorkInbox, "open concern"); err != nil {
		return ConcernFile{}, err
	}
	k, err := s.store.Concern(ctx, f.Concern)
	if err != nil {
		return ConcernFile{}, err
	}
	v := ConcernFile{Concern: k}
	f.Consultation = k.Consultation
	f.Limit, f.Offset = ClampPage(ConcernPointsPage, f.Offset)
	for _, read := range []func() error{
		func() (err error) { v.Consultation, err = s.store.Consultation(ctx, k.Consultation); return },
		func() (err error) { v.Subjects, err = s.subjects(ctx, v.Consultation); return },
		func() (err error) { v.Points, v.Total, err = s.store.ConcernPoints(ctx, f); return },
		func() (err error) { v.Others, err = s.store.Concerns(ctx, k.Consultation, time.Time{}); return },
		func() (err error) {
			v.Changes, err = s.store.ConcernChanges(ctx, k.Consultation, k.ID, concernActs)
			return
		},
	} {
		if err := read(); err != nil {
			return v, err
		}
	}
	for i, o := range v.Others {
		if o.ID == k.ID {
			v.Others = append(v.Others[:i:i], v.Others[i+1:]...)
			break
		}
	}
	if k.MergedInto != 0 {
		if v.Into, err = s.store.Concern(ctx, k.MergedInto); err != nil {
			return v, err
		}
	}
	return v, s.readWords(ctx, a, "concern.open", k.ID, len(v.Points))
}

// MaxCompared is how many points of a case are compared with each other.
const MaxCompared = 20_000

// PointsToCompare lists every point of a case with its words, for programs that look for likeness; mark is ConcernMark's.
func (s *Service) PointsToCompare(ctx context.Context, a Actor, consultation ID) ([]ConcernPoint, error) {
	if err := Must(a, WorkInbox, "compare points"); err != nil {
		return nil, err
	}
	return s.store.AllPoints(ctx, consultation, MaxCompared)
}

// ConcernMark changes with every act on a case's concerns and every point that comes or goes.
func (s *Service) ConcernMark(ctx context.Context, a Actor, consultation ID) (string, error) {
	if err := Must(a, WorkInbox, "compare points"); err != nil {
		return "", err
	}
	return s.store.ConcernMark(ctx, consultation)
}

// ConcernInput is a concern to be made.
type ConcernInput struct {
	Consultation ID
	From         ID // the concern that is split; 0 = points in none
	Title        string
	Service      string
	Refs         []PointRef
	By           ByHow
	Key          string // idempotency key
}

// MakeConcern makes a concern of points that are in none, or of points of another concern, which lose it: splits that.
func (s *Service) MakeConcern(ctx context.Context, a Actor, in ConcernInput) (ID, error) {
	const op = "make concern"
	if err := Must(a, Reply, op); err != nil {
		return 0, err
	}
	if _, err := s.store.Consultation(ctx, in.Consultation); err != nil {
		return 0, err
	}
	var bad check
	bad.concern(in.Title, in.Service)
	bad.refs(in.Refs, in.From != 0)
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "concern.make", NewID(s.clock())).keyed(in.Key, in)
	k := Concern{ID: ch.Subject, Consultation: in.Consultation, Title: strings.TrimSpace(in.Title), Service: strings.TrimSpace(in.Service),
		CreatedAt: ch.At, UpdatedAt: ch.At}
	ch.Events = grouped(ch, k.ID)
	var err error
	if in.From != 0 {
		ch.Action = "concern.split"
		err = s.store.SplitConcern(ctx, in.From, k, in.Refs, ch)
	} else {
		err = s.store.SaveConcern(ctx, k, in.Refs, in.By, ch)
	}
	if id, again := repeated(err); again {
		return id, nil
	}
	return k.ID, err
}

// grouped tells the desk that somebody sorted points.
func grouped(ch Change, concern ID) []Event {
	return []Event{{Thread: DeskThread, Kind: EventGrouped, Subject: concern, At: ch.At}}
}

func (c *check) concern(title, service string) {
	c.line("title", title, MaxConcern, true)
	c.line("service", service, MaxName, false)
}

// refs wants points where there must be some.
func (c *check) refs(refs []PointRef, required bool) {
	if required && len(refs) == 0 {
		c.add("point", "points_required")
	}
	if len(refs) > MaxSort {
		c.add("point", "too_many", "max", MaxSort)
	}
}

// SaveConcern writes what a concern says of itself over the version that was seen: title, service, and whether everybody can read it.
func (s *Service) SaveConcern(ctx context.Context, a Actor, k Concern, shown bool) error {
	const op = "save concern"
	if err := Must(a, Reply, op); err != nil {
		return err
	}
	kept, err := s.store.Concern(ctx, k.ID)
	if err != nil {
		return err
	}
	var bad check
	bad.concern(k.Title, k.Service)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "concern.save", k.ID)
	kept.Title, kept.Service, kept.Version = strings.TrimSpace(k.Title), strings.TrimSpace(k.Service), k.Version
	if kept.ShownAt.IsZero() && shown {
		kept.ShownAt = ch.At
	} else if !shown {
		kept.ShownAt = time.Time{}
	}
	ch.Events = grouped(ch, k.ID)
	return s.store.SaveConcern(ctx, kept, nil, "", ch)
}

// SortPoints puts points into a concern.
func (s *Service) SortPoints(ctx context.Context, a Actor, in Sorting, key string) error {
	const op = "sort points"
	if err := Must(a, Reply, op); err != nil {
		return err
	}
	var bad check
	bad.refs(in.Refs, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "concern.add", in.Concern).keyed(key, in)
	ch.Detail = strconv.Itoa(len(in.Refs)) + " points"
	ch.Events = grouped(ch, in.Concern)
	return done(s.store.AddPoints(ctx, in, ch))
}

// done takes a repeated request for what it repeats.
func done(err error) error {
	if _, again := repeated(err); again {
		return nil
	}
	return err
}

// MovePoints takes points out of a concern and puts them into another; to 0 = into none.
func (s *Service) MovePoints(ctx context.Context, a Actor, from, to ID, refs []PointRef, key string) error {
	const op = "move points"
	if err := Must(a, Reply, op); err != nil {
		return err
	}
	var bad check
	bad.refs(refs, true)
	if from == to {
		bad.add("into", "choice")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "concern.move", from).keyed(key, []any{from, to, refs})
	ch.Detail = strconv.Itoa(len(refs)) + " points"
	ch.Events = grouped(ch, from)
	return done(s.store.MovePoints(ctx, from, to, refs, ch))
}

// MergeConcerns puts every point of a concern into another and ends it. from.Version is the one that was seen.
func (s *Service) MergeConcerns(ctx context.Context, a Actor, from Concern, into ID, key string) error {
	const op = "merge concerns"
	if err := Must(a, Reply, op); err != nil {
		return err
	}
	var bad check
	if from.ID == into {
		bad.add("into", "choice")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "concern.merge", from.ID).keyed(key, []any{from.ID, from.Version, into})
	ch.Detail = "into " + into.String()
	ch.Events = grouped(ch, into)
	return done(s.store.MergeConcerns(ctx, from, into, ch))
}

// UndoConcernChange puts back what an act changed. Conflict when somebody has undone it, or built on it, since.
func (s *Service) UndoConcernChange(ctx context.Context, a Actor, change ID) error {
	const op = "undo an act on concerns"
	if err := Must(a, Reply, op); err != nil {
		return err
	}
	ch := s.change(a, "concern.undo", change)
	ch.Events = grouped(ch, change)
	return s.store.UndoConcernChange(ctx, change, ch)
}

// ConcernKnown finds a concern without opening what people wrote.
func (s *Service) ConcernKnown(ctx context.Context, a Actor, id ID) (Concern, error) {
	if err := Must(a, WorkInbox, "find concern"); err != nil {
		return Concern{}, err
	}
	return s.store.Concern(ctx, id)
}
