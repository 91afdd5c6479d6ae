package consult

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
)

// PointPromise is one point with how its promise stands.
type PointPromise struct {
	Ref PointRef
	Promise
}

// promisesOf reads how the points of comments and messages stand now, by source and in the order in which they were asked.
func (s *Service) promisesOf(ctx context.Context, sources ...ID) ([]PointPromise, error) {
	logs, err := s.store.PromiseLogs(ctx, sources...)
	if err != nil {
		return nil, err
	}
	list := make([]PointPromise, 0, len(logs))
	for _, ref := range slices.SortedFunc(maps.Keys(logs), func(a, b PointRef) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Topic, b.Topic))
	}) {
		list = append(list, PointPromise{ref, PromiseOf(logs[ref], TermsOf(logs[ref]), s.calendar, s.clock())})
	}
	return list, nil
}

// CommentPromises are the promises of a comment's points, for officers; the author reads them on the comment's own page.
func (s *Service) CommentPromises(ctx context.Context, a Actor, comment ID) ([]PointPromise, error) {
	if err := Must(a, WorkInbox, "read promises"); err != nil {
		return nil, err
	}
	return s.promisesOf(ctx, comment)
}

// MessagePromises are the promises of residents' messages among those given: of a thread whose messages the actor may read.
func (s *Service) MessagePromises(ctx context.Context, messages []Message) ([]PointPromise, error) {
	var sources []ID
	for _, m := range messages {
		if m.Author == ByResident {
			sources = append(sources, m.ID)
		}
	}
	list, err := s.promisesOf(ctx, sources...)
	return slices.DeleteFunc(list, func(p PointPromise) bool { return Void(p.ClosedFor) }), err
}

// PromiseAct is what an officer does to the clocks of a comment's points, or of a message.
type PromiseAct struct {
	Source ID
	Topics []Topic          // of a comment; none = every point that it can be done to
	Do     PromiseEventKind // paused, resumed or closed; points are handed over with their item, on the desk
	Reason string           // paused: one of PauseReasons; closed: one of CloseReasons
	Words  string           // paused: what the public reads beside it
}

// ActOnPromise pauses and resumes clocks, or closes points that need no answer. Conflict when none stands so that it can be done, or another officer was faster.
func (s *Service) ActOnPromise(ctx context.Context, a Actor, in PromiseAct) error {
	const op = "act on promise"
	if err := Must(a, Reply, op); err != nil {
		return err
	}
	if err := in.check(op); err != nil {
		return err
	}
	logs, err := s.store.PromiseLogs(ctx, in.Source)
	if err != nil {
		return err
	}
	if len(logs) == 0 {
		return fail(NotFound, op)
	}
	ch := s.change(a, "promise."+string(in.Do), in.Source)
	ch.Detail = in.Reason
	message, err := s.store.Message(ctx, in.Source)
	switch {
	case err == nil:
		ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: message.Thread, At: ch.At}}
	case KindOf(err) == NotFound: // a comment
		ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: in.Source, At: ch.At}}
		if in.Do == PromiseClosed {
			ch.Mails = []Mail{{Kind: MailPromise, Audience: Audience{Comment: in.Source}, Subject: in.Source}}
		}
	default:
		return err
	}
	var events []PromiseEvent
	for ref, log := range logs {
		e := PromiseEvent{Ref: ref, Kind: in.Do, Reason: in.Reason, Words: strings.TrimSpace(in.Words), By: a.Standing(),
			At: later(ch.At, log[len(log)-1].At)}
		chosen := len(in.Topics) == 0 || slices.Contains(in.Topics, ref.Topic)
		if chosen && waitsAfter(log) && CheckPromiseEvent(log, e) == nil {
			events = append(events, e)
		}
	}
	if len(events) == 0 || len(in.Topics) > len(events) {
		return fail(Conflict, op)
	}
	slices.SortFunc(events, func(a, b PromiseEvent) int { return cmp.Compare(a.Ref.Topic, b.Ref.Topic) })
	return s.store.SavePromiseEvents(ctx, events, ch)
}

