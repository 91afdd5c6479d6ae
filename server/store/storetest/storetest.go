// Package storetest holds what every consult.Store must do. An implementation's test is three lines that call Run.
package storetest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// Store is a consult.Store with what the relay and the audit command need besides.
type Store interface {
	consult.Store
	After(ring func())
	AuditVerify(ctx context.Context, trusted ...string) (consult.AuditCheck, error)
}

// Run holds a store to the contract. open gives every test an empty one and closes it when the test ends.
func Run(t *testing.T, open func(t testing.TB) Store) {
	t.Helper()
	for _, group := range []struct {
		name  string
		tests map[string]func(*T)
	}{
		{"Desk", deskTests}, {"Routing", routingTests},
		{"Consultation", consultationTests}, {"Search", searchTests}, {"Case", caseTests}, {"Comment", commentTests}, {"Concern", concernTests}, {"Imported", importedTests},
		{"Redaction", redactionTests}, {"Draft", draftTests}, {"Thread", threadTests}, {"Moderation", moderationTests}, {"Support", supportTests}, {"Flag", flagTests}, {"Hiding", hidingTests}, {"Signal", signalTests}, {"Ring", ringTests},
		{"Inbox", inboxTests}, {"Promise", promiseTests}, {"Cycle", cycleTests}, {"Outage", outageTests}, {"Amendment", amendmentTests}, {"Neighbour", neighbourTests}, {"Letter", letterTests}, {"Consultee", consulteeTests}, {"Councillor", councillorTests}, {"Reply", replyTests}, {"Outcome", outcomeTests}, {"Summary", summaryTests}, {"Report", reportTests}, {"Follow", followTests}, {"Mail", mailTests},
		{"Delivery", deliveryTests}, {"Alert", alertTests}, {"Webhook", webhookTests},
		{"Officer", officerTests}, {"Reach", reachTests}, {"Feature", featureTests}, {"Feed", feedTests}, {"Area", areaTests}, {"Change", changeTests}, {"Audit", auditTests},
		{"Text", textTests}, {"Retention", retentionTests}, {"System", systemTests}, {"Form", formTests}, {"Fact", factTests}, {"NotFound", notFoundTests},
		{"Answer", answerTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for name, test := range group.tests {
				t.Run(name, func(t *testing.T) { test(&T{T: t, Store: open(t), ctx: t.Context(), now: start}) })
			}
		})
	}
}

// start is when every test begins: its clock moves only when the test says so.
var start = time.Date(2026, 4, 2, 9, 30, 0, 123456000, time.UTC)

// T is a test with its store and its clock.
type T struct {
	*testing.T
	Store
	ctx context.Context
	now time.Time
	n   int
}

// due is when an answer is due that was promised now, within so many working days.
func (t *T) due(workingDays int) time.Time {
	return consult.England().Promise(t.now, workingDays).UTC()
}

// later moves the clock.
func (t *T) later(d time.Duration) time.Time {
	t.now = t.now.Add(d)
	return t.now
}

func (t *T) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants holds an error to a kind.
func (t *T) wants(kind consult.Kind, err error) {
	t.Helper()
	if err == nil || consult.KindOf(err) != kind {
		t.Fatalf("got error %v, want kind %v", err, kind)
	}
}

// same compares whole values.
func same[V any](t *T, what string, got, want V) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// got returns the value of a call that must not fail: got(call(…))(t).
func got[V any](v V, err error) func(*T) V {
	return func(t *T) V {
		t.Helper()
		t.must(err)
		return v
	}
}

// change is a write by the system about a record.
func (t *T) change(action string, subject consult.ID) consult.Change {
	return consult.Change{Actor: consult.System(), At: t.now, Action: action, Subject: subject}
}

func (t *T) id() consult.ID { return consult.NewID(t.now) }

// aConsultation is a case on the Green, differing by its number.
func (t *T) aConsultation(edit ...func(*consult.Case)) consult.Case {
	t.n++
	number := string(rune('0' + t.n%10))
	c := consult.Case{
		Consultation: consult.Consultation{
			ID: t.id(), Kind: consult.PlanningApplication, Title: "Twelve homes and a café", Summary: "A terrace on the old yard.",
			State: consult.Consulting, Address: number + " Example Street, Bordesley Green", Postcode: "B9 5AA", WardCode: "E05011127",
			Influence: consult.Influence{Fixed: "The use", Open: "The height", Decider: "The committee", When: "In June"},
			Place:     geo.Point{Lon: -1.8597, Lat: 52.4723}, HasPlace: true, Service: "Planning", PromiseDays: 3, Demo: true, Version: 1,
			CreatedAt: t.now, UpdatedAt: t.now,
			Application: consult.Application{
				Authority: "local-authority:EXA", Reference: "2099/0000" + number + "/PA", Type: "pp.full.major",
				Description: "Erection of twelve dwellings", Scale: "major", UPRN: "100000000001", ReceivedOn: "2026-03-01",
				ValidatedOn: "2026-03-08", PublishedOn: "2026-03-09", DecisionDue: "2026-06-07", RegisterURL: "https://example.org/1",
				Source: "test", SourceHash: "hash-" + number,
			},
		},
		Versions: []consult.ProposalVersion{{Number: 1, Summary: "As submitted", Description: "Twelve dwellings",
			Boundary: []byte(`{"type":"Point","coordinates":[-1.8597,52.4723]}`), ReceivedOn: "2026-03-01"}},
		Rounds: []consult.Round{{Number: 1, Kind: consult.InitialRound, Opens: "2026-03-10", Closes: "2026-04-10",
			Question: "What do you think?", Version: 1}},
	}
	for _, e := range edit {
		e(&c)
	}
	return c
}

