package consult

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// StartThread opens a thread with its first message: a question about a consultation or one of its documents.
func (s *Service) StartThread(ctx context.Context, a Actor, in ThreadInput) (Posted, error) {
	const op = "start thread"
	c, err := s.visible(ctx, a, in.Consultation)
	if err != nil {
		return Posted{}, err
	}
	var bad check
	bad.line("title", in.Title, MaxTitle, true)
	if in.Anchor == "" {
		in.Anchor, in.AnchorID = OnConsultation, c.ID
	}
	if in.Anchor != OnConsultation && in.Anchor != OnDocument {
		bad.add("anchor", "choice")
	}
	if err := s.checkMessage(op, a, in.First, &bad); err != nil {
		return Posted{}, err
	}
	if c.State.Settled() && !Can(a, Reply) {
		return s.postedBefore(ctx, a, in.First.Key, fail(Closed, op))
	}
	if in.Anchor == OnDocument {
		if d, _, err := s.PublishedDocument(ctx, a, in.AnchorID); err != nil || d.Consultation != c.ID {
			return Posted{}, fail(NotFound, op)
		}
	}
	hold, err := s.holds(ctx, op, a, c)
	if err != nil {
		return s.postedBefore(ctx, a, in.First.Key, err)
	}
	return s.saveThread(ctx, a, c, in, hold)
}

// saveThread stores a checked thread. A resident's message is held under the rule hold, if there is one.
func (s *Service) saveThread(ctx context.Context, a Actor, c Consultation, in ThreadInput, hold string) (Posted, error) {
	now := s.clock()
	t := Thread{ID: NewID(now), Consultation: c.ID, Anchor: in.Anchor, AnchorID: in.AnchorID,
		Title: strings.TrimSpace(in.Title), Epoch: randomToken(), CreatedAt: now}
	m := s.message(a, c, in.First, hold, now)
	m.Thread = t.ID
	ch := s.post(a, "thread.start", m, c.ID, t.Anchor, t.AnchorID).keyed(in.First.Key, in)
	var err error
	if ch.Trace, err = s.trace(ctx, a, TraceMessage, m.ID, c.ID); err != nil {
		return Posted{}, err
	}
	posted, err := s.store.StartThread(ctx, t, m, ch)
	if id, again := repeated(err); again {
		return s.postedAgain(ctx, id)
	}
	return posted, err
}

// PostMessage adds a message to a thread. Residents' messages are visible at once unless a rule holds them; an official one is
// shown as the service and clears the promise.
func (s *Service) PostMessage(ctx context.Context, a Actor, in MessageInput) (Posted, error) {
	const op = "post message"
	var bad check
	if err := s.checkMessage(op, a, in, &bad); err != nil {
		return Posted{}, err
	}
	t, c, err := s.threadOf(ctx, a, in.Thread)
	if err != nil {
		return Posted{}, err
	}
	if (t.Locked || c.State.Settled()) && !Can(a, Reply) {
		return s.postedBefore(ctx, a, in.Key, fail(Closed, op))
	}
	hold, err := s.holds(ctx, op, a, c)
	if err != nil {
		return s.postedBefore(ctx, a, in.Key, err)
	}
	now := s.clock()
	m := s.message(a, c, in, hold, now)
	ch := s.post(a, "message.post", m, c.ID, t.Anchor, t.AnchorID).keyed(in.Key, in)
	if ch.Trace, err = s.trace(ctx, a, TraceMessage, m.ID, c.ID); err != nil {
		return Posted{}, err
	}
	posted, err := s.store.PostMessage(ctx, m, ch)
	if id, again := repeated(err); again {
		return s.postedAgain(ctx, id)
	}
	return posted, err
}

