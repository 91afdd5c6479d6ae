package consult

import (
	"context"
	"strings"
)

// LetterDesk is what an officer sees of a case's paper and mail.
type LetterDesk struct {
	Case        CaseView
	Counts      []LetterCount
	Mails       []MailCount
	Unreachable int
	Batches     []LetterBatch
	State       LetterState // of the letters listed
	Letters     []Letter
	Total       int
}

// LetterDesk reads a page of a case's letters in one state.
func (s *Service) LetterDesk(ctx context.Context, a Actor, consultation ID, state LetterState, offset, limit int) (LetterDesk, error) {
	d := LetterDesk{State: state}
	if err := Must(a, RecordOutcome, "read letters"); err != nil {
		return d, err
	}
	limit, offset = ClampPage(limit, offset)
	for _, read := range []func() error{
		func() (err error) { d.Case, err = s.Case(ctx, a, consultation); return },
		func() (err error) { d.Counts, err = s.store.LetterCounts(ctx, consultation); return },
		func() (err error) { d.Mails, err = s.store.MailCounts(ctx, consultation); return },
		func() (err error) { d.Unreachable, err = s.store.Unreachable(ctx, consultation); return },
		func() (err error) { d.Batches, err = s.store.LetterBatches(ctx, consultation); return },
		func() (err error) {
			d.Letters, d.Total, err = s.store.Letters(ctx, consultation, state, offset, limit)
			return
		},
	} {
		if err := read(); err != nil {
			return d, err
		}
	}
	return d, nil
}

// PrintLetters puts waiting letters of one kind, of neighbours those of one round, into a batch. Letters to neighbours name the last
// day for comments, which follows from the day they are posted on.
func (s *Service) PrintLetters(ctx context.Context, a Actor, consultation ID, kind MailKind, round int, postOn Date) (ID, error) {
	const op = "print letters"
	if err := Must(a, RecordOutcome, op); err != nil {
		return 0, err
	}
	var bad check
	if _, err := ParseDate(string(postOn)); err != nil || postOn < s.today() {
		bad.add("post-on", "date_future")
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "letters.print", consultation)
	b := LetterBatch{ID: NewID(ch.At), Consultation: consultation, Kind: kind, Round: round, PrintedAt: ch.At, PostOn: postOn}
	if kind == MailNeighbour {
		var err error
		if b.Closes, err = s.lastDayByLetter(ctx, a, consultation, round, postOn); err != nil {
			return 0, err
		}
	}
	ch.Subject = b.ID
	n, err := s.store.PrintLetters(ctx, b, ch)
	if err == nil && n == 0 {
		err = fail(Invalid, op, FieldError{Field: "kind", Rule: "no_letters"})
	}
	return b.ID, err
}

// lastDayByLetter is the last day for comments that a letter posted on a day can promise.
func (s *Service) lastDayByLetter(ctx context.Context, a Actor, consultation ID, round int, on Date) (Date, error) {
	ch := s.change(a, "letters.print", consultation)
	n, err := s.notify(ctx, a, Publicity{Consultation: consultation, Round: round, Kind: NeighbourLetter, On: on, Evidence: "letter"}, &ch)
	least := n.End.Closes
	if fields := FieldsOf(err); len(fields) > 0 {
		for i := range fields {
			fields[i].Field = "post-on"
		}
	}
	if err != nil {
		return "", err
	}
	rounds, err := s.store.Rounds(ctx, consultation)
	if err != nil {
		return "", err
	}
	for _, r := range rounds {
		if r.Number == round {
			return max(least, r.Closes), nil
		}
	}
	// The round is still to be made; it cannot close earlier than its letters allow.
	return least, nil
}

// LetterBatch reads a batch with its letters. That somebody read addresses is audited.
func (s *Service) LetterBatch(ctx context.Context, a Actor, consultation, batch ID) (LetterBatch, []Letter, error) {
	const op = "read letters"
	if err := Must(a, RecordOutcome, op); err != nil {
		return LetterBatch{}, nil, err
	}
	b, letters, err := s.store.LetterBatch(ctx, batch)
	if err == nil && b.Consultation != consultation {
		err = fail(NotFound, op)
	}
	if err != nil {
		return b, nil, err
	}
	for i := range letters {
		if letters[i].Data == nil {
			letters[i].Data = map[string]string{}
		}
		letters[i].Data[DataCloses] = string(b.Closes)
	}
	return b, letters, s.store.Note(ctx, s.change(a, "letters.open", batch))
}

// PostLetters notes that a batch was posted. Letters to neighbours are publicity: the law's clock runs from that day, and the round
// closes no earlier than it says.
func (s *Service) PostLetters(ctx context.Context, a Actor, consultation, batch ID, on Date, evidence string) error {
	const op = "post letters"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	b, _, err := s.store.LetterBatch(ctx, batch)
	if err != nil {
		return err
	}
	if b.Consultation != consultation {
		return fail(NotFound, op)
	}
	var bad check
	if _, err := ParseDate(string(on)); err != nil || on > s.today() {
		bad.add("on", "date_past")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "letters.post", batch)
	ch.Detail = string(on)
	if b.Kind != MailNeighbour {
		return s.store.PostLetters(ctx, batch, on, nil, ch)
	}
	n, err := s.notify(ctx, a, Publicity{Consultation: consultation, Round: b.Round, Kind: NeighbourLetter, On: on, Evidence: evidence}, &ch)
	if err != nil {
		return err
	}
	return s.store.PostLetters(ctx, batch, on, &n, ch)
}

// MarkLetter notes that a letter came back, or was not posted after all.
func (s *Service) MarkLetter(ctx context.Context, a Actor, consultation, letter ID, to LetterState, trouble string) error {
	const op = "mark letter"
	l, err := s.letterOf(ctx, a, op, consultation, letter)
	if err != nil {
		return err
	}
	var bad check
	if to != LetterReturned && to != LetterFailed {
		bad.add("do", "choice")
	}
	bad.line("why", trouble, 300, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "letter."+string(to), l.ID)
	return s.store.MarkLetter(ctx, l.ID, to, strings.TrimSpace(trouble), ch)
}

// ResendLetter writes a letter again that came back, was not posted or never arrived. The old one stays as it was.
func (s *Service) ResendLetter(ctx context.Context, a Actor, consultation, letter ID, why string) error {
	const op = "send letter again"
	l, err := s.letterOf(ctx, a, op, consultation, letter)
	if err != nil {
		return err
	}
	var bad check
	bad.line("why", why, 300, true)
	if l.State == LetterWaiting || l.State == LetterPrinted {
		bad.add("do", "letter_waits")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "letter.resend", l.ID)
	again := l
	again.ID, again.State, again.Batch, again.PostedOn, again.Trouble = NewID(ch.At), LetterWaiting, 0, "", ""
	again.Resends, again.Why, again.CreatedAt = l.ID, strings.TrimSpace(why), ch.At
	return s.store.SaveLetter(ctx, again, ch)
}

func (s *Service) letterOf(ctx context.Context, a Actor, op string, consultation, letter ID) (Letter, error) {
	if err := Must(a, RecordOutcome, op); err != nil {
		return Letter{}, err
	}
	l, err := s.store.Letter(ctx, letter)
	if err == nil && l.Consultation != consultation {
		err = fail(NotFound, op)
	}
	return l, err
}
