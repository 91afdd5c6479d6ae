package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// ask makes an alert for everything, in a language, and confirms it from its mail.
func (h *house) ask(email, language string) {
	h.t.Helper()
	h.fine(h.service.AskAlert(h.t.Context(), consult.Actor{Kind: consult.Visitor}, consult.AlertInput{About: consult.AlertKinds(), Rhythm: consult.AtOnce,
		Email: email, Language: language, Words: "homes"}))
	m := only(h.t, h.flush(), email)
	checkMail(h.t, "alert-confirm", m)
	h.fine(h.service.ConfirmAlert(h.t.Context(), linkAfter(h.t, m.Text, "/alert/")))
}

// take keeps a case that nobody knew, with a title.
func (h *house) take(reference, title string) consult.ID {
	h.t.Helper()
	saved, err := h.service.Take(h.t.Context(), consult.System(), consult.Case{Consultation: consult.Consultation{Kind: consult.PlanningApplication,
		Title: title, State: consult.Validated, Address: "Example Row", Application: consult.Application{Authority: "local-authority:EXM", Reference: reference}}})
	h.fine(err)
	return saved.ID
}

// find lets alerts read the news and returns what they send.
func (h *house) find() []Message {
	h.t.Helper()
	for {
		m, err := h.service.ReadNews(h.t.Context(), 100)
		h.fine(err)
		if m.News == 0 {
			return h.flush()
		}
	}
}

func TestEveryMailOfAnAlert(t *testing.T) {
	h := newHouse(t)
	h.ask("english@example.com", "en")
	h.ask("urdu@example.com", "ur")
	id := h.take("2099/00002/PA", "Twelve homes\r\nBcc: everybody@example.com")
	list := h.find()
	for language, to := range map[string]string{"en": "english@example.com", "ur": "urdu@example.com"} {
		m := only(t, list, to)
		checkMail(t, "alert", m)
		if m.Language != language || linkAfter(t, m.Text, "/consultations/") != id.String() {
			t.Errorf("%s:\n%s", language, m.Text)
		}
		token, ok := strings.CutSuffix(strings.TrimPrefix(m.Unsubscribe, baseURL+"/alert/"), "/stop")
		if a, err := h.service.AlertOf(t.Context(), token); !ok || err != nil || a.Email != to {
			t.Errorf("unsubscribe link %s: %v %v", m.Unsubscribe, a.Email, err)
		}
		if strings.Contains(m.Text+m.HTML, to) {
			t.Errorf("%s: the mail repeats its address", language)
		}
	}
}

// More than a mail holds is counted, never cut off in silence.
func TestAnAlertSaysHowManyMoreThereAre(t *testing.T) {
	h := newHouse(t)
	h.ask("english@example.com", "en")
	for n := range consult.MailHits + 3 {
		h.take("2099/0100"+string(rune('a'+n))+"/PA", "Homes "+string(rune('a'+n)))
	}
	m := only(t, h.find(), "english@example.com")
	if n := strings.Count(m.Text, "/consultations/"); n != consult.MailHits || !strings.Contains(m.Subject, "23 applications") || !strings.Contains(m.Text, "And 3 more") {
		t.Errorf("%d links, %s\n%s", n, m.Subject, m.Text)
	}
	checkMail(t, "alert", m)
}

// A mail whose alert ended, or whose hits went elsewhere, has lost its sense; a database that does not answer only delays it.
func TestAnAlertsMailCanLoseItsSense(t *testing.T) {
	h := newHouse(t)
	h.ask("english@example.com", "en")
	h.take("2099/00002/PA", "Homes")
	_, err := h.service.ReadNews(t.Context(), 100)
	h.fine(err)
	_, err = h.service.ReadNews(t.Context(), 100)
	h.fine(err)
	due, err := h.store.ClaimDeliveries(t.Context(), h.now, time.Minute, 9)
	h.fine(err)
	if len(due) != 1 {
		t.Fatalf("%d mails", len(due))
	}
	token := h.service.AlertToken(due[0].Alert)
	h.fine(h.service.RemoveAlert(t.Context(), token))
	if _, err := h.composer.Compose(t.Context(), due[0]); !permanent(err) {
		t.Errorf("an alert that ended: %v", err)
	}
	h.fine(h.store.Close())
	if _, err := h.composer.Compose(t.Context(), due[0]); err == nil || permanent(err) {
		t.Errorf("a database that is gone: %v", err)
	}
}
