package server_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/ingest"
	"github.com/yousaid/yousaid/server/servertest"
)

// redactedComment sends a comment and publishes it with a redaction.
func redactedComment(t *testing.T, app *servertest.App, id consult.ID) consult.Comment {
	t.Helper()
	receipt, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, servertest.Comment(id))
	if err != nil {
		t.Fatal(err)
	}
	p := consult.Publication{Comment: receipt.Comment.ID, Reasons: []string{"name"},
		Points: []consult.CommentPoint{{Topic: "light", Text: "It takes the light of […]."}, {Topic: "traffic", Text: "The bend is blind."}}}
	if err := app.Service.PublishComment(t.Context(), consult.System(), p); err != nil {
		t.Fatal(err)
	}
	return receipt.Comment
}

// answered reads a JSON answer of a door.
func answered[V any](t *testing.T, c *servertest.Client, path string) (v V) {
	t.Helper()
	a := c.Get(t, path)
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("%s: %v: %s", path, err, a.Body)
	}
	return v
}

type odpList struct {
	Data       []export.ODPApplication
	Pagination export.ODPPagination
	Status     export.ODPStatus
}

// Applications by Open Digital Planning's addresses: pages counted from 1, found by words, stage and place, one by its reference with its
// slashes escaped or by its id. What is not public is nowhere.
func TestR28ODPOverHTTP(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	first := app.Consultation(t, 1, consult.Consulting)
	for n := 2; n <= 12; n++ {
		app.Consultation(t, n, consult.Decided)
	}
	app.Consultation(t, 13, consult.Received)
	page := answered[odpList](t, c, "/api/odp/applications")
	if p := page.Pagination; len(page.Data) != 10 || p.TotalResults != 12 || p.TotalPages != 2 || p.CurrentPage != 1 || page.Status.Code != 200 {
		t.Errorf("%d, %+v", len(page.Data), p)
	}
	if page = answered[odpList](t, c, "/api/odp/applications?page=2&resultsPerPage=5&unknown=1"); len(page.Data) != 5 || page.Pagination.CurrentPage != 2 {
		t.Errorf("second page: %d", len(page.Data))
	}
	for query, n := range map[string]int{"stage=consultation": 1, "stage=consultation,assessment": 12, "stage=submission": 0, "reference=2099/90001/PA": 1,
		"query=yard+7": 1, "applicationType=pp.full": 12, "applicationType=listed": 0, "lat=52.4723&lng=-1.8595&radius=50": 12, "lat=51.5&lng=-0.1": 0} {
		if got := answered[odpList](t, c, "/api/odp/applications?"+query); got.Pagination.TotalResults != n {
			t.Errorf("%s: %d found, want %d", query, got.Pagination.TotalResults, n)
		}
	}
	if a := c.Get(t, "/api/odp/applications?stage=nonsense"); a.Status != http.StatusBadRequest {
		t.Errorf("a stage that is none: %d", a.Status)
	}
	for _, name := range []string{"2099%2F90001%2FPA", first.String()} {
		one := answered[struct{ Data export.ODPApplication }](t, c, "/api/odp/applications/"+name).Data
		if one.Data.Application.Reference != "2099/90001/PA" || one.Data.Application.Stage != "consultation" || one.YouSaid.ID != first.String() {
			t.Errorf("%s: %+v", name, one.Data)
		}
	}
	for _, name := range []string{"2099%2F90013%2FPA", "2099%2F99999%2FPA", "0000000000zzz", "%ff"} {
		for _, rest := range []string{"", "/documents", "/publicComments", "/specialistComments"} {
			if a := c.Get(t, "/api/odp/applications/"+name+rest); a.Status != http.StatusNotFound {
				t.Errorf("%s%s: %d", name, rest, a.Status)
			}
		}
	}
}

