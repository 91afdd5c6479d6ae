package consult

import (
	"context"
	"slices"
	"strings"
)

// AllCites asks a report for every link in it, not only those to one comment.
const AllCites ID = 0

// ReportStore keeps the officer report with its conditions and what they link to. Each write of a paragraph or condition is a
// compare-and-set on its version, each change of their order or of the recommendation one on the report's: Conflict when somebody else
// saved meanwhile.
type ReportStore interface {
	// Report reads everything; links to withdrawn comments are left out. comment narrows the links to those to it and to whole topics.
	Report(ctx context.Context, consultation, comment ID) (Report, error)
	SaveRecommendation(ctx context.Context, r Report, ch Change) error
	// SaveParagraph adds p (Version 0) behind the others of its kind or replaces it with its links. Invalid when a link leads nowhere.
	SaveParagraph(ctx context.Context, p Paragraph, ch Change) error
	RemoveParagraph(ctx context.Context, p Paragraph, ch Change) error
	// MoveParagraph changes places with its neighbour; at the end of the line it stays where it is.
	MoveParagraph(ctx context.Context, r Report, paragraph ID, up bool, ch Change) error
	// SaveCondition is Invalid when the number is taken or a link leads nowhere.
	SaveCondition(ctx context.Context, c Condition, ch Change) error
	RemoveCondition(ctx context.Context, c Condition, ch Change) error
	// AddCites links points to a paragraph or condition besides those it has. NotFound when there is no such source.
	AddCites(ctx context.Context, consultation, source ID, cites []Cite, ch Change) error
}

func (s *Service) report(ctx context.Context, consultation, comment ID) (Report, error) {
	r, err := s.store.Report(ctx, consultation, comment)
	return r.numbered(), err
}

// ReportDesk opens the report for those who write it.
func (s *Service) ReportDesk(ctx context.Context, a Actor, consultation ID) (Report, Consultation, error) {
	if err := Must(a, RecordOutcome, "open report"); err != nil {
		return Report{}, Consultation{}, err
	}
	k, err := s.store.Consultation(ctx, consultation)
	if err != nil {
		return Report{}, k, err
	}
	r, err := s.report(ctx, consultation, AllCites)
	return r, k, err
}

// MaxAnswers is how many consultees the report lists; their page has all.
const MaxAnswers = 50

// ReportView is the report as everybody reads it, with what it rests on.
type ReportView struct {
	Consultation Consultation
	Current      ProposalVersion
	Versions     []ProposalVersion
	Rounds       []Round
	Publicity    []Publicity
	Weighed      []WeighedTopic
	Report       Report
	Outcomes     []Outcome           // published ones
	Answers      []ConsulteeResponse // published ones of consultees, at most MaxAnswers
	Answered     int                 // how many there are
	Since        Date                // the day it was published; "" = not yet, and only officers read it
}

// ReportView reads the report. Before the case is assessed it exists for officers only.
func (s *Service) ReportView(ctx context.Context, a Actor, consultation ID) (ReportView, error) {
	k, err := s.visible(ctx, a, consultation)
	if err != nil {
		return ReportView{}, err
	}
	v := ReportView{Consultation: k}
	for _, read := range []func() error{
		func() (err error) { v.Since, err = s.reportSince(ctx, k); return },
		func() (err error) { v.Versions, err = s.store.Versions(ctx, consultation); return },
		func() (err error) { v.Rounds, err = s.store.Rounds(ctx, consultation); return },
		func() (err error) { v.Publicity, err = s.store.Publicity(ctx, consultation); return },
		func() (err error) { v.Weighed, err = s.weighed(ctx, consultation); return },
		func() (err error) { v.Report, err = s.report(ctx, consultation, AllCites); return },
		func() (err error) { v.Outcomes, err = s.Outcomes(ctx, consultation); return },
		func() (err error) {
			v.Answers, v.Answered, err = s.store.ConsulteeResponses(ctx, consultation, 0, MaxAnswers)
			return
		},
	} {
		if err := read(); err != nil {
			return v, err
		}
		if v.Since == "" && !Can(a, RecordOutcome) {
			return ReportView{}, fail(NotFound, "read report")
		}
	}
	for _, pv := range v.Versions {
		if pv.Number == k.Version {
			v.Current = pv
		}
	}
	return v, nil
}

func (s *Service) reportSince(ctx context.Context, k Consultation) (Date, error) {
	history, err := s.store.StateEvents(ctx, k.ID)
	return ReportSince(history, k.Application.DecidedOn, s.calendar), err
}

// Recommend records what the report recommends. version is the report's that was seen.
func (s *Service) Recommend(ctx context.Context, a Actor, consultation ID, recommendation string, version int) error {
	const op = "recommend"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	var bad check
	if !slices.Contains(Decisions(), recommendation) {
		bad.add("recommendation", "required")
	}
	if err := s.notFrozen(ctx, &bad, consultation); err != nil {
		return err
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "report.recommend", consultation)
	ch.Detail = recommendation
	return s.store.SaveRecommendation(ctx, Report{Consultation: consultation, Version: version, Recommendation: recommendation, By: a.Standing(),
		UpdatedAt: ch.At}, ch)
}

