package consult

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"
)

// ReachSource is what the analyst's figures are made of, for somebody who may read them. It gives rows without words, contact or
// name; package reach protects what is counted from them.
type ReachSource struct{ service *Service }

// ReachSource opens the rows behind the figures.
func (s *Service) ReachSource(a Actor) (ReachSource, error) {
	if err := Must(a, ReadReach, "read reach"); err != nil {
		return ReachSource{}, err
	}
	return ReachSource{service: s}, nil
}

// EachReachRow streams received comments.
func (r ReachSource) EachReachRow(ctx context.Context, f ReachFilter, each func(ReachRow) error) error {
	return r.service.store.EachReachRow(ctx, f, each)
}

// Equality lists equality answers, in no order that tells who answered when.
func (r ReachSource) Equality(ctx context.Context, f ReachFilter) ([]EqualityAnswers, error) {
	return r.service.store.Equality(ctx, f)
}

// Benchmarks lists how many people live in which area.
func (r ReachSource) Benchmarks(ctx context.Context, name string) ([]Benchmark, error) {
	return r.service.store.Benchmarks(ctx, name)
}

// Wards names the known wards by code.
func (r ReachSource) Wards(ctx context.Context) (map[string]string, error) {
	return r.service.Wards(ctx)
}

// PromiseDays is within how many working days a consultation promises an answer.
func (r ReachSource) PromiseDays(ctx context.Context, consultation ID) (int, error) {
	c, err := r.service.store.Consultation(ctx, consultation)
	return c.Promise(), err
}

// ReachConsultations lists the hundred newest public consultations, to choose from.
func (s *Service) ReachConsultations(ctx context.Context, a Actor) ([]Consultation, error) {
	if err := Must(a, ReadReach, "list consultations"); err != nil {
		return nil, err
	}
	page, err := s.store.Consultations(ctx, Filter{Limit: 100})
	list := make([]Consultation, len(page.Cards))
	for i, card := range page.Cards {
		list[i] = card.Consultation
	}
	return list, err
}

// ReachConsultation reads one that is not among the newest. Those that are not public are NotFound, for officers too: figures are
// about what everybody may know of.
func (s *Service) ReachConsultation(ctx context.Context, a Actor, id ID) (Consultation, error) {
	const op = "read consultation"
	if err := Must(a, ReadReach, op); err != nil {
		return Consultation{}, err
	}
	c, err := s.store.Consultation(ctx, id)
	if err == nil && !c.State.Public() {
		return Consultation{}, fail(NotFound, op)
	}
	return c, err
}

func (s *Service) publicConsultations(ctx context.Context) ([]Consultation, error) {
	var all []Consultation
	for {
		page, err := s.store.Consultations(ctx, Filter{Limit: 100, Offset: len(all)})
		if err != nil {
			return nil, err
		}
		for _, card := range page.Cards {
			all = append(all, card.Consultation)
		}
		if len(page.Cards) == 0 || len(all) >= page.Total {
			return all, nil
		}
	}
}

// ExportedComment is a published comment as a file may carry it.
type ExportedComment struct {
	Comment   Comment // WardCode is the ward of the published place
	Reference string  // of the application
	WardName  string
	Received  Date // by the authority's calendar, as the other days
	Published Date
	Answered  Date // "" = not yet
}

// EachExportedComment streams the published comments of public consultations that a filter takes, by consultation and oldest first.
// Those published later than upTo are left out, so that two files written one after the other hold the same comments.
//
// A comment's ward is where its author lives, which the author did not publish; here it is where the published place lies, and
// the filter's ward means that too.
func (s *Service) EachExportedComment(ctx context.Context, a Actor, f ReachFilter, upTo time.Time, each func(ExportedComment) error) error {
	if err := Must(a, ExportData, "export comments"); err != nil {
		return err
	}
	consultations, err := s.publicConsultations(ctx)
	if err != nil {
		return err
	}
	wards, names, err := s.wardIndex(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(consultations, func(a, b Consultation) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	for _, c := range consultations {
		if f.Consultation != 0 && f.Consultation != c.ID || !c.State.Public() {
			continue
		}
		wanted := CommentFilter{Consultation: c.ID, Stance: f.Stance, Topic: f.Topic}
		err := s.store.EachComment(ctx, wanted, func(k Comment) error {
			if k.State != CommentPublished || k.Consultation != c.ID || k.PublishedAt.After(upTo) {
				return nil
			}
			k.WardCode = ""
			if k.HasPlace {
				k.WardCode, _ = wards.Find(k.Place)
			}
			e := ExportedComment{Comment: k, Reference: c.Application.Reference, WardName: names[k.WardCode],
				Received: s.calendar.Day(k.ReceivedAt), Published: s.calendar.Day(k.PublishedAt)}
			if !k.AnsweredAt.IsZero() {
				e.Answered = s.calendar.Day(k.AnsweredAt)
			}
			if !f.takes(e) {
				return nil
			}
			return each(e)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// takes holds an exported comment to what EachComment does not filter by.
func (f ReachFilter) takes(e ExportedComment) bool {
	return (f.Ward == "" || f.Ward == e.Comment.WardCode) && (f.Channel == "" || f.Channel == e.Comment.Channel) &&
		(f.From == "" || f.From <= e.Received) && (f.To == "" || e.Received <= f.To)
}

// NoteExport records who takes which file out, and of what selection, before the first byte leaves.
func (s *Service) NoteExport(ctx context.Context, a Actor, file string, f ReachFilter) error {
	if err := Must(a, ExportData, "export"); err != nil {
		return err
	}
	ch := s.change(a, "export", f.Consultation)
	ch.Detail = file
	for _, condition := range []string{string(f.From), string(f.To), f.Ward, string(f.Channel), string(f.Stance), string(f.Topic)} {
		if condition != "" {
			ch.Detail += " " + condition
		}
	}
	return s.store.Note(ctx, ch)
}

// EachExportedResponse streams what published answers to a consultation's form say, oldest first: those comments that
// EachExportedComment gives, with their values and without their words beside them but the published ones.
func (s *Service) EachExportedResponse(ctx context.Context, a Actor, f ReachFilter, upTo time.Time, each func(ExportedComment) error) error {
	if err := Must(a, ExportData, "export responses"); err != nil {
		return err
	}
	// Both streams are in the order of receipt; what one has and the other has not is passed over.
	next, stop := iter.Pull2(func(yield func(ResponseRow, error) bool) {
		err := s.store.EachResponseRow(ctx, f.Consultation, func(r ResponseRow) error {
			if !yield(r, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(ResponseRow{}, err)
		}
	})
	defer stop()
	row, err, more := next()
	return s.EachExportedComment(ctx, a, f, upTo, func(e ExportedComment) error {
		for more && err == nil && (row.Row.ReceivedAt.Before(e.Comment.ReceivedAt) || row.Row.ReceivedAt.Equal(e.Comment.ReceivedAt) && row.Comment < e.Comment.ID) {
			row, err, more = next()
		}
		if err != nil {
			return err
		}
		if !more || row.Comment != e.Comment.ID {
			return nil
		}
		e.Comment.Form, e.Comment.Responses = row.Form, row.Responses
		return each(e)
	})
}

// errStopped ends a stream whose reader has enough.
var errStopped = errors.New("stopped")
