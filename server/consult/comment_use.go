package consult

import (
	"context"
	"slices"
	"strings"
)

// CheckStance, CheckPoints, CheckPlace and CheckContact hold one step of the comment form to its rules; SubmitComment holds all.

// CheckStance wants one of the three.
func CheckStance(v Stance) []FieldError {
	var c check
	if v == "" {
		c.add("stance", "stance_required")
	} else if !slices.Contains(Stances(), v) {
		c.add("stance", "choice")
	}
	return c.fields
}

// CheckPoints wants at least one topic of the vocabulary, each once, each with a text of at most MaxPoint characters.
// Fields are named "text-<topic>"; "topics" when the choice itself is wrong.
func CheckPoints(points []CommentPoint) []FieldError {
	var c check
	if len(points) == 0 {
		c.add("topics", "topics_required")
	}
	seen := map[Topic]bool{}
	for _, p := range points {
		if !slices.Contains(Topics(), p.Topic) || seen[p.Topic] {
			c.add("topics", "choice")
			continue
		}
		seen[p.Topic] = true
		c.text("text-"+string(p.Topic), p.Text, MaxPoint, true)
	}
	return c.fields
}

// CheckPlace holds the optional place to its rules.
func CheckPlace(in CommentInput) []FieldError {
	var c check
	c.line("place", in.PlaceText, MaxPlace, false)
	if in.HasPlace && !in.Place.Valid() {
		c.add("place", "place")
	}
	return c.fields
}

// CheckContact wants what makes a representation count: a name and a postcode. The rest is the author's choice.
func CheckContact(k Contact) []FieldError {
	var c check
	c.name("name", k.Name, true)
	c.line("address", k.Address, MaxAddress, false)
	if strings.TrimSpace(k.Postcode) == "" {
		c.add("postcode", "required")
	} else if _, ok := NormalPostcode(k.Postcode); !ok {
		c.add("postcode", "postcode")
	}
	c.email("email", k.Email, false)
	c.line("phone", k.Phone, 40, false)
	return c.fields
}

// SubmitComment receives a formal comment. It is safe when this returns; the same key never makes two.
func (s *Service) SubmitComment(ctx context.Context, a Actor, in CommentInput) (Receipt, error) {
	const op = "submit comment"
	c, w, closed := s.openCase(ctx, a, in.Consultation)
	form, err := s.formOf(ctx, c, w.Round)
	if err != nil {
		return s.receiptOf(ctx, a, in, err)
	}
	bad := in.check(form)
	if err := bad.err(op); err != nil {
		return Receipt{}, err
	}
	if !slices.Contains(Channels(), in.Channel) {
		in.Channel = "web"
	}
	if closed != nil {
		// A repeat of a comment that was in time is still answered with its receipt.
		return s.receiptOf(ctx, a, in, closed)
	}
	comment, err := s.newComment(ctx, c, w, in)
	if err != nil {
		return Receipt{}, err
	}
	comment.answered(form, in)
	in.Contact.Postcode, _ = NormalPostcode(in.Contact.Postcode)
	in.Contact.Language = in.Language
	ch := s.change(a, "comment.submit", comment.ID).keyed(in.Key, in)
	if ch.Trace, err = s.trace(ctx, a, TraceComment, comment.ID, c.ID); err != nil {
		return Receipt{}, err
	}
	ch.Events = []Event{{Thread: DeskThread, Kind: EventComment, Subject: comment.ID, At: ch.At}}
	if in.Contact.Email != "" {
		ch.Mails = []Mail{{Kind: MailReceipt, Audience: Audience{Comment: comment.ID}, Subject: comment.ID}}
	}
	err = s.store.SaveComment(ctx, comment, in.Points, in.Contact, in.Draft, ch)
	if id, again := repeated(err); again {
		return s.receipt(ctx, id, true)
	}
	if err != nil {
		return Receipt{}, err
	}
	if kept, err := s.store.Comment(ctx, comment.ID); err == nil { // it is safe whether or not it can be read again
		comment.AnswerDue = kept.AnswerDue
	}
	return Receipt{Comment: comment, Token: s.MyCommentToken(comment.ID)}, nil
}