// AnswerComment replies to a comment: in its own thread, which the first reply opens.
func (s *Service) AnswerComment(ctx context.Context, a Actor, comment ID, in MessageInput) (Posted, error) {
	const op = "answer comment"
	if err := Must(a, Reply, op); err != nil {
		return Posted{}, err
	}
	c, err := s.store.Comment(ctx, comment)
	if err != nil {
		return Posted{}, err
	}
	if c.Thread != 0 {
		in.Thread = c.Thread
		return s.PostMessage(ctx, a, in)
	}
	var bad check
	if err := s.checkMessage(op, a, in, &bad); err != nil {
		return Posted{}, err
	}
	k, err := s.store.Consultation(ctx, c.Consultation)
	if err != nil {
		return Posted{}, err
	}
	return s.saveThread(ctx, a, k, ThreadInput{Consultation: k.ID, Anchor: OnComment, AnchorID: c.ID, First: in}, "")
}

// checkMessage holds a message to its rules, together with those already found broken.
func (s *Service) checkMessage(op string, a Actor, in MessageInput, bad *check) error {
	if !Can(a, Reply) {
		bad.name("name", in.Name, false)
	}
	bad.text("body", in.Body, MaxMessage, true)
	bad.key(in.Key)
	return bad.err(op)
}

// message makes the record of a checked form. Who speaks is decided by the actor alone; an officer without a service, as an API token
// is, speaks as the service that the consultation names.
func (s *Service) message(a Actor, c Consultation, in MessageInput, hold string, now time.Time) Message {
	m := Message{ID: NewID(now), Thread: in.Thread, Author: ByResident, Name: strings.TrimSpace(in.Name),
		Body: strings.TrimSpace(in.Body), Language: in.Language, State: MessageVisible, CreatedAt: now}
	if Can(a, Reply) {
		m.Author, m.Name, m.Service, m.Title = ByOfficer, "", cmp.Or(a.Service, c.Service), a.Title
		m.Guarded, m.Seen = in.Guarded, in.Seen
		return m
	}
	m.Visitor = a.ID
	if rule := cmp.Or(holdRule(m.Body), hold); rule != "" {
		m.State, m.Rule = MessageHeld, rule
	}
	return m
}

// post describes the write of a message: its event, the desk's, and whom to tell.
func (s *Service) post(a Actor, action string, m Message, consultation ID, anchor AnchorKind, anchorID ID) Change {
	ch := s.change(a, action, m.ID)
	ch.Events = []Event{{Thread: m.Thread, Kind: EventMessage, Subject: m.ID, At: ch.At}}
	if m.Author == ByResident {
		if anchor != OnCouncillor { // that one is told by mail, and passes on what the service should answer
			ch.Events = append(ch.Events, Event{Thread: DeskThread, Kind: EventWaiting, Subject: m.Thread, At: ch.At})
		}
		return ch
	}
	ch.Events = append(ch.Events, Event{Thread: DeskThread, Kind: EventSettled, Subject: m.Thread, At: ch.At})
	mail := Mail{Kind: MailReply, Audience: Audience{Consultation: consultation}, Subject: m.Thread}
	if anchor == OnComment {
		mail = Mail{Kind: MailAnswered, Audience: Audience{Comment: anchorID}, Subject: anchorID}
	}
	ch.Mails = []Mail{mail}
	return ch
}

// postedBefore answers a repeat with what the first request made, anything else with the refusal.
func (s *Service) postedBefore(ctx context.Context, a Actor, key string, refused error) (Posted, error) {
	if key == "" {
		return Posted{}, refused
	}
	id, err := s.store.Repeated(ctx, a, key)
	if err != nil {
		return Posted{}, refused
	}
	return s.postedAgain(ctx, id)
}

func (s *Service) postedAgain(ctx context.Context, message ID) (Posted, error) {
	m, err := s.store.Message(ctx, message)
	if err != nil {
		return Posted{}, err
	}
	t, err := s.store.Thread(ctx, m.Thread)
	return Posted{Message: m, Thread: t, Again: true}, err
}

