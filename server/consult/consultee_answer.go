package consult

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"
)

const linkConsultee linkPurpose = "consultee"

// linkBits is how many links one consultee can get in its life.
const linkBits = 20

// consulteeToken makes the link of a consultee: its id, the last day it opens with the link's number, and 128 bits of HMAC-SHA256 over
// all of that. A link made later puts an end to it.
func (s *Service) consulteeToken(c Consultee) string {
	days := Date("2000-01-01").Until(c.ExpiresOn)
	ends := ID(int64(days)<<linkBits | int64(c.Link)&(1<<linkBits-1))
	return c.ID.String() + ends.String() + s.seal(linkConsultee, c.ID, ends)
}

// seal is the part of a link that nobody can guess.
func (s *Service) seal(purpose linkPurpose, id, ends ID) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(id.String() + ends.String()))
	return encode(mac.Sum(nil)[:16])
}

// openConsultee reads a consultee's link: NotFound when it was never given, Closed when it is over.
func (s *Service) openConsultee(ctx context.Context, token string) (ConsulteeFile, error) {
	const op = "open consultee's link"
	if len(token) < 2*idLength {
		return ConsulteeFile{}, fail(NotFound, op)
	}
	id, err := ParseID(token[:idLength])
	if err != nil {
		return ConsulteeFile{}, err
	}
	ends, err := ParseID(token[idLength : 2*idLength])
	if err != nil {
		return ConsulteeFile{}, err
	}
	if !hmac.Equal([]byte(s.seal(linkConsultee, id, ends)), []byte(token[2*idLength:])) {
		return ConsulteeFile{}, fail(NotFound, op)
	}
	last := Date("2000-01-01").Add(int(ends >> linkBits))
	file, err := s.store.ConsulteeFile(ctx, id)
	if err != nil {
		return file, err
	}
	if last < s.today() || int(ends&(1<<linkBits-1)) != file.Consultee.Link {
		return ConsulteeFile{}, fail(Closed, op)
	}
	return file, nil
}

// Asked is what a consultee sees behind its link.
type Asked struct {
	Consultee Consultee
	Case      CaseView
	Answer    *ConsulteeAnswer // what it has said so far; nil = nothing
	Open      bool             // whether it can still be said or corrected
}

// Asked opens a consultee's link.
func (s *Service) Asked(ctx context.Context, token string) (Asked, error) {
	file, err := s.openConsultee(ctx, token)
	if err != nil {
		return Asked{}, err
	}
	v, err := s.Case(ctx, Actor{}, file.Consultee.Consultation)
	if err != nil {
		return Asked{}, err
	}
	asked := Asked{Consultee: file.Consultee, Case: v, Open: !v.Consultation.State.Settled()}
	if said, ok := file.answer(); ok {
		latest := said.Latest()
		asked.Answer, asked.Open = &latest, asked.Open && s.today() <= file.Consultee.DueOn
	}
	return asked, nil
}

// answer is the answer to the latest asking.
func (f ConsulteeFile) answer() (ResponseFile, bool) {
	i := slices.IndexFunc(f.Responses, func(r ResponseFile) bool { return r.Asking == f.Consultee.Asking })
	if i < 0 {
		return ResponseFile{}, false
	}
	return f.Responses[i], true
}

// AnswerAsConsultee keeps what a consultee says through its link. It can be corrected until the day it is due; the same words again
// change nothing.
func (s *Service) AnswerAsConsultee(ctx context.Context, token string, in ConsulteeAnswer) error {
	const op = "answer as consultee"
	file, err := s.openConsultee(ctx, token)
	if err != nil {
		return err
	}
	_, said := file.answer()
	if said && s.today() > file.Consultee.DueOn {
		return fail(Closed, op)
	}
	return s.keepAnswer(ctx, Actor{Kind: Visitor}, op, file, in)
}

// RecordConsulteeAnswer keeps an answer that reached an officer another way: by letter, mail or telephone.
func (s *Service) RecordConsulteeAnswer(ctx context.Context, a Actor, consultee ID, in ConsulteeAnswer) error {
	const op = "record consultee's answer"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	file, err := s.store.ConsulteeFile(ctx, consultee)
	if err != nil {
		return err
	}
	return s.keepAnswer(ctx, a, op, file, in)
}