// The comments of one, its documents and what consultees said, without anything that was not published; and back in again.
func TestR28ODPCommentsOverHTTPComeBackIn(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	id := app.Consultation(t, 1, consult.Consulting)
	redactedComment(t, app, id)
	if _, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, servertest.Comment(id)); err != nil {
		t.Fatal(err)
	}
	base := "/api/odp/applications/2099%2F90001%2FPA"
	comments := answered[struct {
		Data       export.ODPPublicComments
		Pagination export.ODPPagination
	}](t, c, base+"/publicComments?sentiment=objection&topic=light")
	if len(comments.Data.Comments) != 1 || comments.Pagination.TotalResults != 1 || comments.Data.Summary.Total != 1 ||
		comments.Data.Comments[0].CommentRedacted[0].Comment != "It takes the light of […]." {
		t.Errorf("%+v", comments)
	}
	if a := c.Get(t, base+"/publicComments?topic=weather"); a.Status != http.StatusBadRequest {
		t.Errorf("a topic that is none: %d", a.Status)
	}
	documents := answered[struct{ Data []export.ODPFile }](t, c, base+"/documents").Data
	if len(documents) != 1 || !strings.HasPrefix(documents[0].RedactedURL, app.URL+"/documents/") {
		t.Errorf("%+v", documents)
	}
	specialist := answered[struct{ Data export.ODPSpecialistComments }](t, c, base+"/specialistComments").Data
	if specialist.Summary.Consulted != 0 || len(specialist.Comments) != 0 {
		t.Errorf("%+v", specialist)
	}
	whole := c.Get(t, base)
	for _, secret := range []string{"CANARY", "Resident of Sample Street", "resident@example.org", "kitchen"} {
		if strings.Contains(whole.Body, secret) {
			t.Errorf("%q is handed out", secret)
		}
	}
	if whole.Header.Get("Access-Control-Allow-Origin") != "*" || whole.Header.Get("ETag") == "" {
		t.Errorf("headers %v", whole.Header)
	}
	other := servertest.New(t)
	file := ingest.File{Name: "answer.json", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(whole.Body)), nil }}
	report, err := ingest.Files(t.Context(), other.Service, consult.System(), []ingest.File{file})
	if err != nil || report.Files[0].Created != 1 || report.Files[0].Comments.Created != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// The tables of planning data, one by one and as a package; a name that is none is not found.
func TestR20PADSOverHTTP(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	app.Consultation(t, 1, consult.Consulting)
	app.Consultation(t, 2, consult.Received)
	for _, name := range export.PADSFiles() {
		a := c.Get(t, "/api/pads/"+name)
		rows, err := csv.NewReader(strings.NewReader(a.Body)).ReadAll()
		if err != nil || a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("%s: %d, %v", name, a.Status, err)
		}
		if want := map[string]int{"planning-application.csv": 2, "site.csv": 2, "planning-permission-timeline.csv": 3}[name]; want > 0 && len(rows) != want {
			t.Errorf("%s: %d rows, want %d", name, len(rows), want)
		}
		if strings.Contains(a.Body, "CANARY") {
			t.Errorf("%s names the applicant", name)
		}
	}
	a := c.Get(t, "/api/pads/"+export.PADSPackage)
	pack, err := zip.NewReader(bytes.NewReader([]byte(a.Body)), int64(len(a.Body)))
	if err != nil || len(pack.File) != len(export.PADSFiles())+2 {
		t.Fatalf("package: %v", err)
	}
	for _, name := range []string{"nothing.csv", "..%2Fpads.zip", "pads.zip%00"} {
		if a := c.Get(t, "/api/pads/"+name); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
}