// newComment makes the record of a checked form.
func (s *Service) newComment(ctx context.Context, c Consultation, w Window, in CommentInput) (Comment, error) {
	now := s.clock()
	ward, err := s.wardOfAuthor(ctx, in)
	if err != nil {
		return Comment{}, err
	}
	comment := Comment{
		ID: NewID(now), Consultation: c.ID, Round: w.Round.Number, Version: c.Version, Stance: in.Stance,
		PlaceText: strings.TrimSpace(in.PlaceText), Place: in.Place, HasPlace: in.HasPlace, WardCode: ward,
		Channel: in.Channel, Language: in.Language, Late: w.Status == WindowLate && !in.cameInTime(w.Round), State: CommentReceived,
		ReceivedAt: now,
	}
	comment.Replaces = in.Replaces
	if in.ShowName {
		comment.NameShown = strings.TrimSpace(in.Contact.Name)
	}
	return comment, nil
}

// cameInTime tells whether what an officer copies lay in the letter box while the round was open.
func (in CommentInput) cameInTime(r Round) bool {
	return in.ReceivedOn != "" && in.ReceivedOn <= r.Closes
}

// wardOfAuthor is where the author lives, by postcode, else where the comment points.
func (s *Service) wardOfAuthor(ctx context.Context, in CommentInput) (string, error) {
	code, _ := NormalPostcode(in.Contact.Postcode)
	row, err := s.store.Postcode(ctx, code)
	switch {
	case err == nil:
		return s.wardOf(ctx, row.Place, true)
	case KindOf(err) != NotFound:
		return "", err
	}
	return s.wardOf(ctx, in.Place, in.HasPlace)
}

func (s *Service) receiptOf(ctx context.Context, a Actor, in CommentInput, refused error) (Receipt, error) {
	if KindOf(refused) != Closed || in.Key == "" {
		return Receipt{}, refused
	}
	sent, err := s.SentComment(ctx, a, in.Key)
	if err != nil {
		return Receipt{}, refused
	}
	return sent, nil
}

// SentComment finds the receipt of a comment that was sent with this key before: for a form that is sent once more when its draft
// is gone already. NotFound for a key that sent nothing.
func (s *Service) SentComment(ctx context.Context, a Actor, key string) (Receipt, error) {
	id, err := s.store.Repeated(ctx, a, key)
	if err != nil {
		return Receipt{}, err
	}
	return s.receipt(ctx, id, true)
}

func (s *Service) receipt(ctx context.Context, id ID, again bool) (Receipt, error) {
	c, err := s.store.Comment(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Comment: c, Token: s.MyCommentToken(id), Again: again}, nil
}

// MyComment is what the author sees on the comment's own page.
type MyComment struct {
	Comment       Comment
	Consultation  Consultation
	Words         []CommentPoint // the author's own
	HasEmail      bool
	Replies       []Message
	Outcomes      []Outcome // published ones of the comment's topics
	Window        Window
	EqualityAsked bool
	Token         string
	Again         Again // what the author can say about it now
	Subjects      Subjects
	Responses     []Response // where the consultation has a form
	Trail         []TrailStep
	Hiding        *Hiding       // why it cannot be read any more; nil = nobody hid it
	Answers       []PointAnswer // to its points, given once to all who asked the same; every version, the newest first
	Live          Thread        // its thread, empty or not, as it was before the rest was read; ID 0 = none to follow
	Published     MyPublished
	Concerns      map[Topic][]Concern // where the author's points stand; of those not shown nothing but that they are there
	Promises      []PointPromise      // of its points
}

