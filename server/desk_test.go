package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/servertest"
)

// desk is a site with two officers of two services, and what residents sent to it.
type desk struct {
	*testing.T
	app                *servertest.App
	id                 consult.ID
	planner, transport consult.Officer
	plan, bus          *servertest.Client
}

func newDesk(t *testing.T, options ...servertest.Option) *desk {
	t.Helper()
	d := &desk{T: t, app: servertest.New(t, options...)}
	d.id = d.app.Consultation(t, 1, consult.Consulting)
	d.planner = d.app.Officer(t, "planner@example.org", consult.RoleOfficer)
	bus, err := d.app.Identity().Add(t.Context(), identity.Profile{Email: "bus@example.org", Name: "Test transport officer", Service: "Transport",
		Title: "Transport planner", Roles: []consult.Role{consult.RoleOfficer}})
	if err != nil {
		t.Fatal(err)
	}
	d.transport = bus
	d.plan, d.bus = d.app.Client(t).SignIn(t, d.planner), d.app.Client(t).SignIn(t, bus)
	return d
}

// comment sends one and returns its id.
func (d *desk) comment(edit ...func(*consult.CommentInput)) string {
	d.Helper()
	in := servertest.Comment(d.id)
	for _, e := range edit {
		e(&in)
	}
	r, err := d.app.Service.SubmitComment(d.Context(), consult.Actor{Kind: consult.Visitor}, in)
	if err != nil {
		d.Fatal(err)
	}
	return r.Comment.ID.String()
}

// post sends a form of a page and wants a status and words in what comes back, redirects followed.
func (d *desk) post(who *servertest.Client, status int, page, action string, form url.Values, says ...string) string {
	d.Helper()
	a := who.Post(d.T, page, action, form)
	if a.Status != status {
		d.Fatalf("%s %v: %d, want %d: %.1500s", action, form, a.Status, status, mainPart(a.Body))
	}
	if status == http.StatusSeeOther {
		a = who.Page(d.T, a.Location())
	}
	body := mainPart(a.Body)
	for _, words := range says {
		if !strings.Contains(body, words) {
			d.Errorf("after %s %v nothing says %q: %.3000s", action, form, words, body)
		}
	}
	return body
}

var lineOf = regexp.MustCompile(`data-item="([0-9a-z]{13})"`)

// lists wants exactly these items in a view.
func (d *desk) lists(who *servertest.Client, query string, want ...string) {
	d.Helper()
	var got []string
	for _, m := range lineOf.FindAllStringSubmatch(who.Page(d.T, "/officer?"+query).Body, -1) {
		got = append(got, m[1])
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.Errorf("%s lists %v, want %v", query, got, want)
	}
}

// TestAnItemGoesFromHandToHand goes the whole way without scripts, on both engines.
func TestAnItemGoesFromHandToHand(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, options...)
			item := d.comment()
			d.handOver(item)
			d.mention(item)
			d.snooze(item)
			d.faster(item)
			d.timeline(item)
		})
	}
}

