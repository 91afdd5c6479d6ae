package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// TestRetentionForgetsContactsAYearAfterTheDecision goes the admin's way: read the numbers, confirm, see that they are gone.
func TestRetentionForgetsContactsAYearAfterTheDecision(t *testing.T) {
	app := servertest.New(t, servertest.WithConfig(func(c *server.Config) { c.Retention = consult.DefaultRetention() }))
	id := app.Consultation(t, 1, consult.Consulting)
	receipt, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, servertest.Comment(id))
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Service.Advance(t.Context(), consult.System(), consult.Move{Consultation: id, To: consult.Withdrawn}); err != nil {
		t.Fatal(err)
	}
	admin := app.Client(t).SignIn(t, app.Officer(t, "admin@example.org", consult.RoleAdmin))
	const path = "/admin/retention"
	if page := admin.Get(t, path); page.Status != http.StatusOK || strings.Contains(page.Body, `type="submit"`) && strings.Contains(page.Body, "Forget it now") {
		t.Errorf("on the day itself something is over its time: %d\n%s", page.Status, page.Body)
	}
	app.Clock.Add(366 * 24 * time.Hour)
	admin = app.Client(t).SignIn(t, app.Officer(t, "admin2@example.org", consult.RoleAdmin))
	page := admin.Get(t, path)
	if !strings.Contains(page.Body, "2 entries") || !strings.Contains(page.Body, "Forget it now") { // the contact and the applicant
		t.Fatalf("a year later:\n%s", page.Body)
	}
	if refused := admin.Post(t, path, path, url.Values{}); refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a confirmation: %d", refused.Status)
	}
	if done := admin.Post(t, path, path, url.Values{"sure": {"yes"}}); done.Status != http.StatusSeeOther {
		t.Fatalf("confirmed: %d\n%s", done.Status, done.Body)
	}
	file, _, err := app.Service.CommentFile(t.Context(), consult.System(), receipt.Comment.ID)
	if err != nil || file.Contact.Name+file.Contact.Email+file.Contact.Postcode != "" || file.Original[0].Text == "" {
		t.Errorf("after a year the words stay and the contact goes: %+v, %v", file, err)
	}
	if after := admin.Get(t, path); strings.Contains(after.Body, "Forget it now") {
		t.Error("something is left over its time")
	}
}