// Consultations as a Citizen Space hub lists them: a bare list, and never an error but 404.
func TestR27CitizenSpaceOverHTTP(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	open := app.Consultation(t, 1, consult.Consulting)
	over := servertest.Case(app.Service, 2, consult.ClosedState)
	over.Rounds[0].Opens, over.Rounds[0].Closes = "2025-01-01", "2025-02-01"
	if _, err := app.Service.Take(t.Context(), consult.System(), over); err != nil {
		t.Fatal(err)
	}
	silent := servertest.Case(app.Service, 3, consult.Validated)
	silent.Rounds = nil
	if _, err := app.Service.Take(t.Context(), consult.System(), silent); err != nil {
		t.Fatal(err)
	}
	for query, n := range map[string]int{"": 2, "?st=open": 1, "?st=closed": 1, "?st=forthcoming": 0, "?st=nonsense": 2, "?tx=workshop": 2, "?tx=harbour": 0, "?pc=B9": 2, "?pc=M1": 0,
		"?pc=nonsense!": 2, "?de=planning": 2, "?de=parks": 0, "?ar=E05999999": 0, "?dk=op&fd=01/01/2026": 1, "?dk=cl&td=31/12/2025": 1, "?dk=op&fd=soon": 2,
		"?at=consultation": 2, "?at=survey": 0, "?unknown=1&fields=what": 2} {
		if list := answered[[]map[string]any](t, c, "/api/2.4/json_search_results"+query); len(list) != n {
			t.Errorf("%s: %d activities, want %d", query, len(list), n)
		}
	}
	counts := map[string]int{}
	for _, fields := range []string{"basic", "extended", "all"} {
		one := answered[[]map[string]any](t, c, "/api/2.4/json_search_results?st=open&fields="+fields)[0]
		counts[fields] = len(one)
		if one["id"] != open.String() || one["status"] != "open" || one["startdate"] != "2026/03/22" || one["enddate"] != "2026/04/12" ||
			one["overview"] != "<p>A yard becomes twelve homes.</p>" {
			t.Errorf("%s: %v", fields, one)
		}
	}
	if counts["basic"] != 8 || counts["extended"] != 17 || counts["all"] != 32 {
		t.Errorf("members: %v", counts)
	}
	details := "/api/2.4/json_consultation_details?dept=planning&fields=all&id="
	one := answered[map[string]any](t, c, details+open.String())
	if papers := one["supporting_documents"].([]any); len(papers) != 1 || one["why"] != nil && one["why"] == "" {
		t.Errorf("%v", one)
	}
	for _, path := range []string{details + "0000000000zzz", details, strings.Replace(details, "planning", "parks", 1) + open.String()} {
		if a := c.Get(t, path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// S01, S22: names and addresses go to officers only, each time with a line in the log, and to nobody's cache.
func TestS22CommentsForBOPSAreForOfficers(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	redactedComment(t, app, id)
	path := "/api/bops/consultations/" + id.String() + "/comments"
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	analyst := app.Client(t).SignIn(t, app.Officer(t, "analyst@example.org", consult.RoleAnalyst))
	if a := analyst.Get(t, path); a.Status != http.StatusForbidden {
		t.Errorf("an analyst: %d", a.Status)
	}
	if a := app.Client(t).Get(t, path); a.Status == http.StatusOK {
		t.Errorf("a visitor: %d", a.Status)
	}
	if a := officer.Get(t, "/api/bops/consultations/0000000000zzz/comments"); a.Status != http.StatusNotFound {
		t.Errorf("one that does not exist: %d", a.Status)
	}
	a := officer.Get(t, path)
	var list []export.BOPSComment
	if err := json.Unmarshal([]byte(a.Body), &list); err != nil || len(list) != 1 {
		t.Fatalf("%d %s, %v", a.Status, a.Body, err)
	}
	if k := list[0]; k.Name != "Resident of Sample Street" || k.Address != "B9 9AA" || !slices.Equal(k.Tags, []string{"light", "traffic"}) ||
		!strings.Contains(k.Response, "kitchen") {
		t.Errorf("%+v", k)
	}
	if cache := a.Header.Get("Cache-Control"); cache != "private, no-store" || a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("headers %v", a.Header)
	}
	rows, err := app.Store.AuditRows(t.Context(), 0, 100)
	if err != nil || !slices.ContainsFunc(rows, func(r consult.AuditRow) bool { return r.Action == "comment.export" && r.Subject == id }) {
		t.Errorf("not in the log: %v", err)
	}
}
