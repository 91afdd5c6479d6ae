package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// AddConsultee notes whom a case is to be shown; AskConsultees asks. due is the last day for an answer; of a statutory consultee the
// law sets it when it is asked.
func (s *Service) AddConsultee(ctx context.Context, a Actor, c Consultee, k ConsulteeContact, directory bool) (ID, error) {
	const op = "add consultee"
	if err := Must(a, RecordOutcome, op); err != nil {
		return 0, err
	}
	v, err := s.store.Consultation(ctx, c.Consultation)
	if err != nil {
		return 0, err
	}
	var bad check
	c.Name, c.Why = strings.TrimSpace(c.Name), strings.TrimSpace(c.Why)
	bad.line("name", c.Name, MaxName, true)
	bad.text("why", c.Why, 1000, true)
	if !slices.Contains(ConsulteeKinds(), c.Kind) {
		bad.add("kind", "required")
	}
	checkReach(&bad, &k)
	if c.Kind == StatutoryConsultee {
		c.DueOn = ""
	} else {
		s.checkDue(&bad, c.DueOn)
	}
	if v.State.Settled() {
		bad.add("state", "settled")
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "consultee.add", c.Consultation)
	c.ID, c.State, c.CreatedAt = NewID(ch.At), NotConsulted, ch.At
	return c.ID, s.store.SaveConsultee(ctx, c, k, directory, ch)
}

// checkReach wants a mailbox or a postal address, and brings the latter into its form.
func checkReach(bad *check, k *ConsulteeContact) {
	k.Email, k.Address = strings.TrimSpace(k.Email), strings.TrimSpace(k.Address)
	bad.email("email", k.Email, false)
	bad.line("address", k.Address, MaxAddress, false)
	if k.Email == "" && k.Address == "" {
		bad.add("email", "reach_required")
	}
	if k.Address != "" || k.Postcode != "" {
		code, ok := NormalPostcode(k.Postcode)
		if !ok {
			bad.add("postcode", "postcode")
		}
		k.Postcode = code
	}
}

// checkDue wants a day to come, and no day so far that a slip of the pen must be meant.
func (s *Service) checkDue(bad *check, due Date) {
	if _, err := ParseDate(string(due)); err != nil || due <= s.today() || due > s.today().Add(366) {
		bad.add("due", "date_future")
	}
}

// AskConsultees asks everybody of a case who was not asked yet, and counts them.
func (s *Service) AskConsultees(ctx context.Context, a Actor, consultation ID) (int, error) {
	const op = "ask consultees"
	if err := Must(a, RecordOutcome, op); err != nil {
		return 0, err
	}
	all, err := s.store.Consultees(ctx, consultation)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, c := range all {
		if c.State != NotConsulted {
			continue
		}
		file, err := s.store.ConsulteeFile(ctx, c.ID)
		if err != nil {
			return n, err
		}
		if err := s.ask(ctx, a, file, "consultee.ask", Approach{Due: c.DueOn}); err != nil {
			return n, err
		}
		n++
	}
	if n == 0 {
		return 0, fail(Invalid, op, FieldError{Field: "ask", Rule: "nobody_to_ask"})
	}
	return n, nil
}

// Approach is how a consultee is turned to once more.
type Approach struct {
	Due     Date              // the last day for an answer; ignored for statutory consultees, whom the law gives their days
	Reason  string            // why again
	Contact *ConsulteeContact // a corrected one, nil = as before
}

// ResendConsultee sends the question again, with a new link; the old one no longer opens.
func (s *Service) ResendConsultee(ctx context.Context, a Actor, consultee ID, how Approach) error {
	return s.approach(ctx, a, consultee, "consultee.resend", how)
}

// Reconsult asks a consultee anew, because the proposal or what is known of it has changed: another answer, beside the first.
func (s *Service) Reconsult(ctx context.Context, a Actor, consultee ID, how Approach) error {
	return s.approach(ctx, a, consultee, "consultee.reconsult", how)
}

func (s *Service) approach(ctx context.Context, a Actor, consultee ID, action string, how Approach) error {
	if err := Must(a, RecordOutcome, action); err != nil {
		return err
	}
	file, err := s.store.ConsulteeFile(ctx, consultee)
	if err != nil {
		return err
	}
	var bad check
	how.Reason = strings.TrimSpace(how.Reason)
	bad.line("reason", how.Reason, 300, true)
	if how.Contact != nil {
		checkReach(&bad, how.Contact)
	}
	if again := action == "consultee.resend"; again && file.Consultee.State == Responded || file.Consultee.State == NotConsulted {
		bad.add("do", "not_now")
	}
	if err := bad.err(action); err != nil {
		return err
	}
	return s.ask(ctx, a, file, action, how)
}

// ask writes the mail, or the letter to those without a mailbox, and keeps that it was written.
func (s *Service) ask(ctx context.Context, a Actor, file ConsulteeFile, action string, how Approach) error {
	c, link := file.Consultee, file.Consultee.Link
	k, err := s.store.Consultation(ctx, c.Consultation)
	if err != nil {
		return err
	}
	var bad check
	if k.State.Settled() || !k.State.Public() {
		bad.add("state", "settled")
	}
	if c.Kind == StatutoryConsultee {
		if how.Due, err = s.statutoryDue(k); err != nil {
			return err
		}
	}
	s.checkDue(&bad, how.Due)
	if err := bad.err(action); err != nil {
		return err
	}
	ch := s.change(a, action, c.ID)
	c.State, c.ConsultedOn, c.DueOn, c.ExpiresOn, c.Reason = ConsulteeAsked, s.today(), how.Due, how.Due.Add(ConsulteeGrace), how.Reason
	c.Link++
	if action != "consultee.resend" || c.Asking == 0 {
		c.Asking++
	}
	reach := file.Contact
	if how.Contact != nil {
		reach = *how.Contact
	}
	paper := s.tellConsultee(&ch, c, reach, action)
	return s.store.MoveConsultee(ctx, c, how.Contact, link, paper, ch)
}

