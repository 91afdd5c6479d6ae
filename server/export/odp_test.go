package export

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

const testBoundary = `{"type":"Polygon","coordinates":[[[-1.86,52.472],[-1.859,52.472],[-1.859,52.4726],[-1.86,52.472]]]}`

// decidedCase is an invented case with everything in it: two rounds, two versions, a decision and an appeal.
func decidedCase() consult.ExchangeCase {
	at := time.Date(2026, 6, 20, 23, 30, 0, 0, time.UTC) // already the 21st in London
	k := consult.Consultation{ID: 4711, Kind: consult.PlanningApplication, Title: "Twelve homes", Summary: "A yard becomes homes.",
		State: consult.AppealDecided, Address: "1 Example Row, Sampleton", Postcode: "B9 9CI", WardCode: "E05999901", Place: geo.Point{Lon: -1.8595, Lat: 52.4723},
		HasPlace: true, Service: "Planning", Version: 2, CreatedAt: at, UpdatedAt: at,
		Influence: consult.Influence{Fixed: "The use.", Open: "Height.", Decider: "The committee.", When: "In June.", Rules: "The plan."},
		Application: consult.Application{Authority: "local-authority:XMP", Reference: "2099/90001/PA", Type: "pp.full.major", Description: "Erection of 12 dwellings",
			Scale: "major", UPRN: "999999999901", ReceivedOn: "2026-01-05", ValidatedOn: "2026-01-12", PublishedOn: "2026-01-13", DecisionDue: "2026-04-13",
			Decision: "refused", DecidedBy: "committee", DecidedOn: "2026-04-02", CommitteeOn: "2026-04-02",
			Appeal: consult.Appeal{LodgedOn: "2026-05-01", Decision: "dismissed", DecidedOn: "2026-06-21"}}}
	return consult.ExchangeCase{Consultation: k, WardName: "Sample Ward",
		Rounds: []consult.Round{{Number: 1, Kind: consult.InitialRound, Opens: "2026-01-14", Closes: "2026-02-05", Version: 1},
			{Number: 2, Kind: consult.AmendmentRound, Opens: "2026-02-20", Closes: "2026-03-06", Question: "Is it better?", Version: 2}},
		Versions: []consult.ProposalVersion{{Number: 1, Description: "Erection of 14 dwellings", Boundary: []byte(testBoundary), ReceivedOn: "2026-01-05"},
			{Number: 2, Summary: "Two homes less", Description: "Erection of 12 dwellings", Boundary: []byte(testBoundary), ReceivedOn: "2026-02-16"}},
		Documents: []consult.Document{{ID: 1, Version: 1, Name: "Site plan", Type: "sitePlan.proposed", URL: "https://files.example.org/plan.pdf", Status: consult.PublishDocument},
			{ID: 2, Version: 2, Name: "Statement", Text: "One.", Status: consult.PublishDocument},
			{ID: 3, Version: 2, Name: "Decision notice", Type: decisionNotice, URL: "https://files.example.org/notice.pdf", Status: consult.PublishDocument},
			{ID: 4, Version: 2, Name: "Agreement", Type: section106, URL: "https://files.example.org/s106.pdf", Status: consult.PublishDocument}},
		History: []consult.StateEvent{{From: consult.Decided, To: consult.Appealed, At: at.AddDate(0, -1, -20), Why: "Too strict", By: "Planning"},
			{From: consult.Appealed, To: consult.AppealDecided, At: at}},
		Publicity: []consult.Publicity{{Round: 1, Kind: consult.SiteNotice, On: "2026-01-14", Evidence: "CANARY pole 7"}},
		Tally:     consult.Tally{Published: 1, Stances: map[consult.Stance]int{consult.Object: 1}},
		Outcomes:  []consult.Outcome{{Topic: "design", YouSaid: "Too high", WeDid: "Lower", Effect: consult.Changed, PublishedAt: at}}}
}

// aPublished is a published comment with everything in it.
func aPublished() consult.Comment {
	at := time.Date(2026, 1, 20, 9, 0, 0, 123456000, time.UTC)
	return consult.Comment{ID: 4712, Consultation: 4711, Round: 1, Version: 1, Stance: consult.Object, Points: []consult.CommentPoint{{Topic: "design", Text: "Too high."}},
		PlaceText: "the corner", Place: geo.Point{Lon: -1.85951, Lat: 52.47231}, HasPlace: true, Channel: "web", Language: "ur", State: consult.CommentPublished,
		ReceivedAt: at, PublishedAt: at.Add(time.Hour), Redacted: true}
}

