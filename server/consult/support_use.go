package consult

import "context"

// Support says that the actor's browser agrees with a published comment or a resident's message, or, with on false, takes it back. It
// answers with the count as it is then. Invalid for one's own words; Closed once the case is settled; nobody supports as the authority.
func (s *Service) Support(ctx context.Context, a Actor, id ID, on bool) (Thing, Supported, error) {
	const op = "support"
	if a.Kind != Visitor || a.ID == 0 {
		return Thing{}, Supported{}, fail(Forbidden, op)
	}
	t, err := s.thing(ctx, a, id)
	if err != nil {
		return t, Supported{}, err
	}
	if !t.Readable() || !t.ByResident() {
		return t, Supported{}, fail(NotFound, op)
	}
	if t.Consultation.State.Settled() {
		return t, Supported{}, fail(Closed, op)
	}
	if _, err := s.holds(ctx, op, a, t.Consultation); err != nil {
		return t, Supported{}, err
	}
	if on && t.Own {
		return t, Supported{}, fail(Invalid, op, FieldError{Field: "add", Rule: "own_support"})
	}
	// The log says that somebody did, not who: the row that says who can be taken back.
	ch := s.change(Actor{Kind: Visitor}, "support.remove", id)
	if !on {
		err = s.store.RemoveSupport(ctx, id, a.ID, ch)
	} else {
		ch.Action = "support.add"
		if ch.Trace, err = s.trace(ctx, a, TraceSupport, id, t.Consultation.ID); err != nil {
			return t, Supported{}, err
		}
		err = s.store.SaveSupport(ctx, id, a.ID, t.Consultation.ID, ch)
	}
	if err != nil {
		return t, Supported{}, err
	}
	all, err := s.store.Supports(ctx, a.ID, []ID{id})
	return t, all[id], err
}

// browserOf is the reader's number: 0 for everybody but visitors, who alone support things.
func browserOf(a Actor) ID {
	if a.Kind == Visitor {
		return a.ID
	}
	return 0
}

// countMessages fills the supports of messages that can be read.
func (s *Service) countMessages(ctx context.Context, a Actor, list []Message) error {
	var ids []ID
	for _, m := range list {
		if m.State == MessageVisible && m.Author == ByResident {
			ids = append(ids, m.ID)
		}
	}
	all, err := s.supports(ctx, a, ids)
	for i, m := range list {
		list[i].Supported = all[m.ID]
	}
	return err
}

// countRestored fills those of messages that events show again; what has just been posted nobody supports yet.
func (s *Service) countRestored(ctx context.Context, a Actor, events []Event, messages []Message) error {
	for _, e := range events {
		if e.Kind == EventRestored {
			return s.countMessages(ctx, a, messages)
		}
	}
	return nil
}

// countComments fills the supports of published comments.
func (s *Service) countComments(ctx context.Context, a Actor, list []Comment) error {
	ids := make([]ID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	all, err := s.supports(ctx, a, ids)
	if err != nil {
		return err
	}
	wrote, err := s.wroteComments(ctx, a, ids)
	for i, c := range list {
		list[i].Supported = all[c.ID]
		list[i].Supported.Wrote = wrote[c.ID]
	}
	return err
}

func (s *Service) supports(ctx context.Context, a Actor, ids []ID) (map[ID]Supported, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.store.Supports(ctx, browserOf(a), ids)
}