func (d *desk) handOver(item string) {
	page := "/officer/items/" + item
	d.lists(d.plan, "view=service", item)
	d.lists(d.bus, "view=service")
	d.post(d.plan, http.StatusSeeOther, page, page, url.Values{"do": {"assign"}, "to": {"me"}, "back": {"/officer?view=mine"}}, "1 item given to: Yours, Planning", "Undo")
	d.lists(d.plan, "view=mine", item)
	d.post(d.plan, http.StatusUnprocessableEntity, page, page, url.Values{"do": {"assign"}, "to": {"service:Transport"}}, "Write what the other service has to know")
	d.post(d.plan, http.StatusUnprocessableEntity, page, page, url.Values{"do": {"assign"}, "to": {"service:Nobody"}, "note": {"x"}}, "Choose who gets it")
	d.post(d.plan, http.StatusSeeOther, page, page, url.Values{"do": {"assign"}, "to": {"service:Transport"}, "note": {"It is about the bend."}}, "handed over to: Transport, nobody yet")
	d.lists(d.plan, "view=mine")
	d.lists(d.bus, "view=service", item)
	for _, seen := range []string{"It is about the bend.", "Test officer (Planning)", "Transport, nobody yet"} {
		if body := d.bus.Page(d.T, page).Body; !strings.Contains(body, seen) {
			d.Errorf("who gets the item does not read %q", seen)
		}
	}
	// Who answers is the other service now, also in the promise; the note is nobody's but the officers'.
	points, err := d.app.Store.Store.PromiseLogs(d.Context(), parsed(d.T, item))
	if err != nil {
		d.Fatal(err)
	}
	for ref, log := range points {
		if p := consult.PromiseOf(log, consult.TermsOf(log), d.app.Service.Calendar(), d.app.Clock.Now()); p.Service != "Transport" {
			d.Errorf("the promise on %s is %s's", ref.Topic, p.Service)
		}
	}
	for _, path := range []string{"/consultations/" + d.id.String(), "/consultations/" + d.id.String() + "/comments"} {
		if body := d.app.Client(d.T).Page(d.T, path).Body; strings.Contains(body, "It is about the bend.") || strings.Contains(body, "Test officer") {
			d.Errorf("%s shows the public a note or an officer's name", path)
		}
	}
}

