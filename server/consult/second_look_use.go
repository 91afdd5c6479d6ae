package consult

import (
	"context"
	"strings"
	"time"
)

// SecondLookAsked tells whether nothing of a consultation is published, or kept back, by one officer alone.
func (s *Service) SecondLookAsked(ctx context.Context, a Actor, consultation ID) (bool, error) {
	if err := Must(a, WorkInbox, "read second look"); err != nil {
		return false, err
	}
	return s.store.SecondLookAsked(ctx, consultation)
}

// SetSecondLook asks for a second officer from now on, or no longer. What waits already goes on waiting.
func (s *Service) SetSecondLook(ctx context.Context, a Actor, consultation ID, asked bool) error {
	const op = "set second look"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	if _, err := s.store.Consultation(ctx, consultation); err != nil {
		return err
	}
	ch := s.change(a, "consultation.second-look", consultation)
	ch.Detail = "no longer"
	if asked {
		ch.Detail = "asked"
	}
	return s.store.SetSecondLook(ctx, consultation, asked, ch)
}

// SecondLooks lists the decisions that wait for another officer, oldest first.
func (s *Service) SecondLooks(ctx context.Context, a Actor, offset, limit int) ([]SecondLook, int, error) {
	if err := Must(a, WorkInbox, "list second looks"); err != nil {
		return nil, 0, err
	}
	limit, offset = ClampPage(limit, offset)
	return s.store.SecondLooks(ctx, offset, limit)
}

// SecondLook is the decision that waits about a comment; the zero one when none does.
func (s *Service) SecondLook(ctx context.Context, a Actor, comment ID) (SecondLook, error) {
	if err := Must(a, WorkInbox, "read second look"); err != nil {
		return SecondLook{}, err
	}
	l, err := s.store.SecondLook(ctx, comment)
	if KindOf(err) == NotFound {
		return SecondLook{}, nil
	}
	return l, err
}

// PassSecondLook makes another officer's decision hold. seen is the decision's moment: Conflict when it was changed since, or is the
// actor's own.
func (s *Service) PassSecondLook(ctx context.Context, a Actor, comment ID, seen time.Time) error {
	const op = "pass second look"
	l, err := s.waiting(ctx, a, op, comment, seen)
	if err != nil {
		return err
	}
	file, err := s.store.CommentFile(ctx, comment)
	if err != nil {
		return err
	}
	if !file.Comment.Counts() {
		return fail(Conflict, op)
	}
	c, ch := s.publication(a, file, l.Publication)
	return s.store.PassSecondLook(ctx, c, l, ch)
}

// ReturnSecondLook gives a decision back to whoever made it, with a note that says why.
func (s *Service) ReturnSecondLook(ctx context.Context, a Actor, comment ID, seen time.Time, why string) error {
	const op = "return second look"
	l, err := s.waiting(ctx, a, op, comment, seen)
	if err != nil {
		return err
	}
	var bad check
	bad.text("note", why, MaxCorrection, true)
	if err := bad.err(op); err != nil {
		return err
	}
	l.Returned, l.ReturnedBy = strings.TrimSpace(why), a.Standing()
	return s.store.ReturnSecondLook(ctx, l, s.change(a, "comment.second-look-return", comment))
}

// waiting is somebody else's decision as it was seen.
func (s *Service) waiting(ctx context.Context, a Actor, op string, comment ID, seen time.Time) (SecondLook, error) {
	if err := Must(a, Publish, op); err != nil {
		return SecondLook{}, err
	}
	l, err := s.store.SecondLook(ctx, comment)
	if err != nil {
		return l, err
	}
	if !l.At.Equal(seen) || l.Officer == a.ID || a.Kind != Signed || l.Returned != "" {
		return l, fail(Conflict, op)
	}
	return l, nil
}