func (s *Service) keepAnswer(ctx context.Context, a Actor, op string, file ConsulteeFile, in ConsulteeAnswer) error {
	c := file.Consultee
	k, err := s.store.Consultation(ctx, c.Consultation)
	if err != nil {
		return err
	}
	if k.State.Settled() || c.Asking == 0 || c.State == NotRequired {
		return fail(Closed, op)
	}
	var bad check
	in.Text, in.Conditions = strings.TrimSpace(in.Text), strings.TrimSpace(in.Conditions)
	if !slices.Contains(Opinions(), in.Opinion) {
		bad.add("opinion", "required")
	}
	bad.text("text", in.Text, MaxResponse, in.Opinion != NoComment && in.Opinion != Approved)
	bad.text("conditions", in.Conditions, MaxResponse, false)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "consultee.answer", c.ID)
	return s.store.SaveConsulteeAnswer(ctx, ConsulteeResponse{ID: NewID(ch.At), Consultee: c.ID, Asking: c.Asking, ConsulteeAnswer: in,
		Late: s.today() > c.DueOn, ReceivedAt: ch.At}, ch)
}

// ConsulteePublication is an officer's decision about one answer of a consultee.
type ConsulteePublication struct {
	Consultee ID
	Asking    int
	Text      string
	Condition string
	Reasons   []string // needed where words differ from those received
}

// PublishConsulteeAnswer shows the public what a consultee said, unchanged or with words taken out; what was received stays.
func (s *Service) PublishConsulteeAnswer(ctx context.Context, a Actor, p ConsulteePublication) error {
	const op = "publish consultee's answer"
	if err := Must(a, Publish, op); err != nil {
		return err
	}
	file, err := s.store.ConsulteeFile(ctx, p.Consultee)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(file.Responses, func(r ResponseFile) bool { return r.Asking == p.Asking })
	if i < 0 {
		return fail(NotFound, op)
	}
	r := file.Responses[i]
	received := r.Latest()
	var bad check
	bad.text("text", p.Text, MaxResponse, received.Text != "")
	bad.text("conditions", p.Condition, MaxResponse, false)
	for _, reason := range p.Reasons {
		if !slices.Contains(RedactionReasons(), reason) {
			bad.add("reasons", "choice")
		}
	}
	r.Redacted = strings.TrimSpace(p.Text) != received.Text || strings.TrimSpace(p.Condition) != received.Conditions
	if r.Redacted && len(p.Reasons) == 0 {
		bad.add("reasons", "reason_required")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "consultee.publish", p.Consultee)
	ch.Detail = strings.Join(p.Reasons, ",")
	shown := r.ConsulteeResponse
	shown.ConsulteeAnswer = ConsulteeAnswer{Opinion: received.Opinion, Text: strings.TrimSpace(p.Text), Conditions: strings.TrimSpace(p.Condition)}
	shown.PublishedAt = ch.At
	return s.store.PublishConsulteeAnswer(ctx, shown, p.Reasons, ch)
}

// ConsultedView is what anybody may read of a case's consultees.
type ConsultedView struct {
	Case      CaseView
	Asked     []Consultee
	Responses []ConsulteeResponse
	Total     int
	Tally     ConsulteeTally
}

// Consulted lists whom a case was shown and what they said, where it is published.
func (s *Service) Consulted(ctx context.Context, a Actor, consultation ID, offset, limit int) (ConsultedView, error) {
	v, err := s.Case(ctx, a, consultation)
	if err != nil {
		return ConsultedView{}, err
	}
	limit, offset = ClampPage(limit, offset)
	view := ConsultedView{Case: v}
	for _, read := range []func() error{
		func() (err error) { view.Asked, err = s.store.Consultees(ctx, consultation); return },
		func() (err error) {
			view.Responses, view.Total, err = s.store.ConsulteeResponses(ctx, consultation, offset, limit)
			return
		},
		func() (err error) { view.Tally, err = s.store.ConsulteeTally(ctx, consultation); return },
	} {
		if err := read(); err != nil {
			return view, err
		}
	}
	view.Asked = slices.DeleteFunc(view.Asked, func(c Consultee) bool { return c.Asking == 0 })
	return view, nil
}
