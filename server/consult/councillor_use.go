package consult

import (
	"context"
	"crypto/hmac"
	"strconv"
	"strings"
)

const linkCouncillor linkPurpose = "councillor"

// CouncillorToken is the personal link of a councillor with the given number of the link.
func (s *Service) CouncillorToken(councillor ID, link int) string {
	return councillor.String() + ID(link).String() + s.seal(linkCouncillor, councillor, ID(link))
}

// OpenCouncillor reads a personal link: NotFound when it was never given, Closed when it is over.
func (s *Service) OpenCouncillor(ctx context.Context, token string) (Councillor, error) {
	const op = "open councillor's link"
	if len(token) < 2*idLength {
		return Councillor{}, fail(NotFound, op)
	}
	id, err := ParseID(token[:idLength])
	if err != nil {
		return Councillor{}, err
	}
	link, err := ParseID(token[idLength : 2*idLength])
	if err != nil {
		return Councillor{}, err
	}
	if !hmac.Equal([]byte(s.CouncillorToken(id, int(link))), []byte(token)) {
		return Councillor{}, fail(NotFound, op)
	}
	file, err := s.store.Councillor(ctx, id)
	if err != nil {
		return Councillor{}, err
	}
	if c := file.Councillor; int(link) != c.Link || !c.LeftAt.IsZero() {
		return Councillor{}, fail(Closed, op)
	}
	return file.Councillor, nil
}

func (c Councillor) actor() Actor { return Actor{Kind: Elected, ID: c.ID} }

// Councillors lists them with their contacts, for officers.
func (s *Service) Councillors(ctx context.Context, a Actor) ([]CouncillorFile, error) {
	if err := Must(a, RecordOutcome, "list councillors"); err != nil {
		return nil, err
	}
	return s.store.Councillors(ctx)
}

// AddCouncillor keeps a councillor and sends the personal link.
func (s *Service) AddCouncillor(ctx context.Context, a Actor, c Councillor, k CouncillorContact) (ID, error) {
	const op = "add councillor"
	if err := Must(a, RecordOutcome, op); err != nil {
		return 0, err
	}
	var bad check
	c.Name, k.Email = strings.TrimSpace(c.Name), strings.TrimSpace(k.Email)
	bad.line("name", c.Name, MaxName, true)
	bad.email("email", k.Email, true)
	_, names, err := s.wardIndex(ctx)
	if err != nil {
		return 0, err
	}
	if c.WardCode != "" && names[c.WardCode] == "" {
		bad.add("ward", "choice")
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "councillor.add", 0)
	c.ID, c.Link, c.CreatedAt = NewID(ch.At), 1, ch.At
	ch.Subject = c.ID
	ch.Mails = []Mail{councillorMail(MailCouncillor, c, k, 0)}
	return c.ID, s.store.SaveCouncillor(ctx, CouncillorFile{c, k}, ch)
}

// RenewCouncillorLink sends a new personal link; the old one no longer opens.
func (s *Service) RenewCouncillorLink(ctx context.Context, a Actor, id ID) error {
	return s.changeCouncillor(ctx, a, id, "councillor.renew", func(f *CouncillorFile, ch *Change) {
		ch.Mails = []Mail{councillorMail(MailCouncillor, f.Councillor, f.Contact, 0)}
	})
}

// CouncillorLeft ends a councillor's term here: the link closes and the contact is forgotten; what was said in public stays.
func (s *Service) CouncillorLeft(ctx context.Context, a Actor, id ID) error {
	return s.changeCouncillor(ctx, a, id, "councillor.left", func(f *CouncillorFile, ch *Change) {
		f.Councillor.LeftAt, f.Contact = ch.At, CouncillorContact{}
	})
}