// statutoryDue is the last of the days the law gives: those of a notice served on the consultee today (DMPO 2015, article 22).
func (s *Service) statutoryDue(k Consultation) (Date, error) {
	return s.calendar.LastDay(EmailNotice, s.today(), InitialRound, k.Application.EIA)
}

// tellConsultee adds the mail to a change, or makes the letter.
func (s *Service) tellConsultee(ch *Change, c Consultee, k ConsulteeContact, action string) *Letter {
	data := map[string]string{DataDue: string(c.DueOn), DataWhy: c.Why, DataAction: strings.TrimPrefix(action, "consultee."), DataReason: c.Reason}
	if k.Email != "" {
		data[DataToken], data[DataExpires] = s.consulteeToken(c), s.calendar.End(c.ExpiresOn).UTC().Format(time.RFC3339)
		ch.Mails = []Mail{{Kind: MailConsultee, To: k.Email, Language: "en", Data: data, Subject: c.ID}}
		return nil
	}
	return &Letter{ID: NewID(ch.At), Consultation: c.Consultation, Kind: MailConsultee, Consultee: c.ID, Data: data, State: LetterWaiting, CreatedAt: ch.At}
}

// RemindConsultee sends the same link once more.
func (s *Service) RemindConsultee(ctx context.Context, a Actor, consultee ID) error {
	const op = "remind consultee"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	file, err := s.store.ConsulteeFile(ctx, consultee)
	if err != nil {
		return err
	}
	c := file.Consultee
	var bad check
	if c.State != AwaitingAnswer || c.ExpiresOn < s.today() {
		bad.add("do", "not_now")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "consultee.remind", c.ID)
	c.RemindedAt = ch.At
	c.State = ConsulteeAsked
	return s.store.MoveConsultee(ctx, c, nil, c.Link, s.tellConsultee(&ch, c, file.Contact, "consultee.remind"), ch)
}

// ReleaseConsultee notes that an opinion is not needed after all; its link no longer opens.
func (s *Service) ReleaseConsultee(ctx context.Context, a Actor, consultee ID, reason string) error {
	const op = "release consultee"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	file, err := s.store.ConsulteeFile(ctx, consultee)
	if err != nil {
		return err
	}
	c, link := file.Consultee, file.Consultee.Link
	var bad check
	bad.line("reason", reason, 300, true)
	if c.State == Responded || c.State == NotRequired {
		bad.add("do", "not_now")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	c.State, c.Reason, c.Link = NotRequired, strings.TrimSpace(reason), link+1
	return s.store.MoveConsultee(ctx, c, nil, link, nil, s.change(a, "consultee.release", c.ID))
}

// Consultees lists a case's consultees for its officers, with the directory they are picked from.
func (s *Service) Consultees(ctx context.Context, a Actor, consultation ID) (CaseView, []Consultee, []DirectoryEntry, error) {
	if err := Must(a, RecordOutcome, "read consultees"); err != nil {
		return CaseView{}, nil, nil, err
	}
	v, err := s.Case(ctx, a, consultation)
	if err != nil {
		return v, nil, nil, err
	}
	list, err := s.store.Consultees(ctx, consultation)
	if err != nil {
		return v, nil, nil, err
	}
	directory, err := s.store.Directory(ctx)
	return v, list, directory, err
}

// ConsulteeFile opens one for an officer; that somebody read a contact is audited.
func (s *Service) ConsulteeFile(ctx context.Context, a Actor, consultee ID) (ConsulteeFile, Consultation, error) {
	if err := Must(a, RecordOutcome, "open consultee"); err != nil {
		return ConsulteeFile{}, Consultation{}, err
	}
	file, err := s.store.ConsulteeFile(ctx, consultee)
	if err != nil {
		return file, Consultation{}, err
	}
	k, err := s.store.Consultation(ctx, file.Consultee.Consultation)
	if err != nil {
		return file, k, err
	}
	return file, k, s.store.Note(ctx, s.change(a, "consultee.open", consultee))
}

// OverdueConsultees lists those of every case whose answer is late, longest first.
func (s *Service) OverdueConsultees(ctx context.Context, a Actor) ([]Consultee, map[ID]Consultation, error) {
	if err := Must(a, RecordOutcome, "read overdue consultees"); err != nil {
		return nil, nil, err
	}
	list, err := s.store.OverdueConsultees(ctx, s.today(), 100)
	if err != nil {
		return nil, nil, err
	}
	cases := map[ID]Consultation{}
	for _, c := range list {
		if _, known := cases[c.Consultation]; known {
			continue
		}
		if cases[c.Consultation], err = s.store.Consultation(ctx, c.Consultation); err != nil {
			return nil, nil, err
		}
	}
	return list, cases, nil
}

// TakeDirectory imports consultees that officers pick from.
func (s *Service) TakeDirectory(ctx context.Context, a Actor, list []DirectoryEntry) (created, updated, unchanged int, err error) {
	const op = "import consultees"
	if err := Must(a, Import, op); err != nil {
		return 0, 0, 0, err
	}
	for _, e := range list {
		var bad check
		bad.line("name", e.Name, MaxName, true)
		checkReach(&bad, &e.ConsulteeContact)
		if err := bad.err(op); err != nil {
			return 0, 0, 0, err
		}
	}
	return s.store.SaveDirectory(ctx, list, s.change(a, "directory.import", 0))
}