func parsed(t *testing.T, text string) consult.ID {
	t.Helper()
	id, err := consult.ParseID(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (d *desk) mention(item string) {
	page := "/officer/items/" + item
	d.post(d.bus, http.StatusUnprocessableEntity, page, page+"/notes", url.Values{"body": {" "}, "mention": {d.planner.ID.String()}})
	note := url.Values{"body": {"Do you know the kerb there?"}, "mention": {d.planner.ID.String()}, "_key": {consult.NewKey()}}
	for range 2 { // pressed twice it is one note
		d.post(d.bus, http.StatusSeeOther, page, page+"/notes", note, "Do you know the kerb there?", "Test officer (Planning)")
	}
	if n := strings.Count(d.bus.Page(d.T, page).Body, "Do you know the kerb there?"); n != 1 {
		d.Errorf("the note stands %d times", n)
	}
	d.lists(d.plan, "view=mentions", item)
	d.lists(d.bus, "view=mentions")
	d.post(d.plan, http.StatusSeeOther, page, page, url.Values{"do": {"off"}, "back": {"/officer?view=mentions"}}, "1 item off your desk")
	d.lists(d.plan, "view=mentions")
	d.post(d.plan, http.StatusSeeOther, "/officer", "/officer/undo", url.Values{"back": {"/officer?view=mentions"}}, "Undone: 1 item off your desk")
	d.lists(d.plan, "view=mentions", item)
}

func (d *desk) snooze(item string) {
	page := "/officer/items/" + item
	d.post(d.bus, http.StatusUnprocessableEntity, page, page, url.Values{"do": {"snooze"}, "day-day": {"1"}, "day-month": {"4"}, "day-year": {"2026"}}, "still to come")
	d.post(d.bus, http.StatusUnprocessableEntity, page, page, url.Values{"do": {"snooze"}, "day-day": {"9"}, "day-month": {"4"}, "day-year": {"2026"}, "hour": {"25:00"}}, "a time like 14:30")
	d.post(d.bus, http.StatusSeeOther, page, page, url.Values{"do": {"snooze"}, "day-day": {"9"}, "day-month": {"4"}, "day-year": {"2026"}, "hour": {"14:30"},
		"back": {"/officer?view=snoozed"}}, "1 item snoozed until 9 April 2026", "Snoozed until 9 April 2026")
	d.lists(d.bus, "view=unanswered")
	d.lists(d.bus, "view=publish")
	d.lists(d.bus, "view=snoozed", item)
	d.app.Clock.Add(7*24*time.Hour - time.Minute) // Thursday, one minute before
	d.signIn()
	d.lists(d.bus, "view=unanswered")
	d.app.Clock.Add(2 * time.Minute)
	d.lists(d.bus, "view=unanswered", item)
	d.post(d.bus, http.StatusSeeOther, page, page, url.Values{"do": {"snooze"}, "until": {"fortnight"}})
	d.lists(d.bus, "view=snoozed", item)
	d.post(d.bus, http.StatusSeeOther, page, page, url.Values{"do": {"wake"}})
	d.lists(d.bus, "view=unanswered", item)
}

func (d *desk) signIn() {
	d.plan, d.bus = d.app.Client(d.T).SignIn(d.T, d.planner), d.app.Client(d.T).SignIn(d.T, d.transport)
}

// faster lets two officers open the same page; the second to press is told who was faster, and loses nothing of what was typed.
func (d *desk) faster(item string) {
	page := "/officer/items/" + item
	shown := d.plan.Page(d.T, page)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(shown.Body)[1]
	d.post(d.bus, http.StatusSeeOther, page, page, url.Values{"do": {"assign"}, "to": {"me"}, "version": {version}})
	a := d.plan.Send(d.T, shown, page, url.Values{"do": {"assign"}, "to": {"service:Planning"}, "note": {"What I typed."}, "version": {version}})
	if a.Status != http.StatusConflict {
		d.Fatalf("the second officer got %d", a.Status)
	}
	for _, seen := range []string{"Test transport officer (Transport) was faster", "What I typed."} {
		if !strings.Contains(a.Body, seen) {
			d.Errorf("the second officer does not read %q: %.2000s", seen, mainPart(a.Body))
		}
	}
	d.lists(d.bus, "view=mine", item)
}

func (d *desk) timeline(item string) {
	d.plan.Page(d.T, "/officer/comments/"+item)
	body := mainPart(d.plan.Page(d.T, "/officer/items/"+item+"/timeline").Body)
	last := 0
	for _, entry := range []string{"Opened with the author", "Assigned", "Woken", "Snoozed", "An act was undone", "A note was written", "Handed over", "From: Yours, Planning. To: Transport, nobody yet.",
		"Assigned", "The comment came in", "A resident"} {
		at := strings.Index(body[last:], entry)
		if at < 0 {
			d.Fatalf("%q is not in the timeline, or not in its order: %.6000s", entry, body)
		}
		last += at
	}
	if strings.Contains(body, "Resident of Sample Street") || strings.Contains(body, "kerb") {
		d.Error("the timeline repeats personal data or notes")
	}
}

// TestRulesSendWhatComesIn writes rules over HTTP, tries them before they are kept, and lets residents write.
func TestRulesSendWhatComesIn(t *testing.T) {
	d := newDesk(t)
	d.comment() // before there were rules
	rule := url.Values{"name": {"Roads"}, "to": {d.transport.ID.String()}, "topic": {"traffic"}, "area": {"any"}, "enabled": {"yes"}, "version": {"0"}}
	rule.Set("do", "try")
	d.post(d.plan, http.StatusOK, "/officer/routing/new", "/officer/routing/new", rule, "A rule fits 1 of the last 1 items.", "1. Roads", "Transport", "now: Planning")
	if body := d.plan.Page(t, "/officer/routing").Body; !strings.Contains(body, "There are no rules.") {
		t.Error("trying a rule kept it")
	}
	rule.Set("do", "save")
	d.post(d.plan, http.StatusSeeOther, "/officer/routing/new", "/officer/routing/new", rule, "Roads", "Test transport officer, Transport")
	d.post(d.bus, http.StatusConflict, "/officer/routing/new", "/officer/routing/new", rule, "Somebody else changed the rules", `value="Roads"`)
	everything := url.Values{"name": {"Letters in Urdu"}, "to": {"service:Planning"}, "language": {"ur"}, "area": {"polygon"}, "version": {"1"}, "enabled": {"yes"}, "do": {"save"},
		"corners": {"52.40, -1.95\n52.40, -1.75\n52.55, -1.75\n52.55, -1.95"}}
	broken := url.Values{"name": {""}, "to": {"service:Planning"}, "area": {"polygon"}, "corners": {"B9 9AA"}, "version": {"1"}}
	d.post(d.plan, http.StatusUnprocessableEntity, "/officer/routing/new", "/officer/routing/new", broken, "Give 3 to 50 corners", "Enter your name")
	d.post(d.plan, http.StatusSeeOther, "/officer/routing/new", "/officer/routing/new", everything, "Inside an area of 4 corners")

	about := func(item string, words string) {
		t.Helper()
		if body := d.plan.Page(t, "/officer/items/"+item).Body; !strings.Contains(body, words) {
			t.Errorf("%s is not with %q: %.2000s", item, words, mainPart(body))
		}
	}
	roads := d.comment()
	about(roads, "Test transport officer, Transport")
	urdu := d.comment(func(in *consult.CommentInput) { in.Language, in.Points = "ur", in.Points[:1] })
	if body := d.plan.Page(t, "/officer/items/"+urdu+"/timeline").Body; !strings.Contains(body, "Rule: Letters in Urdu") {
		t.Errorf("the timeline does not name the rule: %.2000s", mainPart(body))
	}
	// Away until Friday: new items pass the officer by, old ones show under the service.
	d.post(d.bus, http.StatusSeeOther, "/officer/desk", "/officer/desk", url.Values{"keys": {"on"}, "away-day": {"3"}, "away-month": {"4"}, "away-year": {"2026"}}, "You are away until 3 April 2026")
	second := d.comment(func(in *consult.CommentInput) { in.Language = "en" })
	about(second, "Transport, nobody yet")
	about(roads, "Transport – Test transport officer is away until 3 April 2026")
	d.lists(d.bus, "view=service", sorted(roads, second)...)
	d.post(d.bus, http.StatusSeeOther, "/officer/desk", "/officer/desk", url.Values{"keys": {"off"}, "here": {"yes"}})
	d.lists(d.bus, "view=service", second)
	if body := d.bus.Page(t, "/officer").Body; !strings.Contains(body, `data-on="off"`) {
		t.Error("single keys are still on")
	}

	// Switched off it does nothing.
	list := d.plan.Page(t, "/officer/routing").Body
	first := regexp.MustCompile(`name="rule" value="([0-9a-z]{13})"`).FindStringSubmatch(list)[1]
	d.post(d.plan, http.StatusSeeOther, "/officer/routing", "/officer/routing", url.Values{"rule": {first}, "do": {"disable"}, "version": {"2"}}, "Switch on")
	d.post(d.plan, http.StatusConflict, "/officer/routing", "/officer/routing", url.Values{"rule": {first}, "do": {"remove"}, "version": {"2"}}, "Somebody else changed")
	about(d.comment(), "Planning, nobody yet")
	d.post(d.plan, http.StatusSeeOther, "/officer/routing", "/officer/routing", url.Values{"rule": {first}, "do": {"down"}, "version": {"3"}})
	if body := d.plan.Page(t, "/officer/routing").Body; strings.Index(body, "Letters in Urdu") > strings.Index(body, "Roads") {
		t.Error("the rule did not move")
	}
	if body := d.plan.Page(t, "/officer/routing/dry-run").Body; !strings.Contains(body, "of the last 5 items") {
		t.Errorf("dry run: %.1500s", mainPart(body))
	}
}

// TestManyItemsInOneAct selects by tick and by filter, sees what would change, does it, and takes it back.
func TestManyItemsInOneAct(t *testing.T) {
	d := newDesk(t)
	var items []string
	for range 30 {
		items = append(items, d.comment())
	}
	page := "/officer/items/" + items[0]
	d.post(d.bus, http.StatusSeeOther, page, page, url.Values{"do": {"assign"}, "to": {"me"}})

	bulk := "/officer/bulk?view=unanswered&all=yes&do=assign"
	if body := d.plan.Page(t, bulk).Body; !strings.Contains(body, "30 items") || !strings.Contains(body, "29: Planning, nobody yet") {
		t.Errorf("the selection: %.2500s", mainPart(body))
	}
	preview := d.plan.Page(t, bulk+"&to=service%3ATransport&note=All+yours.")
	for _, says := range []string{"30 items handed over to: Transport, nobody yet", "Do it with 30 items"} {
		if !strings.Contains(preview.Body, says) {
			t.Errorf("the preview does not say %q: %.2500s", says, mainPart(preview.Body))
		}
	}
	form := hiddenFields(preview.Body)
	d.app.Clock.Add(time.Second)
	d.comment() // what comes now was not in the preview
	// A colleague takes one meanwhile: it is left alone, and named.
	second := "/officer/items/" + items[1]
	d.post(d.bus, http.StatusSeeOther, second, second, url.Values{"do": {"assign"}, "to": {"me"}})
	rows := auditRows(t, d.app)
	done := d.plan.Send(t, preview, "/officer/bulk", form)
	if done.Status != http.StatusSeeOther {
		t.Fatalf("bulk: %d %.800s", done.Status, mainPart(done.Body))
	}
	after := mainPart(d.plan.Page(t, done.Location()).Body)
	for _, says := range []string{"29 items handed over to: Transport, nobody yet", items[1] + ": Test transport officer (Transport)"} {
		if !strings.Contains(after, says) {
			t.Errorf("afterwards nothing says %q: %.2500s", says, after)
		}
	}
	if n := auditRows(t, d.app) - rows; n != 1 {
		t.Errorf("the act is %d rows of the log", n)
	}
	undone := d.post(d.plan, http.StatusSeeOther, "/officer", "/officer/undo", nil, "Undone: 29 items handed over")
	if strings.Contains(undone, "Left alone") {
		t.Errorf("undo left something alone: %.1500s", undone)
	}
	if body := d.plan.Page(t, page).Body; !strings.Contains(body, "Test transport officer, Transport") || strings.Contains(body, "All yours.") {
		t.Errorf("undo did not put back what was: %.1500s", mainPart(body))
	}

	ticked := d.plan.Page(t, "/officer/bulk?view=unanswered&do=snooze&until=monday&item="+items[3]+"&item="+items[4]+"&item="+items[4])
	d.plan.Send(t, ticked, "/officer/bulk", hiddenFields(ticked.Body))
	d.lists(d.plan, "view=snoozed&consultation="+d.id.String(), sorted(items[3], items[4])...)
	if body := d.plan.Page(t, "/officer/bulk?do=off").Body; !strings.Contains(body, "Nothing is selected") {
		t.Error("nothing selected is not said")
	}
}

// sorted are ids in their order, which decides between items of one moment.
func sorted(ids ...string) []string {
	slices.Sort(ids)
	return ids
}

// hiddenFields are the fields of a page's last form.
func hiddenFields(body string) url.Values {
	form := url.Values{}
	last := body[strings.LastIndex(body, `<form method="post" action="/officer/bulk"`):]
	for _, m := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(last, -1) {
		form.Add(m[1], strings.NewReplacer("&amp;", "&", "&#43;", "+", "&#34;", `"`).Replace(m[2]))
	}
	return form
}

func auditRows(t *testing.T, app *servertest.App) int {
	t.Helper()
	rows, err := app.App.Store().AuditRows(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

// TestAnOfficersOwnViewsAndWhatChanged keeps filters under names, shares one, and says what came while the officer was away.
func TestAnOfficersOwnViewsAndWhatChanged(t *testing.T) {
	d := newDesk(t)
	letter := d.comment(func(in *consult.CommentInput) { in.Channel = "letter" })
	d.comment()
	d.lists(d.plan, "view=publish&channel=letter", letter)
	filter := url.Values{"view": {"publish"}, "channel": {"letter"}}
	d.post(d.plan, http.StatusUnprocessableEntity, "/officer?"+filter.Encode(), "/officer/views", filter, "Enter your name")
	filter.Set("name", "Letters to publish")
	filter.Set("share", "yes")
	body := d.post(d.plan, http.StatusSeeOther, "/officer?"+filter.Encode(), "/officer/views", filter, "Letters to publish")
	if !strings.Contains(body, `<bdi>Letters to publish</bdi> <span class="tabs__count">1</span>`) {
		t.Error("the saved view does not count its items")
	}
	colleague := d.app.Client(t).SignIn(t, d.app.Officer(t, "second@example.org", consult.RoleModerator))
	if !strings.Contains(colleague.Page(t, "/officer").Body, "Letters to publish") {
		t.Error("the service does not see a shared view")
	}
	if strings.Contains(d.bus.Page(t, "/officer").Body, "Letters to publish") {
		t.Error("another service sees it")
	}
	own := regexp.MustCompile(`/officer/views/[0-9a-z]{13}/remove`).FindString(d.plan.Page(t, "/officer/desk").Body)
	if a := colleague.Post(t, "/officer/desk", own, nil); a.Status != http.StatusNotFound {
		t.Errorf("a colleague removes it: %d", a.Status)
	}
	d.post(d.plan, http.StatusSeeOther, "/officer/desk", own, nil, "None yet.")

	if strings.Contains(d.plan.Page(t, "/officer").Body, "Since you left") {
		t.Error("an officer who never left is told of it")
	}
	d.app.Clock.Add(70 * time.Minute)
	d.signIn()
	d.comment()
	page := "/officer/items/" + letter
	d.post(d.bus, http.StatusSeeOther, page, page, url.Values{"do": {"assign"}, "to": {d.planner.ID.String()}, "note": {"Yours, I think."}})
	for range 2 { // it stands as long as the visit lasts
		body = d.plan.Page(t, "/officer").Body
		for _, says := range []string{"Since you left on 2 April 2026", "1 was given to you", "1 new to answer or publish"} {
			if !strings.Contains(body, says) {
				t.Errorf("the inbox does not say %q: %.2000s", says, mainPart(body))
			}
		}
	}
}

// TestAThousandWaitingItems fills the desk and works on all of it in one act.
func TestAThousandWaitingItems(t *testing.T) {
	d := newDesk(t)
	list := make([]consult.ImportedComment, 1000)
	for i := range list {
		list[i] = consult.ImportedComment{Source: "test", SourceID: fmt.Sprint(i), Comment: consult.Comment{Stance: consult.Object, Language: "en"},
			Original: []consult.CommentPoint{{Topic: "light", Text: fmt.Sprintf("Number %d", i)}}}
	}
	if _, _, _, err := d.app.Service.TakeComments(t.Context(), consult.System(), d.id, list); err != nil {
		t.Fatal(err)
	}
	all := d.plan.Page(t, "/officer/bulk?view=publish&all=yes&do=snooze&until=fortnight")
	if !strings.Contains(all.Body, "1,000 items snoozed until") {
		t.Fatalf("preview: %.1500s", mainPart(all.Body))
	}
	done := d.plan.Send(t, all, "/officer/bulk", hiddenFields(all.Body))
	if body := d.plan.Page(t, done.Location()).Body; !strings.Contains(body, "1,000 items snoozed until") {
		t.Fatalf("done: %d %.1500s", done.Status, mainPart(body))
	}
	d.lists(d.plan, "view=publish")
	d.post(d.plan, http.StatusSeeOther, "/officer", "/officer/undo", nil, "Undone: 1,000 items snoozed")
	found, err := d.app.Service.Inbox(t.Context(), d.planner.Actor(), consult.InboxFilter{View: consult.InboxPublish}, 0)
	if err != nil || found.Counts[consult.InboxPublish] != 1000 || found.Counts[consult.InboxSnoozed] != 0 {
		t.Errorf("after undo: %v %v", found.Counts, err)
	}
}

// TestAResidentWhoWritesAgainWakesTheItem goes over HTTP.
func TestAResidentWhoWritesAgainWakesTheItem(t *testing.T) {
	d := newDesk(t)
	resident := d.app.Client(t)
	ask := "/consultations/" + d.id.String() + "/ask"
	thread := resident.Post(t, ask, ask, url.Values{"title": {"The wall"}, "body": {"Will it stay?"}}).Location()
	item := strings.TrimPrefix(thread, "/threads/")
	page := "/officer/items/" + item
	d.post(d.plan, http.StatusSeeOther, page, page, url.Values{"do": {"snooze"}, "until": {"fortnight"}})
	d.lists(d.plan, "view=unanswered")
	if a := resident.Post(t, thread, thread, url.Values{"body": {"It is falling down now."}}); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	d.lists(d.plan, "view=unanswered", item)
	if body := d.plan.Page(t, page+"/timeline").Body; !strings.Contains(body, "Came back: the resident wrote again") {
		t.Errorf("timeline: %.2000s", mainPart(body))
	}
}
