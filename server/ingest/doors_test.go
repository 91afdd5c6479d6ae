package ingest_test

import (
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ingest"
)

// about says of files what they do not say themselves.
func about(files []ingest.File, authority, reference string) []ingest.File {
	for i := range files {
		files[i].Authority, files[i].Reference = authority, reference
	}
	return files
}

// files reads what the site keeps of the comments on an application, as an officer sees it.
func (s site) files(authority, reference string) []consult.CommentFile {
	s.t.Helper()
	var list []consult.CommentFile
	err := s.svc.EachCommentFile(s.t.Context(), consult.System(), s.find(authority, reference).ID, "test", func(f consult.CommentFile) error {
		list = append(list, f)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// What was published elsewhere is published here, redacted as it was there; what was not waits for an officer. Words and address of the
// author are kept apart, and no address to write to is kept at all.
func TestS22CommentsOfODPKeepTheirAuthorsApart(t *testing.T) {
	s := open(t)
	report := s.run(paths(t, "testdata/postcodes.csv", "testdata/wards.geojson", "testdata/odp-consultation.json")...)
	if c := report.Files[2].Comments; c != (ingest.Tally{Created: 3, Skipped: 2}) {
		t.Errorf("%+v: %s", c, print(t, report))
	}
	list := s.files("local-authority:XMP", "2099/90001/PA")
	if len(list) != 3 {
		t.Fatalf("%d comments", len(list))
	}
	first, second, late := list[0], list[1], list[2]
	if first.Comment.State != consult.CommentPublished || !first.Comment.Redacted || first.Comment.Round != 1 || first.Comment.Channel != "import" ||
		first.Comment.Points[0].Text != "It takes the light of our kitchen at […]." || !strings.Contains(first.Original[0].Text, "7 Sample Street") {
		t.Errorf("published: %+v", first)
	}
	if first.Contact.Name != "Example Neighbour" || first.Contact.Address != "7 Sample Street, Sampleton" || first.Contact.Postcode != "B9 9CI" ||
		first.Comment.WardCode != "E05999901" {
		t.Errorf("contact %+v, ward %s", first.Contact, first.Comment.WardCode)
	}
	if second.Comment.State != consult.CommentReceived || !second.Comment.AnswerDue.IsZero() || len(second.Comment.Points) != 0 ||
		second.Original[0] != (consult.CommentPoint{Topic: "other", Text: "Fine by me. Call 0121 496 0003."}) {
		t.Errorf("not published: %+v", second)
	}
	if late.Comment.Late != true || late.Comment.Round != 1 || late.Contact != (consult.Contact{}) || late.Comment.Redacted {
		t.Errorf("of the published variant, after the end: %+v", late)
	}
	public, _, err := s.svc.Comments(t.Context(), consult.Actor{}, consult.CommentFilter{Consultation: first.Comment.Consultation})
	if err != nil || len(public) != 2 {
		t.Fatalf("%d public comments, %v", len(public), err)
	}
	for _, secret := range []string{"Example Neighbour", "7 Sample Street", "0121", "Example Passer-by"} {
		if strings.Contains(mustJSON(t, public), secret) {
			t.Errorf("%q can be read by anybody", secret)
		}
	}
}

// A later file publishes what an earlier one had not; one without the authors' words takes neither words nor contact away; what an
// officer decided here stands.
func TestCommentsFollowTheirSource(t *testing.T) {
	s := open(t)
	before := fixture(t, "odp-consultation.json")
	s.run(text(before))
	published := strings.Replace(before, `"comment": "Fine by me. Call 0121 496 0003.",`, `"commentRedacted": "Fine by me. […]",`, 1)
	published = strings.Replace(published, `"submittedAt": "2026-02-26T08:15:00.000Z"`, `"submittedAt": "2026-02-26T08:15:00.000Z", "publishedAt": "2026-02-27T08:15:00.000Z"`, 1)
	if c := s.run(text(published)).Files[0].Comments; c.Created != 0 || c.Updated != 1 || c.Unchanged != 2 {
		t.Errorf("%+v", c)
	}
	if c := s.run(text(published)).Files[0].Comments; c.Updated != 0 || c.Unchanged != 3 {
		t.Errorf("again: %+v", c)
	}
	list := s.files("local-authority:XMP", "2099/90001/PA")
	if f := list[1]; f.Comment.State != consult.CommentPublished || f.Comment.Points[0].Text != "Fine by me. […]" ||
		!strings.Contains(f.Original[0].Text, "0121 496 0003") || f.Contact.Name != "Example Supporter" {
		t.Errorf("%+v", f)
	}
	hidden := consult.Moderation{Thing: list[0].Comment.ID, Act: consult.ActHidden, Rule: "personal-data", Reason: "It names a child."}
	if err := s.svc.Moderate(t.Context(), consult.System(), hidden); err != nil {
		t.Fatal(err)
	}
	s.run(text(strings.Replace(published, "They look in.", "They look in, twice.", 2)))
	if f := s.files("local-authority:XMP", "2099/90001/PA")[0]; f.Comment.State != consult.CommentWithheld {
		t.Errorf("an import took back what was decided here: %+v", f.Comment)
	}
}

// What officers recorded here is not wiped out by a newer file of the register.
func TestImportsLeaveWhatOfficersRecorded(t *testing.T) {
	s := open(t)
	raw := strings.Replace(fixture(t, "odp-consultation.json"), `"startDate": "2026-02-23"`, `"startDate": "2026-03-23"`, 1)
	raw = strings.Replace(raw, `"endDate": "2026-03-20"`, `"endDate": "2026-04-20"`, 1)
	s.run(text(raw))
	id := s.find("local-authority:XMP", "2099/90001/PA").ID
	said := consult.Influence{Fixed: "The use", Open: "The height", Decider: "The committee", When: "In June", Rules: "The plan"}
	if err := s.svc.SetInfluence(t.Context(), consult.System(), id, said, true); err != nil {
		t.Fatal(err)
	}
	if f := s.run(text(strings.ReplaceAll(raw, "Single storey", "Two storey"))).Files[0]; f.Updated != 1 {
		t.Fatalf("%+v", f)
	}
	c := s.find("local-authority:XMP", "2099/90001/PA")
	if c.Influence != said || !c.Application.EIA || !strings.HasPrefix(c.Title, "Two storey") {
		t.Errorf("%+v", c)
	}
}

// Applications of BOPS and of the Digital Planning Register, field by field.
func TestApplicationsOfOtherSystemsBecomeCases(t *testing.T) {
	s := open(t)
	report := s.run(paths(t, "testdata/bops-*.json", "testdata/dpr-*.json")...)
	for _, want := range []struct {
		reference      string
		state          consult.State
		kind, decision string
		decided        consult.Date
		appeal         consult.Appeal
	}{
		{"26-00001-HAPP", consult.Consulting, "pp.full.householder", "", "", consult.Appeal{}},
		{"26-00002-FUL", consult.Decided, "pp.full.minor", "granted", "2026-03-01", consult.Appeal{}},
		{"26-00003-FUL", consult.NotValid, "pp.full.minor", "", "", consult.Appeal{}},
		{"26-00004-FUL", consult.Received, "pp.full.minor", "", "", consult.Appeal{}},
		{"26-00005-FUL", consult.AppealDecided, "pp.full.minor", "refused", "2026-02-20",
			consult.Appeal{LodgedOn: "2026-02-25", Decision: "allowed", DecidedOn: "2026-03-10"}},
		{"26-00007-FUL", consult.Withdrawn, "pp.full.minor", "", "", consult.Appeal{}},
		{"26-00008-FUL", consult.ClosedState, "pp.full.major", "", "", consult.Appeal{}},
		{"2099/90011/PA", consult.Decided, "pp.full.householder", "granted", "2026-03-12", consult.Appeal{}},
	} {
		c := s.find("local-authority:XMP", want.reference)
		a := c.Application
		if c.State != want.state || a.Type != want.kind || a.Decision != want.decision || a.DecidedOn != want.decided || a.Appeal != want.appeal {
			t.Errorf("%s: state %s, %+v; want %+v", want.reference, c.State, a, want)
		}
	}
	golden(t, "testdata/doors.golden", print(t, report))
}

// Requests that the applicant agreed to after the application was valid are versions of the proposal.
func TestRequestsOfBOPSBecomeVersions(t *testing.T) {
	s := open(t)
	s.run(paths(t, "testdata/bops-show.json", "testdata/bops-requests.json")...)
	v, err := s.svc.Case(t.Context(), consult.Actor{}, s.find("local-authority:XMP", "26-00001-HAPP").ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Versions) != 3 || v.Current.Number != 3 {
		t.Fatalf("%d versions, current %d", len(v.Versions), v.Current.Number)
	}
	first, second, third := v.Versions[0], v.Versions[1], v.Versions[2]
	if first.Description != "Two storey side extension" || second.Description != "Two storey side extension, lower than before" ||
		third.Description != second.Description || third.Summary != "The garden belongs to it" {
		t.Errorf("descriptions %q, %q, %q; summary %q", first.Description, second.Description, third.Description, third.Summary)
	}
	if second.ReceivedOn != "2026-02-26" || third.ReceivedOn != "2026-02-28" || string(first.Boundary) != string(second.Boundary) ||
		string(second.Boundary) == string(third.Boundary) {
		t.Errorf("received %s, %s; boundaries %s, %s, %s", second.ReceivedOn, third.ReceivedOn, first.Boundary, second.Boundary, third.Boundary)
	}
	again := s.run(paths(t, "testdata/bops-show.json", "testdata/bops-requests.json")...)
	if again.Files[0].Unchanged != 1 {
		t.Errorf("%+v", again.Files[0])
	}
}

// Files that do not say what they are about are asked for it, and go where the operator says.
func TestCommentFilesAreAboutAnApplication(t *testing.T) {
	s := open(t)
	s.run(paths(t, "testdata/bops-show.json")...)
	comments := func() []ingest.File {
		return paths(t, "testdata/bops-comments-public.json", "testdata/bops-submissions.json")
	}
	for _, f := range s.run(comments()...).Files {
		if f.Created != 0 || f.Skipped == 0 || !strings.Contains(f.Problems[len(f.Problems)-1].Reason, "--reference") {
			t.Errorf("without a reference: %+v", f)
		}
	}
	report := s.run(about(comments(), "", "26-00001-HAPP")...)
	if a, b := report.Files[0], report.Files[1]; a.Created != 2 || a.Skipped != 1 || b.Created != 2 {
		t.Errorf("%s", print(t, report))
	}
	for _, f := range s.run(about(comments(), "local-authority:XMP", "26-00001-HAPP")...).Files {
		if f.Created+f.Updated != 0 || f.Unchanged != 2 {
			t.Errorf("again: %+v", f)
		}
	}
	published, received := 0, 0
	for _, f := range s.files("local-authority:XMP", "26-00001-HAPP") {
		if f.Contact.Email != "" || f.Contact.Phone != "" {
			t.Errorf("an address to write to was kept: %+v", f.Contact)
		}
		switch f.Comment.State {
		case consult.CommentPublished:
			published++
		case consult.CommentReceived:
			received++
			if len(f.Original) == 1 && f.Original[0].Topic == "light" && f.Contact.Postcode != "B9 9CI" {
				t.Errorf("contact %+v", f.Contact)
			}
		}
	}
	if published != 3 || received != 2 { // one published comment came with the application
		t.Errorf("%d published, %d received", published, received)
	}
	for _, wrong := range []string{"26-99999-HAPP"} {
		if f := s.run(about(comments(), "local-authority:XMP", wrong)...).Files[0]; f.Skipped != 3 || f.Created != 0 {
			t.Errorf("%+v", f)
		}
	}
}

// An activity of Citizen Space becomes a consultation of its own kind, with the text of its HTML and no name of its staff.
func TestR27CitizenSpaceBecomesConsultations(t *testing.T) {
	s := open(t)
	report := s.run(paths(t, "testdata/citizen-*.json")...)
	golden(t, "testdata/citizen.golden", print(t, report))
	for reference, state := range map[string]consult.State{"health/clinic": consult.Consulting, "health/library": consult.Validated,
		"health/park": consult.ClosedState, "health/moon": consult.Received, "health/pool": consult.Consulting} {
		c := s.find("citizen-space:consult.example.org", reference)
		if c.State != state || c.Kind != consult.OtherMatter {
			t.Errorf("%s: %s, %s", reference, c.State, c.Kind)
		}
	}
	pool := s.find("citizen-space:consult.example.org", "health/pool")
	const words = "What should the clinic offer?\n\nWrite to us (https://consult.example.org/health) & say so.\n\nOne\nTwo"
	if pool.Title != "The pool" || pool.Summary != words || pool.Service != "Public health" ||
		pool.Application.RegisterURL != "https://consult.example.org/health/pool/consult_view" {
		t.Errorf("%q\n%+v", pool.Summary, pool)
	}
	v, err := s.svc.Case(t.Context(), consult.Actor{}, pool.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Rounds) != 1 || v.Rounds[0].Question != "Because the old one closes." || len(v.Documents) != 1 || v.Documents[0].Name != "The plan" {
		t.Errorf("%+v, %+v", v.Rounds, v.Documents)
	}
	for _, secret := range []string{"Example Officer", "0121 496 0004", "health@example.org", "alert(1)"} {
		if strings.Contains(mustJSON(t, v), secret) {
			t.Errorf("%q was kept", secret)
		}
	}
}
