package identity_test

import (
	"context"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/store"
)

// house is identity on a new SQLite database, with a clock that stands until it is moved.
type house struct {
	*identity.Service
	store *store.Store
	now   time.Time
	t     *testing.T
}

func newHouse(t *testing.T) *house { return newHouseWith(t, func(*identity.Limits) {}) }

func newHouseWith(t *testing.T, change func(*identity.Limits)) *house {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	limits := identity.DefaultLimits()
	change(&limits)
	h := &house{store: s, now: time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC), t: t}
	h.Service = identity.New(s, func() time.Time { return h.now }, limits)
	return h
}

// wait moves the clock.
func (h *house) wait(d time.Duration) { h.now = h.now.Add(d) }

// officer makes somebody who can sign in, with an invented role for a name.
func (h *house) officer(email string, roles ...consult.Role) consult.Officer {
	h.t.Helper()
	o, err := h.Add(h.ctx(), identity.Profile{Email: email, Name: "Demo " + email, Service: "Planning", Title: "Planning officer", Roles: roles})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) ctx() context.Context { return h.t.Context() }

// mails takes everything that waits out of the outbox, as if it had been sent.
func (h *house) mails() []consult.Delivery {
	h.t.Helper()
	list, err := h.store.ClaimDeliveries(h.ctx(), h.now, time.Hour, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, d := range list {
		if err := h.store.DeliverySent(h.ctx(), d.ID, h.now); err != nil {
			h.t.Fatal(err)
		}
	}
	return list
}

// ask asks for a link and reads its token from the mail.
func (h *house) ask(email, browser string) (token, code string) {
	h.t.Helper()
	code, err := h.AskLink(h.ctx(), identity.Ask{Email: email, Browser: browser, Language: "en"})
	if err != nil {
		h.t.Fatal(err)
	}
	list := h.mails()
	if len(list) != 1 || list[0].Kind != consult.MailSignIn {
		h.t.Fatalf("mails %+v, want one to sign in", list)
	}
	return list[0].Data[consult.DataToken], code
}

// signIn signs an officer in from a browser of their own.
func (h *house) signIn(email string) identity.Entry {
	h.t.Helper()
	browser := identity.NewSecret()
	token, _ := h.ask(email, browser)
	e, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: browser, Agent: firefox})
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// want holds an error to its kind.
func (h *house) want(err error, kind consult.Kind, what string) {
	h.t.Helper()
	if err == nil || consult.KindOf(err) != kind {
		h.t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

// wantField holds an Invalid error to its only field and rule.
func (h *house) wantField(err error, field, rule, what string) {
	h.t.Helper()
	fields := consult.FieldsOf(err)
	if consult.KindOf(err) != consult.Invalid || len(fields) != 1 || fields[0].Field != field || fields[0].Rule != rule {
		h.t.Errorf("%s: %v, want %s=%s", what, err, field, rule)
	}
}

func (h *house) fine(err error, what string) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%s: %v", what, err)
	}
}

// audited counts audit rows, and those of one action.
func (h *house) audited(action string) (all, of int) {
	h.t.Helper()
	rows, err := h.store.AuditRows(h.ctx(), 0, 10000)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range rows {
		if r.Action == action {
			of++
		}
	}
	return len(rows), of
}
