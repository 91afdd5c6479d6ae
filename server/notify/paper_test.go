package notify

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// A letter says what the mail says, in its reader's language, with an address that can be typed.
func TestALetterSaysWhatTheMailSays(t *testing.T) {
	h := newHouse(t)
	for _, l := range texts.Languages() {
		for _, kind := range []consult.MailKind{consult.MailStateChange, consult.MailOutcome} {
			data := map[string]string{consult.DataState: string(consult.Decided)}
			mail, err := h.composer.Compose(t.Context(), consult.Delivery{ID: 1, Kind: kind, To: "a@example.com", Language: l.Code, Consultation: h.kase, Comment: 7, Data: data})
			h.fine(err)
			paper, err := h.composer.Letter(t.Context(), consult.Letter{ID: 1, Kind: kind, Consultation: h.kase, Comment: 7, Data: data, Language: l.Code, Name: "Resident of Example Street"})
			h.fine(err)
			if paper.Language != l.Code || paper.Dir != l.Dir || paper.Subject != mail.Subject || len(paper.Paragraphs) == 0 {
				t.Errorf("%s %s: %+v", l.Code, kind, paper)
			}
			for _, p := range append(paper.Paragraphs, paper.Matter...) {
				if !strings.Contains(mail.Text, p) {
					t.Errorf("%s %s: the mail does not say %q", l.Code, kind, p)
				}
			}
			if want := baseURL + "/c/" + h.kase.String(); !strings.HasPrefix(paper.Link, want) {
				t.Errorf("%s %s: link %s", l.Code, kind, paper.Link)
			}
			if len(paper.Also) != len(texts.Languages())-1 || !slices.ContainsFunc(paper.Footer, func(s string) bool { return strings.Contains(s, "Example Council") }) {
				t.Errorf("%s %s: %+v %+v", l.Code, kind, paper.Also, paper.Footer)
			}
		}
	}
}

func TestALetterToNeighboursNamesTheLastDay(t *testing.T) {
	h := newHouse(t)
	l := consult.Letter{ID: 1, Kind: consult.MailNeighbour, Consultation: h.kase, Round: 1, Language: "en", Data: map[string]string{consult.DataCloses: "2026-04-24"}}
	paper, err := h.composer.Letter(t.Context(), l)
	h.fine(err)
	if all := strings.Join(paper.Paragraphs, "\n"); paper.Name != "The owner or occupier" || !strings.Contains(all, "24 April 2026") {
		t.Errorf("%+v", paper)
	}
	l.Data = nil
	if _, err := h.composer.Letter(t.Context(), l); !permanent(err) {
		t.Errorf("without a day: %v", err)
	}
	d := consult.Delivery{ID: 1, Kind: consult.MailNeighbour, To: "a@example.com", Language: "en", Consultation: h.kase, Data: map[string]string{consult.DataCloses: "2026-04-24"}}
	if _, err := h.composer.Compose(t.Context(), d); !permanent(err) {
		t.Errorf("as a mail: %v", err)
	}
	for name, l := range map[string]consult.Letter{"unknown kind": {Kind: "greeting"}, "no consultation": {Kind: consult.MailOutcome, Consultation: 99}} {
		if _, err := h.composer.Letter(t.Context(), l); !permanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every way of turning to a consultee has its mail and its letter; a link that is over is not sent.
func TestMailsToConsultees(t *testing.T) {
	h := newHouse(t)
	for _, language := range []string{"en", "ur"} {
		for _, action := range []string{"ask", "remind", "resend", "reconsult"} {
			data := map[string]string{consult.DataToken: "secret", consult.DataExpires: "2026-05-01T23:00:00Z", consult.DataDue: "2026-04-24", consult.DataWhy: "The yard\r\nBcc: x@example.com",
				consult.DataAction: action, consult.DataReason: "The entrance moved"}
			d := consult.Delivery{ID: 1, Kind: consult.MailConsultee, To: "canal@example.org", Language: language, Consultation: h.kase, Consultee: 5, Data: data}
			m, err := h.composer.Compose(context.Background(), d)
			h.fine(err)
			checkMail(t, "consultee "+action, m)
			if got := linkAfter(t, m.Text, "/consultee/"); got != "secret" || m.Unsubscribe != "" {
				t.Errorf("%s: link %q, unsubscribe %q", action, got, m.Unsubscribe)
			}
			if said := strings.Contains(m.Text, "The entrance moved"); said != (action == "resend" || action == "reconsult") {
				t.Errorf("%s: the reason is said: %v", action, said)
			}
			paper, err := h.composer.Letter(t.Context(), consult.Letter{Kind: consult.MailConsultee, Consultation: h.kase, Consultee: 5, Language: language, Data: data, Name: "Example Canal Society"})
			h.fine(err)
			if strings.Contains(strings.Join(paper.Paragraphs, "")+paper.Link, "secret") {
				t.Error("a letter carries a secret that nobody can type")
			}
		}
	}
	over := map[string]string{consult.DataToken: "secret", consult.DataExpires: h.now.Format("2006-01-02T15:04:05Z07:00")}
	if _, err := h.composer.Compose(t.Context(), consult.Delivery{ID: 1, Kind: consult.MailConsultee, To: "a@example.com", Consultation: h.kase, Data: over}); !permanent(err) {
		t.Errorf("a link that is over: %v", err)
	}
}
