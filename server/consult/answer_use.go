package consult

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
)

// DemandFourEyes says whether an answer needs a second officer before it goes out. Call it before the service is used.
func (s *Service) DemandFourEyes(on bool) { s.fourEyes = on }

// AnswerDesk is what an officer works on: every version of a concern's answer and what became of the one that everybody can read.
type AnswerDesk struct {
	Concern      Concern
	Consultation Consultation
	Open         Answer   // ID 0 = nothing is being written
	Public       []Answer // newest first
	Figures      AnswerFigures
	FourEyes     bool
}

// AnswerDesk opens it.
func (s *Service) AnswerDesk(ctx context.Context, a Actor, concern ID) (AnswerDesk, error) {
	if err := Must(a, WorkInbox, "open answer"); err != nil {
		return AnswerDesk{}, err
	}
	d := AnswerDesk{FourEyes: s.fourEyes}
	var err error
	if d.Concern, err = s.store.Concern(ctx, concern); err != nil {
		return d, err
	}
	if d.Consultation, err = s.store.Consultation(ctx, d.Concern.Consultation); err != nil {
		return d, err
	}
	all, err := s.store.Answers(ctx, concern)
	if err != nil {
		return d, err
	}
	for _, x := range all {
		if x.Public() {
			d.Public = append(d.Public, x)
		} else {
			d.Open = x
		}
	}
	if len(d.Public) > 0 {
		d.Figures, err = s.store.AnswerFigures(ctx, d.Public[0].ID)
	}
	return d, err
}

// WriteAnswer takes one step on the answer to a concern: its words are saved with it. Conflict when somebody saved another text since
// the one that was seen; nothing is lost then, on either side.
func (s *Service) WriteAnswer(ctx context.Context, a Actor, in AnswerInput) (Answer, error) {
	const op = "write answer"
	if err := Must(a, Reply, op); err != nil {
		return Answer{}, err
	}
	if id, err := s.store.Repeated(ctx, a, in.Key); in.Key != "" && err == nil {
		return s.store.Answer(ctx, id)
	}
	d, err := s.AnswerDesk(ctx, a, in.Concern)
	if err != nil {
		return Answer{}, err
	}
	x := d.Open
	if x.Rev != in.Rev || d.Concern.MergedInto != 0 {
		return x, fail(Conflict, op)
	}
	next, err := s.stepped(op, a, d, in)
	if err != nil {
		return x, err
	}
	ch := s.change(a, "answer."+string(in.Step), d.Concern.ID).keyed(in.Key, in)
	next.UpdatedAt = ch.At
	if x.ID == 0 {
		next.ID, next.CreatedAt = NewID(ch.At), ch.At
	}
	err = s.store.SaveAnswer(ctx, next, ch)
	if id, again := repeated(err); again {
		return s.store.Answer(ctx, id)
	}
	if err == nil {
		next.Rev++
	}
	return next, err
}

// stepped is the answer with what was typed, after the step.
func (s *Service) stepped(op string, a Actor, d AnswerDesk, in AnswerInput) (Answer, error) {
	x := d.Open
	if x.ID == 0 {
		x = Answer{Concern: d.Concern.ID, Consultation: d.Consultation.ID, Version: 1 + len(d.Public), State: AnswerDraft}
	}
	var bad check
	switch in.Step {
	case StepUndo, StepReturn, StepTakeBack: // what stands is moved, not what was typed
	default:
		in.Text = in.Text.trimmed()
		in.Text.check(&bad, x.Version, in.Step != StepSave)
		if err := bad.err(op); err != nil {
			return x, err
		}
		if x.Going() {
			bad.add("step", "answer_going")
			return x, bad.err(op)
		}
		speaker := a
		speaker.Service = cmp.Or(d.Concern.Service, a.Service, d.Consultation.Service)
		x = x.Write(in.Text, speaker)
	}
	next, rule := x.Step(in.Step, a, s.clock(), s.fourEyes)
	if rule != "" {
		bad.add("step", rule)
	}
	return next, bad.err(op)
}