// threadOf is a thread with its consultation when the actor may know of both. Threads on unpublished comments are the officers' own;
// their authors read them through the comment's own page.
func (s *Service) threadOf(ctx context.Context, a Actor, id ID) (Thread, Consultation, error) {
	const op = "read thread"
	t, err := s.store.Thread(ctx, id)
	if err != nil {
		return t, Consultation{}, err
	}
	if t.Anchor == OnDesk {
		if !Can(a, WorkInbox) {
			return Thread{}, Consultation{}, fail(NotFound, op)
		}
		return t, Consultation{State: Consulting}, nil
	}
	if t.Anchor == OnComment && !Can(a, WorkInbox) {
		c, err := s.store.Comment(ctx, t.AnchorID)
		if err != nil {
			return Thread{}, Consultation{}, err
		}
		if c.State != CommentPublished {
			return Thread{}, Consultation{}, fail(NotFound, op)
		}
	}
	c, err := s.visible(ctx, a, t.Consultation)
	return t, c, err
}

// ThreadView is a thread with one page of its messages.
type ThreadView struct {
	Thread       Thread
	Consultation Consultation
	Messages     []Message      // oldest first
	Earlier      int64          // read on with before=Earlier; 0 = this is the beginning
	Open         bool           // residents may post
	Posting      Posting        // whether they can now, and how
	Promises     []PointPromise // of residents' messages among Messages, those that ask nothing left out
}

// Threads lists a consultation's threads by latest activity, at most 100, without their messages. Those about comments are left out:
// a comment names its own.
func (s *Service) Threads(ctx context.Context, a Actor, consultation ID, limit int) ([]ThreadView, error) {
	c, err := s.visible(ctx, a, consultation)
	if err != nil {
		return nil, err
	}
	list, err := s.store.Threads(ctx, c.ID, limit)
	views := make([]ThreadView, len(list))
	for i, t := range list {
		views[i] = ThreadView{Thread: t, Consultation: c, Open: !t.Locked && !c.State.Settled()}
	}
	return views, err
}

// PageMessages is how many messages a thread page shows at first.
const PageMessages = 50

// Thread reads a thread: the last messages, or those before a number. Read the thread's Seq from the answer, then subscribe after it.
func (s *Service) Thread(ctx context.Context, a Actor, id ID, before int64, limit int) (ThreadView, error) {
	t, c, err := s.threadOf(ctx, a, id)
	if err != nil {
		return ThreadView{}, err
	}
	if limit <= 0 || limit > 200 {
		limit = PageMessages
	}
	v := ThreadView{Thread: t, Consultation: c, Open: !t.Locked && !c.State.Settled()}
	if v.Messages, err = s.store.Messages(ctx, id, before, limit+1); err != nil {
		return v, err
	}
	if len(v.Messages) > limit {
		v.Messages = v.Messages[1:]
		v.Earlier = v.Messages[0].Seq
	}
	// The thread was read first: anything newer arrives as an event, and nothing is shown twice.
	v.Messages = slices.DeleteFunc(v.Messages, func(m Message) bool { return m.Seq > t.Seq })
	if v.Promises, err = s.MessagePromises(ctx, v.Messages); err != nil {
		return v, err
	}
	if v.Messages, err = s.withFacts(ctx, Redact(v.Messages, a)); err != nil {
		return v, err
	}
	if err := s.countMessages(ctx, a, v.Messages); err != nil {
		return v, err
	}
	v.Posting, err = s.store.Posting(ctx, c.ID)
	return v, err
}

// Redact takes out of messages what the actor may not read: the words of held and hidden ones, and which browser wrote them.
func Redact(list []Message, a Actor) []Message {
	for i := range list {
		list[i] = redactOne(list[i], a)
	}
	return list
}

func redactOne(m Message, a Actor) Message {
	if Can(a, WorkInbox) {
		return m
	}
	if m.State != MessageVisible && (a.ID == 0 || m.Visitor != a.ID) {
		m.Body, m.Name = "", ""
	}
	if a.ID == 0 || m.Visitor != a.ID {
		m.Visitor = 0
	}
	return m
}

