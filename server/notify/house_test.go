package notify

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/static/lang"
)

// house is the domain on a new SQLite database, with a composer, a mailer in memory and a clock that stands until it is moved.
type house struct {
	t        *testing.T
	store    *store.Store
	service  *consult.Service
	composer *Composer
	memory   *Memory
	relay    *Relay
	log      bytes.Buffer
	now      time.Time
	kase     consult.ID
}

const baseURL = "https://consult.example.org"

var officer = consult.Actor{Kind: consult.Signed, ID: 7, Roles: []consult.Role{consult.RoleAdmin}, Service: "Planning", Title: "Planning officer"}

// newHouse holds one open consultation, whose title comes from an import that was careless about lines.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC), memory: NewMemory()}
	clock := func() time.Time { return h.now }
	var err error
	if h.store, err = store.Open(context.Background(), store.Config{Folder: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if h.service, err = consult.New(context.Background(), h.store, clock, consult.England()); err != nil {
		t.Fatal(err)
	}
	site := Site{Authority: "Example Council", BaseURL: baseURL, From: "Example Council <noreply@example.org>"}
	if h.composer, err = NewComposer(site, lang.MustLoad(nil), h.store, h.service, clock); err != nil {
		t.Fatal(err)
	}
	h.relayTo(h.memory)
	saved, err := h.service.Take(context.Background(), consult.System(), consult.Case{
		Consultation: consult.Consultation{
			Kind: consult.PlanningApplication, Title: "Twelve homes\r\nBcc: everybody@example.com", State: consult.Consulting, Version: 1,
			Address: "Example Yard, Example Street", Service: "Planning", Demo: true,
			Application: consult.Application{Authority: "local-authority:EXM", Reference: "2099/00001/PA"},
		},
		Versions: []consult.ProposalVersion{{Number: 1, Summary: "Twelve homes"}},
		Rounds:   []consult.Round{{Number: 1, Kind: consult.InitialRound, Opens: "2026-03-20", Closes: "2026-04-20", Version: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.kase = saved.ID
	return h
}

// relayTo starts over with another mailer.
func (h *house) relayTo(m Mailer) {
	h.relay = NewRelay(h.store, h.composer, m, func() time.Time { return h.now }, slog.New(slog.NewTextHandler(&h.log, nil)))
}

func (h *house) fine(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// comment submits one from an address.
func (h *house) comment(email, language string) consult.Receipt {
	h.t.Helper()
	r, err := h.service.SubmitComment(h.t.Context(), consult.Actor{Kind: consult.Visitor, ID: 11}, consult.CommentInput{
		Consultation: h.kase, Stance: consult.Object, Language: language, Channel: "web", Key: consult.NewKey(),
		Points:  []consult.CommentPoint{{Topic: "light", Text: "Our kitchens lose the morning light."}},
		Contact: consult.Contact{Name: "Resident of Example Street", Postcode: "B9 5AA", Email: email},
	})
	h.fine(err)
	return r
}

// follow subscribes an address and confirms it.
func (h *house) follow(email, language string) consult.Follow {
	h.t.Helper()
	h.fine(h.service.Follow(h.t.Context(), consult.Actor{Kind: consult.Visitor}, h.kase, email, language))
	var f consult.Follow
	for _, m := range h.flush() {
		if m.To == email {
			token := linkAfter(h.t, m.Text, "/follow/")
			h.fine(h.service.ConfirmFollow(h.t.Context(), token))
			var err error
			f, _, err = h.service.FollowOf(h.t.Context(), token)
			h.fine(err)
		}
	}
	if f.ID == 0 {
		h.t.Fatal("no confirming mail")
	}
	return f
}

// flush sends what is due and returns it.
func (h *house) flush() []Message {
	h.t.Helper()
	before := len(h.memory.Sent())
	h.fine(h.relay.Flush(h.t.Context()))
	return h.memory.Sent()[before:]
}

// publish publishes a comment unchanged.
func (h *house) publish(r consult.Receipt) {
	h.t.Helper()
	h.fine(h.service.PublishComment(h.t.Context(), officer, consult.Publication{Comment: r.Comment.ID,
		Points: []consult.CommentPoint{{Topic: "light", Text: "Our kitchens lose the morning light."}}}))
}