// MyComment opens the comment's own page by its token.
func (s *Service) MyComment(ctx context.Context, token string) (MyComment, error) {
	id, err := s.open(linkMine, token)
	if err != nil {
		return MyComment{}, err
	}
	// The thread first: what comes into it while the rest is read comes as an event.
	live, err := s.store.CommentThread(ctx, id)
	if err != nil && KindOf(err) != NotFound {
		return MyComment{}, err
	}
	file, err := s.store.CommentFile(ctx, id)
	if err != nil {
		return MyComment{}, err
	}
	v := MyComment{Comment: file.Comment, Words: file.Original, HasEmail: file.Contact.Email != "", Token: token, Live: live}
	if v.Consultation, err = s.store.Consultation(ctx, file.Comment.Consultation); err != nil {
		return v, err
	}
	if v.Published, err = s.myPublished(ctx, file); err != nil {
		return v, err
	}
	v.Responses = file.Comment.Responses
	if v.Subjects, err = s.subjects(ctx, v.Consultation); err != nil {
		return v, err
	}
	rounds, err := s.store.Rounds(ctx, v.Consultation.ID)
	if err != nil {
		return v, err
	}
	v.Window = WindowOf(v.Consultation.State, rounds, s.today())
	if v.Comment.Thread != 0 {
		if v.Replies, err = s.store.Messages(ctx, v.Comment.Thread, 0, 100); err != nil {
			return v, err
		}
		v.Replies = slices.DeleteFunc(v.Replies, func(m Message) bool { return m.Answer != 0 }) // they stand beside the points
		if v.Replies, err = s.withFacts(ctx, Redact(v.Replies, Actor{})); err != nil {
			return v, err
		}
	}
	all, err := s.Outcomes(ctx, v.Consultation.ID)
	if err != nil {
		return v, err
	}
	for _, o := range all {
		if slices.ContainsFunc(v.Words, func(p CommentPoint) bool { return p.Topic == o.Topic }) ||
			slices.ContainsFunc(v.Responses, func(r Response) bool { return r.Question == string(o.Topic) }) {
			v.Outcomes = append(v.Outcomes, o)
		}
	}
	if v.Hiding, err = s.hiding(ctx, v.Comment); err != nil {
		return v, err
	}
	v.Again = s.again(v.Comment, v.Consultation, v.Window)
	if v.EqualityAsked, err = s.store.EqualityAsked(ctx, id); err != nil {
		return v, err
	}
	if v.Promises, err = s.promisesOf(ctx, id); err != nil {
		return v, err
	}
	if v.Trail, err = s.Trail(ctx, v.Comment, v.Consultation, v.Words); err != nil {
		return v, err
	}
	if v.Concerns, err = s.concernsOf(ctx, id, v.Words); err != nil {
		return v, err
	}
	v.Answers, err = s.store.PointAnswers(ctx, []ID{id})
	for i := range v.Answers {
		v.Answers[i].Answer = forPublic(v.Answers[i].Answer)
	}
	return v, err
}

// StopMyMail removes the author's address: no more mail about this comment.
func (s *Service) StopMyMail(ctx context.Context, token string) error {
	id, err := s.open(linkMine, token)
	if err != nil {
		return err
	}
	return s.store.StopMail(ctx, id, s.change(Actor{}, "comment.stop-mail", id))
}

// Comments lists the published comments of a consultation.
func (s *Service) Comments(ctx context.Context, a Actor, f CommentFilter) ([]Comment, int, error) {
	if _, err := s.visible(ctx, a, f.Consultation); err != nil {
		return nil, 0, err
	}
	f.Limit, f.Offset = ClampPage(f.Limit, f.Offset)
	list, total, err := s.store.Comments(ctx, f)
	if err != nil {
		return nil, 0, err
	}
	return list, total, s.countComments(ctx, a, list)
}

// PublishedComment reads one published comment.
func (s *Service) PublishedComment(ctx context.Context, a Actor, id ID) (Comment, Consultation, error) {
	c, err := s.store.Comment(ctx, id)
	if err != nil {
		return Comment{}, Consultation{}, err
	}
	if c.State == CommentSuperseded { // a link to it leads to the newer one
		return s.PublishedComment(ctx, a, c.ReplacedBy)
	}
	if c.State != CommentPublished {
		return Comment{}, Consultation{}, fail(NotFound, "read comment")
	}
	k, err := s.visible(ctx, a, c.Consultation)
	if err != nil {
		return c, k, err
	}
	one := []Comment{c}
	err = s.countComments(ctx, a, one)
	return one[0], k, err
}

// CommentFile opens an officer's view of a comment; that somebody read personal data is audited by the store's caller.
func (s *Service) CommentFile(ctx context.Context, a Actor, id ID) (CommentFile, Consultation, error) {
	if err := Must(a, WorkInbox, "open comment"); err != nil {
		return CommentFile{}, Consultation{}, err
	}
	file, err := s.store.CommentFile(ctx, id)
	if err != nil {
		return CommentFile{}, Consultation{}, err
	}
	if err := s.store.Note(ctx, s.change(a, "comment.open", id)); err != nil {
		return CommentFile{}, Consultation{}, err
	}
	c, err := s.store.Consultation(ctx, file.Comment.Consultation)
	return file, c, err
}