// WriteParagraph adds a paragraph (Version 0) or replaces one with its links. Once the report is finished what is added is a late item, and
// nothing else changes; from the decision on nothing at all.
func (s *Service) WriteParagraph(ctx context.Context, a Actor, p Paragraph) (ID, error) {
	const op = "write paragraph"
	k, err := s.paragraphs(ctx, a, op, p.Consultation)
	if err != nil {
		return 0, err
	}
	var bad check
	bad.line("heading", p.Heading, MaxHeading, false)
	bad.text("text", p.Text, MaxParagraph, true)
	if err := s.checkCites(ctx, &bad, k.ID, p.Cites); err != nil {
		return 0, err
	}
	if p.Version == 0 {
		p.Late = Frozen(k.State)
	}
	if err := s.mayWrite(ctx, &bad, k, p); err != nil {
		return 0, err
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "report.paragraph", p.Consultation)
	if p.Version == 0 {
		p.ID = NewID(ch.At)
	}
	p.Heading, p.Text, p.By, p.UpdatedAt = strings.TrimSpace(p.Heading), strings.TrimSpace(p.Text), a.Standing(), ch.At
	return p.ID, s.store.SaveParagraph(ctx, p, ch)
}

func (s *Service) paragraphs(ctx context.Context, a Actor, op string, consultation ID) (Consultation, error) {
	if err := Must(a, RecordOutcome, op); err != nil {
		return Consultation{}, err
	}
	return s.store.Consultation(ctx, consultation)
}

// mayWrite refuses changes of a finished report: late items may be added and, until the decision, corrected.
func (s *Service) mayWrite(ctx context.Context, bad *check, k Consultation, p Paragraph) error {
	if p.Version > 0 {
		r, err := s.report(ctx, k.ID, AllCites)
		if err != nil {
			return err
		}
		kept, ok := r.Paragraph(p.ID)
		if !ok {
			return fail(NotFound, "write paragraph")
		}
		p.Late = kept.Late
	}
	if k.State.Settled() || Frozen(k.State) && !p.Late {
		bad.add("state", "report_frozen")
	}
	return nil
}

// checkCites holds links to what they can name. That a comment makes the point is for the store to see.
func (s *Service) checkCites(ctx context.Context, bad *check, consultation ID, list []Cite) error {
	if len(list) > MaxCites {
		bad.add("cites", "too_many", "max", MaxCites)
	}
	topics, err := s.topicsOf(ctx, consultation)
	if slices.ContainsFunc(list, func(l Cite) bool { return !slices.Contains(topics, l.Topic) }) {
		bad.add("cites", "choice")
	}
	return err
}

// RemoveParagraph takes one out, before the report is finished. p.Version is the one that was seen.
func (s *Service) RemoveParagraph(ctx context.Context, a Actor, p Paragraph) error {
	const op = "remove paragraph"
	k, err := s.paragraphs(ctx, a, op, p.Consultation)
	if err != nil {
		return err
	}
	var bad check
	if Frozen(k.State) {
		bad.add("state", "report_frozen")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.RemoveParagraph(ctx, p, s.change(a, "report.paragraph-remove", p.Consultation))
}

// MoveParagraph moves one up or down by one place. version is the report's that was seen.
func (s *Service) MoveParagraph(ctx context.Context, a Actor, consultation, paragraph ID, up bool, version int) error {
	const op = "move paragraph"
	k, err := s.paragraphs(ctx, a, op, consultation)
	if err != nil {
		return err
	}
	var bad check
	if Frozen(k.State) {
		bad.add("state", "report_frozen")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.MoveParagraph(ctx, Report{Consultation: consultation, Version: version}, paragraph, up, s.change(a, "report.paragraph-move", consultation))
}

// Cite links points to a paragraph or condition besides those it has.
func (s *Service) Cite(ctx context.Context, a Actor, consultation, source ID, cites []Cite) error {
	const op = "cite"
	k, err := s.paragraphs(ctx, a, op, consultation)
	if err != nil {
		return err
	}
	r, err := s.report(ctx, consultation, AllCites)
	if err != nil {
		return err
	}
	var bad check
	if len(cites) == 0 {
		bad.add("cites", "required")
	}
	had := []Cite(nil)
	if p, ok := r.Paragraph(source); ok {
		had = p.Cites
		if k.State.Settled() || Frozen(k.State) && !p.Late {
			bad.add("state", "report_frozen")
		}
	} else if c, ok := r.Condition(source); !ok {
		bad.add("source", "choice")
	} else {
		had = c.Cites
		bad.settled(k.State)
	}
	if err := s.checkCites(ctx, &bad, k.ID, slices.Concat(had, cites)); err != nil {
		return err
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "report.cite", source)
	return s.store.AddCites(ctx, consultation, source, cites, ch)
}

func (c *check) settled(s State) {
	if s.Settled() {
		c.add("state", "settled")
	}
}