// saved keeps a case and returns its consultation's id.
func (t *T) saved(edit ...func(*consult.Case)) consult.ID {
	t.Helper()
	c := t.aConsultation(edit...)
	r, err := t.SaveCase(t.ctx, c, t.change("consultation.import", 0))
	t.must(err)
	return r.ID
}

// words are the originals of the comments below.
var words = []consult.CommentPoint{{Topic: "light", Text: "My kitchen will be dark. Call me on 0121 496 0000."}, {Topic: "traffic", Text: "No place to park."}}

// aComment is a comment somebody just made.
func (t *T) aComment(consultation consult.ID, edit ...func(*consult.Comment)) consult.Comment {
	c := consult.Comment{
		ID: t.id(), Consultation: consultation, Round: 1, Version: 1, Stance: consult.Object, PlaceText: "Behind my house",
		Place: geo.Point{Lon: -1.86, Lat: 52.473}, HasPlace: true, WardCode: "E05011127", Channel: "web", Language: "en",
		State: consult.CommentReceived, NameShown: "Resident of Example Street", ReceivedAt: t.now, AnswerDue: t.due(3),
	}
	for _, e := range edit {
		e(&c)
	}
	return c
}

var resident = consult.Contact{Name: "Resident of Example Street", Address: "1 Example Street", Postcode: "B9 5AA",
	Email: "resident@example.org", Phone: "0121 496 0000", Language: "en"}

// commented keeps a comment with the words above.
func (t *T) commented(consultation consult.ID, edit ...func(*consult.Comment)) consult.Comment {
	t.Helper()
	c := t.aComment(consultation, edit...)
	t.must(t.SaveComment(t.ctx, c, words, resident, "", t.change("comment.submit", c.ID)))
	return c
}

// published keeps a comment that anybody may read.
func (t *T) published(consultation consult.ID, edit ...func(*consult.Comment)) consult.Comment {
	t.Helper()
	c := t.commented(consultation, edit...)
	c.State, c.PublishedAt, c.Redacted = consult.CommentPublished, t.now, true
	c.PlaceText, c.NameShown = "Example Street", ""
	c.Points = []consult.CommentPoint{{Topic: "light", Text: "My kitchen will be dark. [contact]"}, {Topic: "traffic", Text: "No place to park."}}
	t.must(t.PublishComment(t.ctx, c, []string{"contact"}, t.change("comment.publish", c.ID)))
	return c
}

func (t *T) aThread(consultation consult.ID) consult.Thread {
	return consult.Thread{ID: t.id(), Consultation: consultation, Anchor: consult.OnConsultation, AnchorID: consultation,
		Title: "Will there be bicycle stands?", CreatedAt: t.now}
}

func (t *T) question(thread consult.ID, body string) consult.Message {
	return consult.Message{ID: t.id(), Thread: thread, Author: consult.ByResident, Visitor: 77, Name: "Neighbour", Body: body,
		Language: "en", State: consult.MessageVisible, CreatedAt: t.now}
}

func (t *T) answer(thread consult.ID, body string) consult.Message {
	return consult.Message{ID: t.id(), Thread: thread, Author: consult.ByOfficer, Service: "Planning", Title: "Planning officer",
		Body: body, Language: "en", State: consult.MessageVisible, CreatedAt: t.now}
}

// started opens a thread with a resident's question.
func (t *T) started(consultation consult.ID) consult.Posted {
	t.Helper()
	th := t.aThread(consultation)
	p, err := t.StartThread(t.ctx, th, t.question(th.ID, "Where do bicycles go?"), t.posting("thread.start", th.ID, 0))
	t.must(err)
	return p
}

// posting is the change of a message: its event and the desk's.
func (t *T) posting(action string, thread, message consult.ID) consult.Change {
	ch := t.change(action, message)
	ch.Events = []consult.Event{{Thread: consult.DeskThread, Kind: consult.EventWaiting, Subject: thread, At: t.now}}
	return ch
}

// posted appends a message.
func (t *T) posted(m consult.Message) consult.Posted {
	t.Helper()
	p, err := t.PostMessage(t.ctx, m, t.posting("message.post", m.Thread, m.ID))
	t.must(err)
	return p
}