func (s *Service) changeCouncillor(ctx context.Context, a Actor, id ID, action string, edit func(*CouncillorFile, *Change)) error {
	if err := Must(a, RecordOutcome, action); err != nil {
		return err
	}
	f, err := s.store.Councillor(ctx, id)
	if err != nil {
		return err
	}
	if !f.Councillor.LeftAt.IsZero() {
		return fail(Closed, action)
	}
	f.Councillor.Link++
	ch := s.change(a, action, id)
	edit(&f, &ch)
	return s.store.SaveCouncillor(ctx, f, ch)
}

// councillorMail is a mail that carries the personal link. thread is 0 for the link alone.
func councillorMail(kind MailKind, c Councillor, k CouncillorContact, thread ID) Mail {
	return Mail{Kind: kind, To: k.Email, Language: k.Language, Subject: thread,
		Data: map[string]string{DataCouncillor: c.ID.String(), DataLink: strconv.Itoa(c.Link)}}
}

// CouncillorDesk is what a councillor sees first.
type CouncillorDesk struct {
	Councillor Councillor
	Ward       string // its name; "" = the whole area
	Threads    []CouncillorThread
	Cards      []Card // applications of the ward without a thread so far
	Total      int    // of the ward's applications
}

// CouncillorDesk lists a councillor's threads and the applications of the ward.
func (s *Service) CouncillorDesk(ctx context.Context, token string, offset int) (CouncillorDesk, error) {
	c, err := s.OpenCouncillor(ctx, token)
	if err != nil {
		return CouncillorDesk{}, err
	}
	d := CouncillorDesk{Councillor: c}
	_, names, err := s.wardIndex(ctx)
	if err != nil {
		return d, err
	}
	d.Ward = names[c.WardCode]
	if d.Threads, err = s.store.CouncillorThreads(ctx, c.ID); err != nil {
		return d, err
	}
	limit, offset := ClampPage(20, offset)
	page, err := s.store.Consultations(ctx, Filter{Ward: c.WardCode, Offset: offset, Limit: limit})
	if err != nil {
		return d, err
	}
	d.Total = page.Total
	taken := map[ID]bool{}
	for _, t := range d.Threads {
		taken[t.Consultation.ID] = true
	}
	for _, card := range page.Cards {
		if !taken[card.Consultation.ID] {
			d.Cards = append(d.Cards, card)
		}
	}
	return d, nil
}

// OpenCouncillorThread gives a councillor the link to paste anywhere: the thread about a consultation, which the first call opens.
func (s *Service) OpenCouncillorThread(ctx context.Context, token string, consultation ID) (Thread, error) {
	const op = "open councillor's thread"
	c, err := s.OpenCouncillor(ctx, token)
	if err != nil {
		return Thread{}, err
	}
	k, err := s.visible(ctx, c.actor(), consultation)
	if err != nil {
		return Thread{}, err
	}
	if k.State.Settled() {
		return Thread{}, fail(Closed, op)
	}
	ch := s.change(c.actor(), "councillor.thread", c.ID)
	return s.store.CouncillorThread(ctx, Thread{ID: NewID(ch.At), Consultation: k.ID, Anchor: OnCouncillor, AnchorID: c.ID, Title: c.Name,
		Epoch: randomToken(), CreatedAt: ch.At}, ch)
}

// CouncillorThreadView is a councillor's thread with what was passed on from it.
type CouncillorThreadView struct {
	Councillor Councillor
	View       ThreadView
	Passed     map[ID]Passed // by message
}

// CouncillorThreadOf opens a councillor's own thread; anybody else's is NotFound.
func (s *Service) CouncillorThreadOf(ctx context.Context, token string, thread ID, before int64) (CouncillorThreadView, error) {
	c, err := s.OpenCouncillor(ctx, token)
	if err != nil {
		return CouncillorThreadView{}, err
	}
	view, err := s.Thread(ctx, c.actor(), thread, before, 0)
	if err != nil {
		return CouncillorThreadView{}, err
	}
	if view.Thread.Anchor != OnCouncillor || view.Thread.AnchorID != c.ID {
		return CouncillorThreadView{}, fail(NotFound, "open councillor's thread")
	}
	v := CouncillorThreadView{Councillor: c, View: view}
	v.Passed, err = s.passedIn(ctx, thread)
	return v, err
}