func odpOf(t testing.TB) ODP {
	return ODP{Site: "https://yousaid.example.org", Calendar: consult.England(), Words: english(t)}
}

// odpRequired are the members that postSubmissionPublishedApplication 0.7.7 asks for, written down from its documentation, and odpEnums the
// words it allows. "[]" is every entry of a list.
var odpRequired = []string{"applicationType", "data", "submission", "metadata", "data.application.reference", "data.application.stage",
	"data.application.status", "data.localPlanningAuthority.publicCommentsAcceptedUntilDecision", "data.submission.submittedAt",
	"data.caseOfficer.name", "data.validation.receivedAt", "data.validation.isValid", "data.consultation.startDate", "data.consultation.endDate",
	"data.consultation.siteNotice", "data.assessment.expiryDate", "data.appeal.lodgedDate", "metadata.organisation", "metadata.id",
	"metadata.generatedAt", "metadata.submittedAt", "metadata.schema", "submission.data.property.address.latitude", "submission.data.property.address.title",
	"submission.data.property.boundary.site.geometry", "submission.data.property.boundary.area.hectares", "submission.data.proposal.description",
	"files.[].id", "files.[].name", "files.[].association", "files.[].type", "files.[].redactedUrl", "files.[].metadata.size.bytes",
	"files.[].metadata.mimeType", "files.[].metadata.createdAt", "files.[].metadata.submittedAt", "files.[].metadata.publishedAt",
	"comments.public.summary.totalComments", "comments.public.summary.sentiment.supportive", "comments.public.summary.sentiment.objection",
	"comments.public.summary.sentiment.neutral", "comments.public.comments.[].id", "comments.public.comments.[].sentiment",
	"comments.public.comments.[].commentRedacted.[].topic", "comments.public.comments.[].commentRedacted.[].question",
	"comments.public.comments.[].commentRedacted.[].comment", "comments.public.comments.[].author.name.singleLine",
	"comments.public.comments.[].metadata.submittedAt", "comments.public.comments.[].metadata.validatedAt", "comments.public.comments.[].metadata.publishedAt"}

var odpEnums = map[string]string{
	"data.application.stage": "submission validation consultation assessment appeal highCourtAppeal", "data.application.status": "returned withdrawn determined undetermined",
	"data.assessment.committeeDecision": "granted refused", "data.appeal.decision": "allowed dismissed splitDecision withdrawn",
	"files.[].association":                                 "application appeal specialistComment publicComment",
	"comments.public.comments.[].sentiment":                "objection neutral supportive",
	"comments.public.comments.[].commentRedacted.[].topic": "design use light privacy access noise traffic other",
}

// at finds the values under a path.
func at(v any, path string) (found []any) {
	name, rest, deeper := strings.Cut(path, ".")
	var next []any
	switch v := v.(type) {
	case map[string]any:
		if one, has := v[name]; has {
			next = []any{one}
		}
	case []any:
		if name == "[]" {
			next = v
		}
	}
	if !deeper {
		return next
	}
	for _, one := range next {
		found = append(found, at(one, rest)...)
	}
	return found
}

func applicationJSON(t *testing.T) (map[string]any, string) {
	t.Helper()
	a, err := odpOf(t).Application(decidedCase())
	if err != nil {
		t.Fatal(err)
	}
	a.Comments = &ODPComments{Public: &ODPPublicComments{Summary: SummaryOf(decidedCase().Tally), Comments: []ODPComment{odpOf(t).Comment(aPublished())}}}
	raw, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]any
	if err := json.Unmarshal(raw, &whole); err != nil {
		t.Fatal(err)
	}
	golden(t, "odp.json", append(raw, '\n'))
	return whole, string(raw)
}

