package server_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
	"github.com/yousaid/yousaid/server/web"
)

// TestPagesAndProgramsGetTheSameStatus compares the two tables from a kind of error to HTTP. They differ in one thing on purpose:
// pages call what is over gone, programs get a conflict with its state either way.
func TestPagesAndProgramsGetTheSameStatus(t *testing.T) {
	door := api.New(api.Config{Log: slog.New(slog.DiscardHandler)})
	for kind := consult.Internal; kind.String() != ""; kind++ {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			app := fiber.New(fiber.Config{ErrorHandler: door.HandleError, DisableStartupMessage: true})
			app.All("/", func(*fiber.Ctx) error { return &consult.Error{Kind: kind, Op: "test", Err: errors.New("secret cause")} })
			resp, err := app.Test(httptest.NewRequestWithContext(t.Context(), method, "/", nil), -1)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			want := web.Status(kind, method)
			if kind == consult.Closed {
				want = http.StatusConflict
			}
			if resp.StatusCode != want {
				t.Errorf("%s %s: programs get %d, pages %d", method, kind, resp.StatusCode, want)
			}
		}
	}
}

// TestS20APanicTellsNobodyAnything lets our own code panic behind every kind of door. What it says goes to the log, not to people,
// and the next request is served.
func TestS20APanicTellsNobodyAnything(t *testing.T) {
	const marker = "password=hunter2"
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	thread := question(t, app, id, "Will the wall stay?").Thread.ID.String()
	c := app.Client(t)
	form := c.Get(t, "/threads/"+thread)
	ws := socket(t, app, nil)
	app.Store.Panic(marker)
	answers := map[string]servertest.Answer{
		"page": c.Get(t, "/"), "form": c.Send(t, form, "/threads/"+thread, url.Values{"body": {"What I typed stays, however long it took me to type it all."}}),
		"API": c.Get(t, "/api/v1/threads/"+thread), "readiness": c.Get(t, "/readyz"), "draft": c.Get(t, "/comment/nothing/words"),
	}
	for name, a := range answers {
		if a.Status != http.StatusInternalServerError {
			t.Errorf("%s: %d, want 500", name, a.Status)
		}
		for _, said := range []string{marker, "hunter2", "goroutine", ".go:", "runtime"} {
			if strings.Contains(a.Body, said) {
				t.Errorf("%s says %q", name, said)
			}
		}
	}
	if !strings.Contains(answers["form"].Body, "What I typed stays") {
		t.Error("the page of a failure lost what was typed")
	}
	if err := ws.WriteJSON(map[string]any{"type": "join", "thread": thread, "since": 0}); err != nil {
		t.Fatal(err)
	}
	_, said, err := ws.ReadMessage()
	if err != nil || !strings.Contains(string(said), `"code":"unavailable"`) || strings.Contains(string(said), "hunter2") {
		t.Errorf("the socket said %q, %v", said, err)
	}
	if !strings.Contains(app.Log.String(), marker) {
		t.Error("the log does not say what went wrong")
	}
	app.Store.Mend()
	if a := c.Get(t, "/"); a.Status != http.StatusOK {
		t.Errorf("after a panic: %d", a.Status)
	}
}