func (s *Service) passedIn(ctx context.Context, thread ID) (map[ID]Passed, error) {
	list, err := s.store.PassedIn(ctx, thread)
	passed := make(map[ID]Passed, len(list))
	for _, p := range list {
		passed[p.Message] = p
	}
	return passed, err
}

// SayAsCouncillor posts what a councillor writes in their own thread. With ask it is a question to the service, for somebody who
// asked elsewhere: it is passed on at once.
func (s *Service) SayAsCouncillor(ctx context.Context, token string, in MessageInput, ask bool) (Posted, error) {
	const op = "write as councillor"
	v, m, err := s.councillorMessage(ctx, token, in, op)
	if err != nil {
		return Posted{}, err
	}
	ch := s.change(v.Councillor.actor(), "message.post", m.ID).keyed(in.Key, in)
	ch.Events = []Event{{Thread: m.Thread, Kind: EventMessage, Subject: m.ID, At: ch.At}}
	var posted Posted
	if ask {
		posted, err = s.store.PassQuestion(ctx, s.passing(v, m.ID, &ch), m, ch)
	} else {
		posted, err = s.store.PostMessage(ctx, m, ch)
	}
	if id, again := repeated(err); again {
		return s.postedAgain(ctx, id)
	}
	return posted, err
}

// PassQuestion hands a resident's message in the councillor's own thread to the service, which then owes an answer; in.Body is what
// the thread reads about it.
func (s *Service) PassQuestion(ctx context.Context, token string, message ID, in MessageInput) (Posted, error) {
	const op = "pass question"
	v, m, err := s.councillorMessage(ctx, token, in, op)
	if err != nil {
		return Posted{}, err
	}
	asked, err := s.store.Message(ctx, message)
	if err != nil {
		return Posted{}, err
	}
	if asked.Thread != in.Thread || asked.Author != ByResident {
		return Posted{}, fail(NotFound, op)
	}
	ch := s.change(v.Councillor.actor(), "question.pass", message).keyed(in.Key, in)
	ch.Events = []Event{{Thread: m.Thread, Kind: EventMessage, Subject: m.ID, At: ch.At}}
	posted, err := s.store.PassQuestion(ctx, s.passing(v, message, &ch), m, ch)
	if id, again := repeated(err); again {
		return s.postedAgain(ctx, id)
	}
	return posted, err
}

// passing is the record of a question that is passed on, with its event on the officers' desk.
func (s *Service) passing(v CouncillorThreadView, message ID, ch *Change) Passed {
	k := v.View.Consultation
	ch.Events = append(ch.Events, Event{Thread: DeskThread, Kind: EventWaiting, Subject: v.View.Thread.ID, At: ch.At})
	return Passed{Message: message, Thread: v.View.Thread.ID, Consultation: k.ID, Councillor: v.Councillor.ID, Service: k.Service, At: ch.At}
}

// councillorMessage checks what a councillor writes and makes the record of it.
func (s *Service) councillorMessage(ctx context.Context, token string, in MessageInput, op string) (CouncillorThreadView, Message, error) {
	var bad check
	bad.text("body", in.Body, MaxMessage, true)
	bad.key(in.Key)
	v, err := s.CouncillorThreadOf(ctx, token, in.Thread, 0)
	if err != nil {
		return v, Message{}, err
	}
	if !v.View.Open {
		return v, Message{}, fail(Closed, op)
	}
	now := s.clock()
	_, names, err := s.wardIndex(ctx)
	if err != nil {
		return v, Message{}, err
	}
	return v, Message{ID: NewID(now), Thread: in.Thread, Author: ByCouncillor, Name: v.Councillor.Name,
		Title: names[v.Councillor.WardCode], Body: strings.TrimSpace(in.Body), Language: in.Language, State: MessageVisible,
		CreatedAt: now}, bad.err(op)
}
