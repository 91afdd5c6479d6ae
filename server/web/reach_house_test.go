package web

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
)

// canaries are words that no file may hold, each hidden in another place.
var canaries = []string{
	"canary-received", "canary-withheld", "canary-original", "canary-name", "canary-address", "canary@example.org", "B99 9ZZ", "01632 960999",
	"canary-not-public",
}

const wardBoundary = `{"type":"Polygon","coordinates":[[[-1.88,52.46],[-1.84,52.46],[-1.84,52.49],[-1.88,52.49],[-1.88,52.46]]]}`

// reachHouse is the analyst's pages on a new SQLite database: one consultation with 33 comments, 28 of them published, and one that
// is not public.
type reachHouse struct {
	*testWeb
	t         *testing.T
	store     *store.Store
	public    consult.ID
	notPublic consult.ID
	role      consult.Role // of who asks; "" = nobody signed in
	n         int
}

func newReachHouse(t *testing.T) *reachHouse {
	t.Helper()
	h := &reachHouse{testWeb: newTestWeb(t), t: t, role: consult.RoleAnalyst}
	ctx := context.Background()
	var err error
	if h.store, err = store.Open(ctx, store.Config{Folder: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if h.Service, err = consult.New(ctx, h.store, func() time.Time { return testNow }, consult.England()); err != nil {
		t.Fatal(err)
	}
	h.Actor = func(*fiber.Ctx) consult.Actor {
		if h.role == "" {
			return consult.Actor{Kind: consult.Visitor}
		}
		return consult.Actor{Kind: consult.Signed, ID: 9, Roles: []consult.Role{h.role}}
	}
	h.App.Get("/analyst", h.Reach)
	h.App.Get("/analyst/export/:file", h.ReachExport)
	h.App.Head("/analyst/export/:file", h.ReachExport)
	h.fill()
	return h
}

func (h *reachHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *reachHouse) fill() {
	ctx := context.Background()
	_, _, _, err := h.Service.TakeAreas(ctx, consult.System(), []consult.Area{{Code: "E05000001", Kind: "ward", Name: "Example Ward", Geometry: []byte(wardBoundary), Source: "test", Hash: "1"}})
	h.must(err)
	_, _, _, err = h.Service.TakeBenchmarks(ctx, consult.System(), []consult.Benchmark{
		{Name: "population", AreaCode: "E05000001", AreaName: "Example Ward", Population: 10_000, Source: "made up", Vintage: "2024-06-30"}})
	h.must(err)
	h.public = h.take("2099/00001/PA", consult.Consulting)
	h.notPublic = h.take("2099/00002/PA", consult.Consulting)
	for i := range 33 {
		c := h.comment(h.public, i)
		switch {
		case i < 28:
			h.publish(c, i)
		case i < 30:
			h.must(h.Service.PublishComment(ctx, consult.System(), consult.Publication{Comment: c, Withhold: true, Reasons: []string{"child"}}))
		}
	}
	secret := h.comment(h.notPublic, 99)
	h.publish(secret, 99)
	h.unpublish()
}

func (h *reachHouse) take(reference string, state consult.State) consult.ID {
	h.t.Helper()
	r, err := h.Service.Take(context.Background(), consult.System(), h.kase(reference, state, "1"))
	h.must(err)
	return r.ID
}

func (h *reachHouse) kase(reference string, state consult.State, hash string) consult.Case {
	title := "Twelve homes"
	if state == consult.Received {
		title = "canary-not-public"
	}
	return consult.Case{
		Consultation: consult.Consultation{Kind: consult.PlanningApplication, Title: title, State: state, Version: 1, Address: "Example Street",
			Application: consult.Application{Authority: "local-authority:EXA", Reference: reference, SourceHash: hash}},
		Versions: []consult.ProposalVersion{{Number: 1, Summary: "Twelve homes"}},
		Rounds:   []consult.Round{{Number: 1, Kind: consult.InitialRound, Opens: "2026-03-20", Closes: "2026-04-20", Version: 1}},
	}
}

// unpublish makes the second consultation one that nobody may know of, with its published comment.
func (h *reachHouse) unpublish() {
	_, err := h.Service.Take(context.Background(), consult.System(), h.kase("2099/00002/PA", consult.Received, "2"))
	h.must(err)
}

// comment sends one in; its words, contact and place hold canaries.
func (h *reachHouse) comment(consultation consult.ID, i int) consult.ID {
	h.t.Helper()
	words := map[bool]string{true: "canary-received", false: "canary-original"}[i >= 30]
	switch {
	case i == 28 || i == 29:
		words = "canary-withheld"
	case i == 99:
		words = "canary-not-public"
	}
	h.n++
	stance := consult.Object
	if i%3 == 0 {
		stance = consult.Support
	}
	r, err := h.Service.SubmitComment(context.Background(), consult.Actor{}, consult.CommentInput{
		Consultation: consultation, Stance: stance, Points: []consult.CommentPoint{{Topic: "noise", Text: words}},
		PlaceText: "corner", Place: geo.Point{Lon: -1.8597, Lat: 52.4723}, HasPlace: true, Channel: "web", Language: "en",
		Contact: consult.Contact{Name: "canary-name", Address: "canary-address", Postcode: "B99 9ZZ", Email: "canary@example.org", Phone: "01632 960999"},
		Key:     fmt.Sprintf("00000000-0000-4000-8000-%012d", h.n),
	})
	h.must(err)
	return r.Comment.ID
}

// publish redacts: what is published are other words than the author's own.
func (h *reachHouse) publish(comment consult.ID, i int) {
	h.t.Helper()
	words := fmt.Sprintf("Published words %d", i)
	if i == 0 {
		words = "=HYPERLINK(\"https://example.org\")"
	}
	if i == 99 {
		words = "canary-not-public"
	}
	h.must(h.Service.PublishComment(context.Background(), consult.System(), consult.Publication{
		Comment: comment, Points: []consult.CommentPoint{{Topic: "noise", Text: words}}, PlaceText: "corner", Reasons: []string{"offensive"}}))
}

// exported lists what the audit says about files taken out.
func (h *reachHouse) exported() []consult.AuditRow {
	h.t.Helper()
	rows, err := h.store.AuditRows(context.Background(), 0, 1000)
	h.must(err)
	return slices.DeleteFunc(rows, func(r consult.AuditRow) bool { return r.Action != "export" })
}