// Unpublished lists received comments of a consultation with larger ids than after, oldest first, as their authors wrote them: each
// file that is opened leaves its row in the log.
func (s *Service) Unpublished(ctx context.Context, a Actor, consultation, after ID, limit int) ([]CommentFile, error) {
	if err := Must(a, Publish, "list unpublished comments"); err != nil {
		return nil, err
	}
	limit, _ = ClampPage(limit, 0)
	files, err := s.store.Unpublished(ctx, consultation, after, limit)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := s.store.Note(ctx, s.change(a, "comment.open", f.Comment.ID)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// MyPublished is what an author is told about the redaction of a comment, beside the comment itself.
type MyPublished struct {
	File       CommentFile // as officers see it, without contact
	Correction Correction  // what the author asked last; the zero one when nothing was
}

func (s *Service) myPublished(ctx context.Context, file CommentFile) (p MyPublished, err error) {
	p.File = file
	p.File.Contact = Contact{}
	p.Correction, err = s.correction(ctx, file.Comment.ID)
	return p, err
}

// AskCorrection keeps what an author asks about what was taken out of a comment, for the officers to answer.
func (s *Service) AskCorrection(ctx context.Context, token, body string) error {
	const op = "ask correction"
	id, err := s.open(linkMine, token)
	if err != nil {
		return err
	}
	c, err := s.store.Comment(ctx, id)
	if err != nil {
		return err
	}
	var bad check
	bad.text("correction", body, MaxCorrection, true)
	if err := bad.err(op); err != nil {
		return err
	}
	if c.State != CommentPublished && c.State != CommentWithheld {
		return fail(Closed, op)
	}
	ch := s.change(Actor{}, "correction.ask", id)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventWaiting, Subject: id, At: ch.At}}
	return s.store.SaveCorrection(ctx, Correction{Comment: id, Body: strings.TrimSpace(body), At: ch.At}, ch)
}

// Corrections lists what authors ask about redactions, oldest first.
func (s *Service) Corrections(ctx context.Context, a Actor, offset, limit int) ([]Correction, int, error) {
	if err := Must(a, WorkInbox, "list corrections"); err != nil {
		return nil, 0, err
	}
	limit, offset = ClampPage(limit, offset)
	return s.store.Corrections(ctx, offset, limit)
}

// Correction is what the author of a comment asked; the zero one when nothing was.
func (s *Service) Correction(ctx context.Context, a Actor, comment ID) (Correction, error) {
	if err := Must(a, WorkInbox, "read correction"); err != nil {
		return Correction{}, err
	}
	return s.correction(ctx, comment)
}

func (s *Service) correction(ctx context.Context, comment ID) (Correction, error) {
	q, err := s.store.Correction(ctx, comment)
	if KindOf(err) == NotFound {
		return Correction{}, nil
	}
	return q, err
}

// ReplyCorrection tells the author what came of it, on the comment's own page. Whether words are shown again is PublishComment's matter.
func (s *Service) ReplyCorrection(ctx context.Context, a Actor, comment ID, reply string) error {
	const op = "reply to correction"
	if err := Must(a, Publish, op); err != nil {
		return err
	}
	var bad check
	bad.text("reply", reply, MaxCorrection, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "correction.reply", comment)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: comment, At: ch.At}}
	return s.store.ReplyCorrection(ctx, Correction{Comment: comment, Reply: strings.TrimSpace(reply), By: a.Standing(), RepliedAt: ch.At}, ch)
}

// MaxAsTheyAre is how long the words of a comment may be, in characters, to be published in a list; longer ones are read one by one.
const MaxAsTheyAre = 1500

// AsItIs tells whether a comment may be published in a list: it waits, nothing was found in it, and it can be read at a glance.
func (f CommentFile) AsItIs(k Consultation) bool {
	n := 0
	for _, p := range f.Original {
		n += Length(p.Text)
	}
	return f.Comment.State == CommentReceived && n <= MaxAsTheyAre && f.Clean(k)
}

// PublishAsTheyAre publishes comments of one consultation unchanged, each as PublishComment does, and counts them. One that is no longer
// AsItIs, or that somebody decided about meanwhile, is passed over.
func (s *Service) PublishAsTheyAre(ctx context.Context, a Actor, consultation ID, comments []ID) (done int, err error) {
	const op = "publish comments as they are"
	if err := Must(a, Publish, op); err != nil {
		return 0, err
	}
	k, err := s.store.Consultation(ctx, consultation)
	if err != nil {
		return 0, err
	}
	for _, id := range comments {
		file, err := s.store.CommentFile(ctx, id)
		if err != nil {
			return done, err
		}
		if file.Comment.Consultation != consultation || !file.AsItIs(k) {
			continue
		}
		switch err := s.PublishComment(ctx, a, Publication{Comment: id, NameShown: file.OriginalName}); {
		case err == nil:
			done++
		case KindOf(err) != Conflict:
			return done, err
		}
	}
	return done, nil
}