// SetMessageState hides, holds or restores a message; hiding needs a rule and a reason, and leaves a stub.
func (s *Service) SetMessageState(ctx context.Context, a Actor, message ID, state MessageState, rule, reason string) (Message, error) {
	const op = "moderate message"
	if err := Must(a, Moderate, op); err != nil {
		return Message{}, err
	}
	m, err := s.store.Message(ctx, message)
	if err != nil {
		return m, err
	}
	var bad check
	if state == MessageHidden {
		bad.ruling(rule, reason)
	} else if state != MessageVisible {
		bad.add("state", "choice")
	} else {
		rule, reason = "", ""
	}
	if err := bad.err(op); err != nil {
		return m, err
	}
	kind := EventHidden
	if state == MessageVisible {
		kind = EventRestored
	}
	ch := s.change(a, "message."+string(kind), message)
	ch.Detail = rule
	ch.Events = []Event{{Thread: m.Thread, Kind: kind, Subject: message, At: ch.At},
		{Thread: DeskThread, Kind: EventSettled, Subject: m.Thread, At: ch.At}}
	if err := s.store.SetMessageState(ctx, message, state, rule, strings.TrimSpace(reason), ch); err != nil {
		return m, err
	}
	m.State, m.Rule, m.Reason = state, rule, reason
	return m, nil
}

// JoinThread authorizes a live reader and says where the log ends. The secret part of the address of a comment's own page opens the thread
// of that comment to its author, published or not; "" = none.
func (s *Service) JoinThread(ctx context.Context, a Actor, id ID, token string) (Head, error) {
	t, _, err := s.threadOf(ctx, a, id)
	if KindOf(err) == NotFound && token != "" {
		t, err = s.ownThread(ctx, id, token)
	}
	return Head{Epoch: t.Epoch, Seq: t.Seq}, err
}

// ownThread is the thread of the comment whose own page a token opens.
func (s *Service) ownThread(ctx context.Context, id ID, token string) (Thread, error) {
	comment, err := s.open(linkMine, token)
	if err != nil {
		return Thread{}, err
	}
	t, err := s.store.Thread(ctx, id)
	if err == nil && (t.Anchor != OnComment || t.AnchorID != comment) {
		err = fail(NotFound, "join thread")
	}
	if err != nil {
		return Thread{}, err
	}
	return t, nil
}

// Heads reads where many threads' logs end.
func (s *Service) Heads(ctx context.Context, ids []ID) (map[ID]Head, error) {
	return s.store.Heads(ctx, ids)
}

// Events reads (after, upto] of a thread's log for an audience.
func (s *Service) Events(ctx context.Context, a Actor, id ID, after, upto int64) ([]Event, error) {
	list, err := s.store.Events(ctx, id, after, upto)
	if err != nil {
		return nil, err
	}
	var messages []Message
	for _, e := range list {
		if e.Message != nil {
			messages = append(messages, redactOne(*e.Message, a))
		}
	}
	if messages, err = s.withFacts(ctx, messages); err != nil {
		return nil, err
	}
	if err := s.countRestored(ctx, a, list, messages); err != nil {
		return nil, err
	}
	for i, n := 0, 0; i < len(list); i++ {
		if list[i].Message != nil {
			list[i].Message = &messages[n]
			n++
		}
	}
	return list, nil
}

// MessageFile opens a message for a moderator, with the thread it stands in.
func (s *Service) MessageFile(ctx context.Context, a Actor, id ID) (Message, Thread, Consultation, error) {
	if err := Must(a, Moderate, "open message"); err != nil {
		return Message{}, Thread{}, Consultation{}, err
	}
	m, err := s.store.Message(ctx, id)
	if err != nil {
		return Message{}, Thread{}, Consultation{}, err
	}
	t, c, err := s.threadOf(ctx, a, m.Thread)
	return m, t, c, err
}
