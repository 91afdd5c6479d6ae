package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// aConsultee keeps one that was not asked yet.
func (t *T) aConsultee(consultation consult.ID, name string, k consult.ConsulteeContact) consult.Consultee {
	t.Helper()
	c := consult.Consultee{ID: t.id(), Consultation: consultation, Kind: consult.Organisation, Name: name, Why: "The canal is beside the site",
		State: consult.NotConsulted, DueOn: "2026-04-30", CreatedAt: t.now}
	t.must(t.SaveConsultee(t.ctx, c, k, true, t.change("consultee.add", consultation)))
	return c
}

// asked sends one its first link.
func (t *T) asked(c consult.Consultee) consult.Consultee {
	t.Helper()
	link := c.Link
	c.State, c.Asking, c.Link, c.ConsultedOn, c.ExpiresOn = consult.ConsulteeAsked, c.Asking+1, link+1, "2026-04-02", "2026-05-07"
	ch := t.change("consultee.ask", c.ID)
	ch.Mails = []consult.Mail{{Kind: consult.MailConsultee, To: "canal@example.org", Language: "en", Subject: c.ID, Data: map[string]string{"token": "secret"}}}
	t.must(t.MoveConsultee(t.ctx, c, nil, link, nil, ch))
	return c
}

func (t *T) stateOf(consultee consult.ID) consult.ConsulteeState {
	t.Helper()
	return got(t.ConsulteeFile(t.ctx, consultee))(t).Consultee.State
}

