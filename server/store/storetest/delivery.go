package storetest

import (
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// deliveries reads the log of mails.
func (t *T) deliveries(f consult.DeliveryFilter) consult.DeliveryPage {
	t.Helper()
	return got(t.Deliveries(t.ctx, f))(t)
}

var deliveryTests = map[string]func(*T){
	"the log of mails counts by state and kind, and hides addresses": func(t *T) {
		id := t.saved()
		t.following(id, "follower@example.org")
		t.commented(id)
		ch := t.change("x", id)
		ch.Mails = []consult.Mail{
			{Kind: consult.MailOutcome, Audience: consult.Audience{Consultation: id, Everyone: true}, Subject: id},
			{Kind: consult.MailSignIn, To: "officer@example.org", Data: map[string]string{consult.DataToken: "secret"}},
		}
		t.must(t.Note(t.ctx, ch))
		claimed := t.mails()
		same(t, "mails", len(claimed), 3)
		for _, m := range claimed {
			switch m.To {
			case "follower@example.org":
				t.must(t.DeliveryFailed(t.ctx, m.ID, "550 unknown", t.now, time.Time{}))
			case "resident@example.org":
				t.must(t.DeliveryFailed(t.ctx, m.ID, "421 busy", t.now, t.now.Add(time.Hour)))
			default:
				t.must(t.DeliverySent(t.ctx, m.ID, t.now))
			}
		}
		page := t.deliveries(consult.DeliveryFilter{})
		same(t, "counts", page.Counts, map[consult.DeliveryState]map[consult.MailKind]int{
			consult.DeliveryWaiting: {}, consult.DeliverySent: {consult.MailSignIn: 1},
			consult.DeliveryFailing: {consult.MailOutcome: 1}, consult.DeliveryGivenUp: {consult.MailOutcome: 1}})
		same(t, "all", []int{page.Total, len(page.Lines)}, []int{3, 3})
		givenUp := t.deliveries(consult.DeliveryFilter{State: consult.DeliveryGivenUp, Kind: consult.MailOutcome})
		l := givenUp.Lines[0]
		same(t, "given up", []any{givenUp.Total, l.Address, l.Failed, l.Tries, l.MadeAt, l.GivenUpAt, l.CanRetry, l.Consultation},
			[]any{1, "f•••@example.org", "550 unknown", 1, t.now.Truncate(time.Microsecond), t.now.Truncate(time.Microsecond), true, id})
		for _, l := range page.Lines {
			if strings.Contains(l.Address, "follower") || strings.Contains(l.Address, "resident") || strings.Contains(l.Address, "officer") {
				t.Errorf("the log shows %s", l.Address)
			}
			if l.State == consult.DeliverySent && (l.Address != "" || l.CanRetry) {
				t.Errorf("a mail that was sent still knows %q, or may be tried again", l.Address)
			}
		}
	},
	"what was given up is tried again at the address it belongs to": func(t *T) {
		id := t.saved()
		f := t.following(id, "follower@example.org")
		ch := t.change("x", id)
		ch.Mails = []consult.Mail{{Kind: consult.MailOutcome, Audience: consult.Audience{Consultation: id}, Subject: id}}
		t.must(t.Note(t.ctx, ch))
		mail := t.mails()[0].ID
		t.must(t.DeliveryFailed(t.ctx, mail, "550 unknown", t.now, time.Time{}))
		t.must(t.RetryDelivery(t.ctx, mail, t.change("delivery.retry", mail)))
		m := t.mails()
		same(t, "again", []any{len(m), m[0].ID, m[0].To, m[0].Tries, m[0].Follow}, []any{1, mail, "follower@example.org", 1, f.ID})
		t.must(t.DeliverySent(t.ctx, mail, t.now))
		t.wants(consult.Conflict, t.RetryDelivery(t.ctx, mail, t.change("delivery.retry", mail)))
	},
	"nobody is written to whose address is forgotten": func(t *T) {
		id := t.saved()
		f := t.following(id, "follower@example.org")
		ch := t.change("x", id)
		ch.Mails = []consult.Mail{{Kind: consult.MailOutcome, Audience: consult.Audience{Consultation: id}, Subject: id},
			{Kind: consult.MailSignIn, To: "officer@example.org"}}
		t.must(t.Note(t.ctx, ch))
		for _, m := range t.mails() {
			t.must(t.DeliveryFailed(t.ctx, m.ID, "550 unknown", t.now, time.Time{}))
		}
		t.must(t.RemoveFollow(t.ctx, f.ID, t.change("follow.end", f.ID)))
		for _, l := range t.deliveries(consult.DeliveryFilter{}).Lines {
			same(t, "can be tried again", l.CanRetry, false)
			t.wants(consult.Closed, t.RetryDelivery(t.ctx, l.ID, t.change("delivery.retry", l.ID)))
		}
		same(t, "mails", len(t.mails()), 0)
		t.wants(consult.NotFound, t.RetryDelivery(t.ctx, 4711, t.change("delivery.retry", 4711)))
	},
	"an officer's new try lets the alerts of the address run again": func(t *T) {
		a := t.wanting("one@example.org")
		t.saved()
		t.match()
		mail := t.mails()[0].ID
		t.must(t.DeliveryFailed(t.ctx, mail, "550 unknown", t.now, time.Time{}))
		t.must(t.RetryDelivery(t.ctx, mail, t.change("delivery.retry", mail)))
		same(t, "runs", got(t.Alert(t.ctx, a.ID))(t).Paused, consult.Pause(""))
		m := t.mails()
		same(t, "with what it held", []any{m[0].To, got(t.AlertMail(t.ctx, m[0].ID))(t).Total}, []any{"one@example.org", 1})
	},
	"a mail whose hits went into another is not tried again": func(t *T) {
		a := t.wanting("one@example.org")
		t.saved()
		t.match()
		mail := t.mails()[0].ID
		t.must(t.DeliveryFailed(t.ctx, mail, "550 unknown", t.now, time.Time{}))
		t.must(t.SetAlert(t.ctx, a.ID, a.Rhythm, "", t.now, t.change("alert.resume", a.ID)))
		t.wants(consult.Closed, t.RetryDelivery(t.ctx, mail, t.change("delivery.retry", mail)))
		for _, l := range t.deliveries(consult.DeliveryFilter{State: consult.DeliveryGivenUp}).Lines {
			same(t, "can be tried again", l.CanRetry, false)
		}
	},
}