// An application as it is handed out has what the schema asks for, in its words, and the addition beside it.
func TestR28ODPHasWhatItsSchemaAsksFor(t *testing.T) {
	whole, _ := applicationJSON(t)
	for _, path := range odpRequired {
		if len(at(whole, path)) == 0 {
			t.Errorf("%s is missing", path)
		}
	}
	for path, words := range odpEnums {
		for _, v := range at(whole, path) {
			if !slices.Contains(strings.Fields(words), v.(string)) {
				t.Errorf("%s: %v is none of %s", path, v, words)
			}
		}
	}
	if stage, status := at(whole, "data.application.stage")[0], at(whole, "data.application.status")[0]; stage != "appeal" || status != "determined" {
		t.Errorf("stage %v, status %v", stage, status)
	}
}

// What is handed out has the members and the kinds of values that a published example has, where one is there; our own golden file is the
// part that always runs.
func TestODPHasTheShapeOfTheGoldenAndOfPublishedExamples(t *testing.T) {
	whole, _ := applicationJSON(t)
	examples := []string{"testdata/odp.json"}
	if found, err := filepath.Glob("../../../shared/data/odp/published-*.json"); err == nil {
		examples = append(examples, found...)
	}
	for _, name := range examples {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var example map[string]any
		if err := json.Unmarshal(raw, &example); err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, path := range append(slices.Clone(odpRequired), "data.appeal.decision", "data.assessment.committeeSentDate", "submission.data.property.ward") {
			theirs, ours := at(example, path), at(whole, path)
			if len(theirs) == 0 || len(ours) == 0 {
				continue // an example need not have an appeal
			}
			compared++
			if kindOf(theirs[0]) != kindOf(ours[0]) {
				t.Errorf("%s, %s: a %s there, a %s here", name, path, kindOf(theirs[0]), kindOf(ours[0]))
			}
		}
		if compared < 40 {
			t.Errorf("%s: only %d members could be compared", name, compared)
		}
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case float64:
		return "number"
	case bool:
		return "truth value"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "null"
}

// S22: nothing of applicant, agent or officer, no evidence, no exact place of a comment, no name that is not shown.
func TestS22ODPNamesNobody(t *testing.T) {
	_, raw := applicationJSON(t)
	for _, word := range []string{"applicant", "agent", "CANARY", "-1.85951", "52.47231", "email", "phone"} {
		if strings.Contains(raw, word) {
			t.Errorf("%q is in it", word)
		}
	}
	k := aPublished()
	k.NameShown = "Resident of Sample Street"
	if c := odpOf(t).Comment(k); c.Author.Name.SingleLine != "Resident of Sample Street" || !c.YouSaid.NameShown {
		t.Errorf("a name the author shows: %+v", c.Author)
	}
	if c := odpOf(t).Comment(aPublished()); c.Author.Name.SingleLine != "Name not published" || c.YouSaid.NameShown {
		t.Errorf("a name the author does not show: %+v", c.Author)
	}
}

// Every public state has its stage and status; a search for the stage finds the state.
func TestEveryPublicStateHasAStage(t *testing.T) {
	for _, s := range consult.States() {
		if !s.Public() {
			continue
		}
		c := consult.ExchangeCase{Consultation: consult.Consultation{State: s}}
		stage, status := stageOf(c)
		if !strings.Contains(odpEnums["data.application.stage"], stage) || !strings.Contains(odpEnums["data.application.status"], status) {
			t.Errorf("%s: %s, %s", s, stage, status)
		}
		if s != consult.Withdrawn && !slices.Contains(ODPStages()[stage], s) {
			t.Errorf("a search for %s does not find %s", stage, s)
		}
	}
}

// An id makes the same UUID always, and another one another.
func TestIdsAsUUIDs(t *testing.T) {
	if a, b := uuidOf(4711), uuidOf(4712); a == b || len(a) != 36 || a[14] != '8' || uuidOf(4711) != a {
		t.Errorf("%s, %s", a, b)
	}
}

// A comment for BOPS has what BOPS requires, whatever is known of its author.
func TestR20BOPSCommentsAreWhole(t *testing.T) {
	file := consult.CommentFile{Comment: aPublished(), Original: []consult.CommentPoint{{Topic: "design", Text: "Too high."}, {Topic: "noise", Text: "Loud."}},
		Contact: consult.Contact{Name: "Resident of Example Row", Address: "5 Example Row", Postcode: "B9 9CI", Email: "resident@example.org"}}
	nameless := consult.CommentFile{Comment: aPublished(), Original: file.Original[:1]}
	var b bytes.Buffer
	files := func(each func(consult.CommentFile) error) error {
		if err := each(file); err != nil {
			return err
		}
		return each(nameless)
	}
	if err := BOPSComments(&b, files, decidedCase().Consultation.Application, english(t)); err != nil {
		t.Fatal(err)
	}
	golden(t, "bops.json", b.Bytes())
	var list []map[string]any
	if err := json.Unmarshal(b.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	required, allowed := bopsSchema(t)
	for _, one := range list {
		for _, name := range required {
			if v, has := one[name]; !has || v == "" {
				t.Errorf("%s is missing in %v", name, one)
			}
		}
		for _, tag := range one["tags"].([]any) {
			if !slices.Contains(allowed, tag.(string)) {
				t.Errorf("a tag BOPS does not know: %v", tag)
			}
		}
	}
	empty := func(func(consult.CommentFile) error) error { return nil }
	b.Reset()
	if err := BOPSComments(&b, empty, consult.Application{}, english(t)); err != nil || json.Unmarshal(b.Bytes(), &list) != nil || len(list) != 0 {
		t.Errorf("no comments: %q, %v", b.String(), err)
	}
}

// bopsSchema is what neighbourResponseSubmission requires and which tags it allows: as we know it, or as its published schema says where
// that is there.
func bopsSchema(t *testing.T) (required, tags []string) {
	t.Helper()
	required = []string{"name", "address", "response", "summary_tag", "tags"}
	for _, topic := range consult.Topics() {
		tags = append(tags, string(topic))
	}
	raw, err := os.ReadFile("../../../shared/data/bops/schema-neighbourResponseSubmission.json")
	if err != nil {
		return required, tags
	}
	var schema struct {
		Required   []string `json:"required"`
		Properties struct {
			Tags struct {
				Items struct {
					Enum []string `json:"enum"`
				} `json:"items"`
			} `json:"tags"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(raw, &schema); err != nil || len(schema.Required) == 0 {
		t.Fatalf("the published schema cannot be read: %v", err)
	}
	return schema.Required, schema.Properties.Tags.Items.Enum
}

// PADS's types are the importer's, read the other way round; what it does not divide as finely is the nearest above.
func TestPADSTypes(t *testing.T) {
	for odp, want := range map[string]string{"pp.full.householder": "hh", "pp.full.major": "full", "pp.full.householder.retro": "hh",
		"pa.part3.classMA": "prior-approval", "wtt.notice": "notice-trees-in-con-area", "rightsOfWayOrder": "", "": ""} {
		if got := padsType(odp); got != want {
			t.Errorf("%s: %q, want %q", odp, got, want)
		}
	}
}

// Every table is golden, and so is what its columns mean; an application that is over on a day nobody told is left out.
func TestR20PADSTables(t *testing.T) {
	untold := decidedCase()
	untold.Consultation.State, untold.Consultation.Application.Decision, untold.Consultation.Application.DecidedOn = consult.Withdrawn, "", ""
	formula := decidedCase()
	formula.Consultation.ID, formula.Consultation.Application.Description = 4713, "=1+1"
	other := decidedCase()
	other.Consultation.Kind = consult.OtherMatter
	p := PADS{Site: "https://yousaid.example.org", Calendar: consult.England(), Words: english(t), Cases: func(each func(consult.ExchangeCase) error) error {
		for _, c := range []consult.ExchangeCase{decidedCase(), untold, formula, other} {
			if err := each(c); err != nil {
				return err
			}
		}
		return nil
	}}
	var all bytes.Buffer
	for _, name := range append(PADSFiles(), PADSCodebook) {
		all.WriteString("== " + name + "\n")
		if err := p.Write(&all, name); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "pads.txt", all.Bytes())
	var one, two bytes.Buffer
	if err := p.Write(&one, PADSPackage); err != nil {
		t.Fatal(err)
	}
	if err := p.Write(&two, PADSPackage); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("the same data makes another package: %v", err)
	}
	if err := p.Write(&one, "nothing.csv"); err == nil {
		t.Error("a table that does not exist was written")
	}
}