var consulteeTests = map[string]func(*T){
	"where one stands follows from what became of its mail": func(t *T) {
		id := t.saved()
		c := t.aConsultee(id, "Example Canal Society", consult.ConsulteeContact{Email: "canal@example.org"})
		same(t, "before", t.stateOf(c.ID), consult.NotConsulted)
		c = t.asked(c)
		same(t, "asked", t.stateOf(c.ID), consult.ConsulteeAsked)
		m := t.mails()
		same(t, "the mail", []any{len(m), m[0].Consultee, m[0].Consultation}, []any{1, c.ID, id})
		t.must(t.DeliverySent(t.ctx, m[0].ID, t.now))
		same(t, "sent", t.stateOf(c.ID), consult.AwaitingAnswer)
		same(t, "nothing kept of it", got(t.MailCounts(t.ctx, id))(t), []consult.MailCount{{Kind: consult.MailConsultee, State: consult.MailSent, N: 1}})

		c = t.asked(c) // consulted again
		t.must(t.DeliveryFailed(t.ctx, t.mails()[0].ID, "no such mailbox", t.now, time.Time{}))
		same(t, "failed", t.stateOf(c.ID), consult.ConsulteeFailed)
		t.wants(consult.Conflict, t.MoveConsultee(t.ctx, c, nil, c.Link-1, nil, t.change("consultee.resend", c.ID)))
		t.wants(consult.NotFound, t.MoveConsultee(t.ctx, consult.Consultee{ID: t.id()}, nil, 0, nil, t.change("consultee.resend", c.ID)))
		file := got(t.ConsulteeFile(t.ctx, c.ID))(t)
		same(t, "contact", file.Contact, consult.ConsulteeContact{Email: "canal@example.org"})
		c.State = consult.NotRequired
		t.must(t.MoveConsultee(t.ctx, c, &consult.ConsulteeContact{Email: "new@example.org"}, c.Link, nil, t.change("consultee.release", c.ID)))
		same(t, "not required", t.stateOf(c.ID), consult.NotRequired)
		same(t, "new contact", got(t.ConsulteeFile(t.ctx, c.ID))(t).Contact.Email, "new@example.org")
		_, err := t.ConsulteeFile(t.ctx, t.id())
		t.wants(consult.NotFound, err)
	},
	"a new link takes the mail and the letter back that wait": func(t *T) {
		id := t.saved()
		c := t.asked(t.aConsultee(id, "Example Canal Society", consult.ConsulteeContact{Email: "canal@example.org"}))
		link := c.Link
		c.Link++
		paper := &consult.Letter{ID: t.id(), Consultation: id, Kind: consult.MailConsultee, Consultee: c.ID, State: consult.LetterWaiting, CreatedAt: t.now}
		k := &consult.ConsulteeContact{Address: "The Lock House", Postcode: "B9 9CK"}
		t.must(t.MoveConsultee(t.ctx, c, k, link, paper, t.change("consultee.resend", c.ID)))
		same(t, "mails", len(t.mails()), 0)
		l, _, err := t.Letters(t.ctx, id, consult.LetterWaiting, 0, 10)
		t.must(err)
		same(t, "letter", []any{len(l), l[0].Name, l[0].Address}, []any{1, "Example Canal Society", "The Lock House"})
		b := consult.LetterBatch{ID: t.id(), Consultation: id, Kind: consult.MailConsultee, PrintedAt: t.now, PostOn: "2026-04-02"}
		got(t.PrintLetters(t.ctx, b, t.change("letters.print", b.ID)))(t)
		same(t, "printed", t.stateOf(c.ID), consult.ConsulteeAsked)
		t.must(t.PostLetters(t.ctx, b.ID, "2026-04-02", nil, t.change("letters.post", b.ID)))
		same(t, "posted", t.stateOf(c.ID), consult.AwaitingAnswer)
		t.must(t.MarkLetter(t.ctx, l[0].ID, consult.LetterReturned, "Gone away", t.change("letter.returned", l[0].ID)))
		same(t, "came back", t.stateOf(c.ID), consult.ConsulteeFailed)
	},
	"an answer is kept in every wording and read by the public in the one published": func(t *T) {
		id := t.saved()
		c := t.asked(t.aConsultee(id, "Example Canal Society", consult.ConsulteeContact{Email: "canal@example.org"}))
		r := consult.ConsulteeResponse{ID: t.id(), Consultee: c.ID, Asking: 1, ReceivedAt: t.now,
			ConsulteeAnswer: consult.ConsulteeAnswer{Opinion: consult.Objected, Text: "It floods. Write to me at 1 Lock Lane.", Conditions: "A wall"}}
		t.must(t.SaveConsulteeAnswer(t.ctx, r, t.change("consultee.answer", c.ID)))
		rows := len(got(t.AuditRows(t.ctx, 0, 1000))(t))
		again := r
		again.ID = t.id()
		t.must(t.SaveConsulteeAnswer(t.ctx, again, t.change("consultee.answer", c.ID)))
		same(t, "the same words write nothing", len(got(t.AuditRows(t.ctx, 0, 1000))(t)), rows)
		same(t, "answered", t.stateOf(c.ID), consult.Responded)
		public, total, err := t.ConsulteeResponses(t.ctx, id, 0, 10)
		t.must(err)
		same(t, "not public", []int{len(public), total}, []int{0, 0})

		shown := r
		shown.Text, shown.Redacted, shown.PublishedAt = "It floods. [contact]", true, t.now
		t.must(t.PublishConsulteeAnswer(t.ctx, shown, []string{"contact"}, t.change("consultee.publish", c.ID)))
		public, total, err = t.ConsulteeResponses(t.ctx, id, 0, 10)
		t.must(err)
		shown.Name, shown.Kind = c.Name, c.Kind
		same(t, "public", public, []consult.ConsulteeResponse{shown})
		same(t, "their number", total, 1)
		same(t, "tally", got(t.ConsulteeTally(t.ctx, id))(t), consult.ConsulteeTally{Consulted: 1, Responded: 1, Opinions: map[consult.Opinion]int{consult.Objected: 1}})

		r.Text, r.ReceivedAt = "It floods no more.", t.later(time.Minute)
		t.must(t.SaveConsulteeAnswer(t.ctx, r, t.change("consultee.answer", c.ID)))
		_, total, err = t.ConsulteeResponses(t.ctx, id, 0, 10)
		t.must(err)
		same(t, "a new wording is read first", total, 0)
		t.wants(consult.Conflict, t.PublishConsulteeAnswer(t.ctx, shown, nil, t.change("consultee.publish", c.ID)))
		t.wants(consult.NotFound, t.PublishConsulteeAnswer(t.ctx, consult.ConsulteeResponse{ID: t.id()}, nil, t.change("consultee.publish", c.ID)))
		file := got(t.ConsulteeFile(t.ctx, c.ID))(t)
		same(t, "wordings", []string{file.Responses[0].Wordings[0].Text, file.Responses[0].Wordings[1].Text},
			[]string{"It floods. Write to me at 1 Lock Lane.", "It floods no more."})
	},
	"late answers of every case, and the directory": func(t *T) {
		first, second := t.saved(), t.saved()
		late := t.asked(t.aConsultee(first, "Example Canal Society", consult.ConsulteeContact{Email: "canal@example.org"}))
		t.aConsultee(second, "Highways service", consult.ConsulteeContact{Email: "highways@example.org"}) // not asked
		answered := t.asked(t.aConsultee(second, "Environmental health", consult.ConsulteeContact{Email: "health@example.org"}))
		t.must(t.SaveConsulteeAnswer(t.ctx, consult.ConsulteeResponse{ID: t.id(), Consultee: answered.ID, Asking: 1, ReceivedAt: t.now,
			ConsulteeAnswer: consult.ConsulteeAnswer{Opinion: consult.NoComment}}, t.change("consultee.answer", answered.ID)))
		same(t, "on the day", len(got(t.OverdueConsultees(t.ctx, "2026-04-30", 10))(t)), 0)
		l := got(t.OverdueConsultees(t.ctx, "2026-05-01", 10))(t)
		same(t, "the day after", []any{len(l), l[0].ID, l[0].Consultation}, []any{1, late.ID, first})
		same(t, "of a case, by name", len(got(t.Consultees(t.ctx, second))(t)), 2)

		directory := got(t.Directory(t.ctx))(t)
		same(t, "kept for others", []any{len(directory), directory[2].Name}, []any{3, "Highways service"})
		entry := consult.DirectoryEntry{Name: "highways  SERVICE", Kind: consult.InternalService, ConsulteeContact: consult.ConsulteeContact{Email: "roads@example.org"}}
		created, updated, unchanged, err := t.SaveDirectory(t.ctx, []consult.DirectoryEntry{entry}, t.change("directory.import", 0))
		same(t, "import", []any{created, updated, unchanged, err}, []any{0, 1, 0, nil})
		_, _, unchanged, err = t.SaveDirectory(t.ctx, []consult.DirectoryEntry{entry}, t.change("directory.import", 0))
		same(t, "twice is once", []any{unchanged, err}, []any{1, nil})
	},
}