func (in PromiseAct) check(op string) error {
	var bad check
	switch in.Do {
	case PromisePaused:
		if !slices.Contains(PauseReasons(), in.Reason) {
			bad.add("pause-reason", "required")
		}
		bad.line("pause-words", in.Words, MaxPauseWords, false)
	case PromiseClosed:
		if !slices.Contains(CloseReasons(), in.Reason) {
			bad.add("close-reason", "required")
		}
	case PromiseResumed:
	default:
		bad.add("do", "choice")
	}
	return bad.err(op)
}

// WantAnswer re-opens a point of the author's comment that was closed without an answer. Saying it again changes nothing.
func (s *Service) WantAnswer(ctx context.Context, token string, topic Topic) error {
	id, err := s.open(linkMine, token)
	if err != nil {
		return err
	}
	return s.want(ctx, Actor{}, PointRef{Source: id, Topic: topic}, id)
}

// WantMessageAnswer does the same for a message, for the browser that wrote it.
func (s *Service) WantMessageAnswer(ctx context.Context, a Actor, message ID) (Message, error) {
	m, err := s.store.Message(ctx, message)
	if err != nil {
		return m, err
	}
	if a.ID == 0 || m.Visitor != a.ID || m.Author != ByResident {
		return m, fail(NotFound, "want an answer")
	}
	if _, _, err := s.threadOf(ctx, a, m.Thread); err != nil {
		return m, err
	}
	return m, s.want(ctx, a, PointRef{Source: message}, m.Thread)
}

func (s *Service) want(ctx context.Context, a Actor, ref PointRef, waits ID) error {
	const op = "want an answer"
	logs, err := s.store.PromiseLogs(ctx, ref.Source)
	if err != nil {
		return err
	}
	log := logs[ref]
	if len(log) == 0 {
		return fail(NotFound, op)
	}
	p := PromiseOf(log, TermsOf(log), s.calendar, s.clock())
	switch {
	case p.Waits():
		return nil
	case !p.Reopens():
		return fail(Conflict, op)
	}
	ch := s.change(a, "promise.want", ref.Source)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventWaiting, Subject: waits, At: ch.At}}
	return s.store.SavePromiseEvents(ctx, []PromiseEvent{{Ref: ref, Kind: PromiseReopened, At: ch.At}}, ch)
}

// Reopens tells whether who asked can say that they want an answer after all: an officer closed the point without one.
func (p Promise) Reopens() bool {
	return p.State == PointClosed && slices.Contains(CloseReasons(), p.ClosedFor)
}

// PromiseFile is a comment or message with the promises of its points, for officers.
type PromiseFile struct {
	Source       ID
	Consultation Consultation
	Subjects     Subjects
	Points       []PointPromise
	Thread       Thread // of a message; ID 0 = it is a comment
	Seq          int64  // the message's number
}

// PromiseFile reads it. NotFound where nothing was asked.
func (s *Service) PromiseFile(ctx context.Context, a Actor, source ID) (f PromiseFile, err error) {
	const op = "read promises"
	if err = Must(a, WorkInbox, op); err != nil {
		return f, err
	}
	f.Source = source
	if f.Points, err = s.promisesOf(ctx, source); err != nil {
		return f, err
	}
	if len(f.Points) == 0 {
		return f, fail(NotFound, op)
	}
	m, err := s.store.Message(ctx, source)
	switch KindOf(err) {
	case NotFound:
		c, err := s.store.Comment(ctx, source)
		if err != nil {
			return f, err
		}
		if f.Consultation, err = s.store.Consultation(ctx, c.Consultation); err != nil {
			return f, err
		}
	default:
		if err != nil {
			return f, err
		}
		f.Seq = m.Seq
		if f.Thread, f.Consultation, err = s.threadOf(ctx, a, m.Thread); err != nil {
			return f, err
		}
	}
	f.Subjects, err = s.subjects(ctx, f.Consultation)
	return f, err
}
