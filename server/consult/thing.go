package consult

import "context"

// Thing is what can be supported, flagged and moderated: a comment or a message, named by its id alone.
type Thing struct {
	ID           ID
	Comment      *Comment // of the two, one is set
	Message      *Message
	Thread       Thread // messages
	Consultation Consultation
	Hiding       *Hiding // a comment that had been published
	Own          bool    // the actor's browser wrote it
}

// Readable tells whether everybody can read it.
func (t Thing) Readable() bool {
	if t.Comment != nil {
		return t.Comment.State == CommentPublished
	}
	return t.Message.State == MessageVisible
}

// Hidden tells whether a moderator has taken it out of sight.
func (t Thing) Hidden() bool {
	return t.Hiding != nil || t.Message != nil && t.Message.State == MessageHidden
}

// Official tells whether the authority wrote it.
func (t Thing) Official() bool { return t.Message != nil && t.Message.Author == ByOfficer }

// ByResident tells whether a resident wrote it: their words alone can be supported.
func (t Thing) ByResident() bool { return t.Message == nil || t.Message.Author == ByResident }

// Kind is what it is.
func (t Thing) Kind() TraceKind {
	if t.Comment != nil {
		return TraceComment
	}
	return TraceMessage
}

// Rule and reason of what is hidden or held; "" for what can be read.
func (t Thing) Rule() (rule, reason string) {
	switch {
	case t.Hiding != nil:
		return t.Hiding.Rule, t.Hiding.Reason
	case t.Message != nil && t.Message.State != MessageVisible:
		return t.Message.Rule, t.Message.Reason
	}
	return "", ""
}

// thing finds what the actor may know of: what can be read, and stubs. Words of stubs are there for officers and authors alone.
func (s *Service) thing(ctx context.Context, a Actor, id ID) (Thing, error) {
	c, err := s.store.Comment(ctx, id)
	switch {
	case err == nil:
		return s.commentThing(ctx, a, c)
	case KindOf(err) != NotFound:
		return Thing{}, err
	}
	m, err := s.store.Message(ctx, id)
	if err != nil {
		return Thing{}, err
	}
	t := Thing{ID: id}
	if t.Thread, t.Consultation, err = s.threadOf(ctx, a, m.Thread); err != nil {
		return Thing{}, err
	}
	t.Own = a.Kind == Visitor && a.ID != 0 && m.Visitor == a.ID
	m = redactOne(m, a)
	t.Message = &m
	return t, nil
}

func (s *Service) commentThing(ctx context.Context, a Actor, c Comment) (t Thing, err error) {
	t = Thing{ID: c.ID, Comment: &c}
	if t.Consultation, err = s.visible(ctx, a, c.Consultation); err != nil {
		return Thing{}, err
	}
	if t.Hiding, err = s.hiding(ctx, c); err != nil {
		return Thing{}, err
	}
	if !t.Readable() && t.Hiding == nil && !Can(a, WorkInbox) {
		return Thing{}, fail(NotFound, "find comment")
	}
	wrote, err := s.wroteComments(ctx, a, []ID{c.ID})
	t.Own = wrote[c.ID]
	return t, err
}

// hiding is why a comment that had been published cannot be read; nil for any other.
func (s *Service) hiding(ctx context.Context, c Comment) (*Hiding, error) {
	if c.State != CommentWithheld {
		return nil, nil
	}
	h, err := s.store.Hiding(ctx, c.ID)
	if KindOf(err) == NotFound {
		return nil, nil
	}
	return &h, err
}

// Stub is a comment that had been published and is hidden now, as everybody may know of it; NotFound for any other.
func (s *Service) Stub(ctx context.Context, a Actor, comment ID) (Thing, error) {
	t, err := s.thing(ctx, a, comment)
	if err == nil && t.Hiding == nil {
		err = fail(NotFound, "read stub")
	}
	return t, err
}