func (t AnswerText) trimmed() AnswerText {
	t.Body, t.Changed = strings.TrimSpace(t.Body), strings.TrimSpace(t.Changed)
	var kept []Translation
	for _, r := range t.Translations {
		if r.Body = strings.TrimSpace(r.Body); r.Body != "" {
			kept = append(kept, r)
		}
	}
	t.Translations = kept
	return t
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// check holds a text to its rules. A draft may be unfinished, but not too long.
func (t AnswerText) check(bad *check, version int, finished bool) {
	bad.text("body", t.Body, MaxAnswer, finished)
	bad.text("changed", t.Changed, MaxAnswerChanged, finished && version > 1)
	if !languageForm.MatchString(t.Language) {
		bad.add("language", "choice")
	}
	if len(t.Translations) > MaxTranslations {
		bad.add("translations", "choice")
	}
	seen := []string{t.Language}
	for _, r := range t.Translations {
		if !languageForm.MatchString(r.Language) || slices.Contains(seen, r.Language) {
			bad.add("translations", "choice")
		}
		seen = append(seen, r.Language)
		bad.text("text-"+r.Language, r.Body, MaxAnswer, false)
	}
}

// PublicAnswer is the answer to a concern as everybody reads it.
type PublicAnswer struct {
	Answer  Answer
	Earlier []Answer // newest first
	Figures AnswerFigures
	Told    bool // whether the verdicts may be told
}

// AnswerTo is the published answer to a concern; false when there is none, or not one that this actor may know of.
func (s *Service) AnswerTo(ctx context.Context, concern ID) (PublicAnswer, bool, error) {
	all, err := s.store.Answers(ctx, concern)
	if err != nil {
		return PublicAnswer{}, false, err
	}
	all = slices.DeleteFunc(all, func(x Answer) bool { return !x.Public() })
	if len(all) == 0 {
		return PublicAnswer{}, false, nil
	}
	p := PublicAnswer{Answer: forPublic(all[0])}
	for _, x := range all[1:] {
		p.Earlier = append(p.Earlier, forPublic(x))
	}
	p.Figures, err = s.store.AnswerFigures(ctx, p.Answer.ID)
	if p.Told = p.Figures.Told(); !p.Told {
		p.Figures.Verdicts = nil
	}
	return p, true, err
}

// AnsweredConcern is the concern that a published answer answers.
func (s *Service) AnsweredConcern(ctx context.Context, answer ID) (ID, error) {
	x, err := s.store.Answer(ctx, answer)
	if err == nil && !x.Public() {
		err = fail(NotFound, "read answer")
	}
	return x.Concern, err
}

// forPublic takes out who wrote it, and translations nobody has checked.
func forPublic(x Answer) Answer {
	x.Author, x.Reviewer = 0, 0
	x.Translations = slices.DeleteFunc(slices.Clone(x.Translations), func(t Translation) bool { return !t.Checked })
	return x
}

// AnswerStates finds for concerns the newest version of their answers and the newest that everybody can read. Visitors are told of the
// latter alone.
func (s *Service) AnswerStates(ctx context.Context, a Actor, concerns []Concern) (newest, public map[ID]Answer, err error) {
	ids := make([]ID, len(concerns))
	for i, k := range concerns {
		ids[i] = k.ID
	}
	newest, public, err = s.store.LatestAnswersOf(ctx, ids)
	if !Can(a, WorkInbox) {
		newest = nil
		for id, x := range public {
			public[id] = forPublic(x)
		}
	}
	return newest, public, err
}

// AnswersSent is what one call did.
type AnswersSent struct {
	Published, Delivered int
}

// SendAnswers lets out answers whose moment has come and brings published ones to a part of those who asked. Any number of nodes may call
// it, again and again while it does something: each delivery is written once.
func (s *Service) SendAnswers(ctx context.Context, limit int) (AnswersSent, error) {
	var sent AnswersSent
	work, err := s.store.AnswersDue(ctx, s.clock(), limit)
	if err != nil {
		return sent, err
	}
	for _, w := range work {
		if w.Due {
			if err := s.store.PublishAnswer(ctx, w.Answer.ID, s.change(System(), "answer.go-out", w.Answer.Concern)); err != nil {
				return sent, err
			}
			sent.Published++
			continue
		}
		n, err := s.deliver(ctx, w.Answer, limit)
		sent.Delivered += n
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

func (s *Service) deliver(ctx context.Context, x Answer, limit int) (int, error) {
	ch := s.change(System(), "answer.deliver", x.Concern)
	before := ch.At.Add(-AnswerUndo)
	askers, err := s.store.Askers(ctx, x.ID, before, limit)
	if err != nil {
		return 0, err
	}
	// The desk hears of a batch, not of every message: it is one act of an officer.
	ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: x.Concern, At: ch.At}}
	b := AnswerBatch{Answer: x.ID, Seen: x.Delivered, Before: before}
	told := map[ID]ID{} // the message that carries the answer, by thread
	for _, k := range askers {
		p := AnswerPost{Delivery: AnswerDelivery{Answer: x.ID, Source: k.Source, Topics: k.Topics, Message: k.Has, At: ch.At},
			Consultation: k.Consultation, Comment: k.Comment, By: Actor{Service: x.Service, Title: x.Title}.Standing()}
		if p.Delivery.Message == 0 && k.Thread != 0 {
			p.Delivery.Message = told[k.Thread]
		}
		if p.Delivery.Message == 0 {
			s.carry(&p, x, k, ch)
			told[p.Message.Thread] = p.Message.ID
		}
		if k.Comment && !k.Delivered {
			p.Mail = Mail{Kind: MailConcernAnswer, Audience: Audience{Comment: k.Source}, Subject: k.Source, Data: answerMail(x, k)}
		}
		b.Posts = append(b.Posts, p)
	}
	return s.store.DeliverAnswer(ctx, b, ch)
}

// carry makes the official message that brings an answer into a thread, which it opens for a comment without one.
func (s *Service) carry(p *AnswerPost, x Answer, k Asker, ch Change) {
	if k.Thread == 0 {
		p.Open = Thread{ID: NewID(ch.At), Consultation: k.Consultation, Anchor: OnComment, AnchorID: k.Source, Epoch: randomToken(), CreatedAt: ch.At}
		k.Thread = p.Open.ID
	}
	body, language, _ := x.In(k.Language)
	if x.Changed != "" && k.Before {
		body = x.Changed + "\n\n" + body
	}
	p.Message = Message{ID: NewID(ch.At), Thread: k.Thread, Author: ByOfficer, Service: x.Service, Title: x.Title, Body: body, Language: language,
		State: MessageVisible, Answer: x.ID, CreatedAt: ch.At}
	p.Delivery.Message = p.Message.ID
}

// answerMail is what the mail about an answer says besides where to read it: never a person's words.
func answerMail(x Answer, k Asker) map[string]string {
	topics := make([]string, len(k.Topics))
	for i, t := range k.Topics {
		topics[i] = string(t)
	}
	data := map[string]string{DataTopics: strings.Join(topics, ","), DataAnswer: x.ID.String()}
	if k.Before {
		data[DataBefore] = "yes"
	}
	return data
}
