package server_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// TestPointsBecomeConcerns goes the whole way over HTTP, on both engines: points are sorted by hand, by accepted proposals and by
// the letterful, split, merged and undone; who was slower is told; the public reads what was shown and published, and nothing else.
func TestPointsBecomeConcerns(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			app := servertest.New(t, options...)
			s := &sorting{T: t, app: app, id: app.Consultation(t, 1, consult.Consulting)}
			s.desk = "/officer/consultations/" + s.id.String() + "/concerns"
			s.hear()
			s.officer = app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
			s.sortByHand()
			s.acceptProposals()
			s.sortLetters()
			s.splitAndMerge()
			s.beSlower()
			s.show()
			s.withdraw()
		})
	}
}

// sorting is a case whose points are sorted.
type sorting struct {
	*testing.T
	app          *servertest.App
	id           consult.ID
	officer      *servertest.Client
	desk         string
	mine         consult.Receipt // of the first comment
	shade, stops string          // addresses of concerns
}

const letter = "I object to the loss of parking on Sample Street because visitors and carers will have nowhere to stop near the homes of older people."

// said lets somebody comment on one topic.
func (s *sorting) said(topic consult.Topic, text string) consult.Receipt {
	s.Helper()
	in := servertest.Comment(s.id)
	in.Points = []consult.CommentPoint{{Topic: topic, Text: text}}
	r, err := s.app.Service.SubmitComment(s.Context(), consult.Actor{Kind: consult.Visitor}, in)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

func (s *sorting) hear() {
	s.mine = s.said("light", "The tower will put my kitchen in the shade all winter.")
	s.said("light", "Nine storeys mean that our kitchen windows lie in the shade of the tower.")
	for range 12 {
		s.said("traffic", letter)
	}
	s.app.Clock.Add(6 * 24 * time.Hour) // over Easter, and one working day more
	s.said("light", "Will my kitchen be in the shade of the tower?")
	for i := range 30 {
		s.said("noise", "Bar music "+strconv.Itoa(i)+" keeps children awake.")
	}
}

// page reads the desk and wants words in it.
func (s *sorting) page(path string, says ...string) string {
	s.Helper()
	a := s.officer.Get(s.T, path)
	if a.Status != http.StatusOK {
		s.Fatalf("%s: %d %.300s", path, a.Status, mainPart(a.Body))
	}
	s.says(path, a.Body, says...)
	return a.Body
}

func (s *sorting) says(where, body string, says ...string) {
	s.Helper()
	for _, words := range says {
		if !strings.Contains(html.UnescapeString(body), words) {
			s.Errorf("%s does not say %q: %.4000s", where, words, mainPart(body))
		}
	}
}

// post sends a form of a page, wants a status, and gives the page that follows.
func (s *sorting) post(status int, page, action string, form url.Values, says ...string) servertest.Answer {
	s.Helper()
	a := s.officer.Post(s.T, page, action, form)
	if a.Status != status {
		s.Fatalf("%s %v: %d, want %d: %.1500s", action, form, a.Status, status, mainPart(a.Body))
	}
	if status == http.StatusSeeOther {
		a = s.officer.Page(s.T, a.Location())
	}
	s.says(action, a.Body, says...)
	return a
}

// boxes are the points of a page, each with the concern that is proposed.
func boxes(body, about string) []string {
	var found []string
	for _, m := range regexp.MustCompile(`name="point" type="checkbox" value="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if strings.HasSuffix(m[1], about) {
			found = append(found, m[1])
		}
	}
	return found
}

func (s *sorting) undoLast(page string, says ...string) {
	s.Helper()
	m := regexp.MustCompile(`name="change" value="([^"]+)"`).FindStringSubmatch(s.officer.Get(s.T, page).Body)
	if m == nil {
		s.Fatalf("%s has nothing to undo", page)
	}
	s.post(http.StatusSeeOther, page, s.desk+"/undo", url.Values{"change": {m[1]}}, says...)
}

// concern finds the address of a concern by its title.
func (s *sorting) concern(title string) string {
	s.Helper()
	m := regexp.MustCompile(`href="(/officer/concerns/[^"]+)"[^>]*>` + regexp.QuoteMeta(title) + `<`).FindStringSubmatch(s.officer.Get(s.T, s.desk).Body)
	if m == nil {
		s.Fatalf("no concern %q: %.3000s", title, mainPart(s.officer.Get(s.T, s.desk).Body))
	}
	return m[1]
}

func (s *sorting) sortByHand() {
	body := s.page(s.desk, "0 concerns.", "45 points are in none.", "31 new points", "One text, 12 signatories", "kitchen in the shade", "not public")
	light := boxes(s.page(s.desk+"?topic=light"), ".light")
	if len(light) != 3 || len(boxes(body, "")) != consult.ConcernPointsPage {
		s.Fatalf("%d points on light, %d on the first page", len(light), len(boxes(body, "")))
	}
	if fresh := boxes(s.page(s.desk+"?new=1&topic=light"), ".light"); len(fresh) != 1 {
		s.Errorf("%d new points on light", len(fresh))
	}
	s.post(http.StatusUnprocessableEntity, s.desk, s.desk, url.Values{"do": {"make"}, "point": light[:1]}, "Give it a title")
	s.post(http.StatusUnprocessableEntity, s.desk, s.desk, url.Values{"do": {"put"}, "point": light[:1]}, "Choose a concern")
	page := s.officer.Get(s.T, s.desk)
	form := url.Values{"do": {"make"}, "point": light[:2], "title": {"Will kitchens be in the shade?"}}
	for range 2 { // sending the same form twice makes one concern
		if a := s.officer.Send(s.T, page, s.desk, form); a.Status != http.StatusSeeOther {
			s.Fatalf("make: %d %.800s", a.Status, mainPart(a.Body))
		}
	}
	s.page(s.desk+"?done=1", "1 concern.", "43 points are in none.", "2 points", "of 2 people", "Made “Will kitchens be in the shade?” of 2 points. You can undo it below.")
	s.shade = s.concern("Will kitchens be in the shade?")
	s.page(s.shade, "Sorted by hand", "Nine storeys")
}

func (s *sorting) acceptProposals() {
	light := boxes(s.page(s.desk+"?topic=light", "Proposed: ", "Shared words:", "<mark>"), ".light")
	if len(light) != 1 || !strings.Contains(light[0], "."+strings.TrimPrefix(s.shade, "/officer/concerns/")+".") {
		s.Fatalf("proposed: %v", light)
	}
	s.post(http.StatusUnprocessableEntity, s.desk, s.desk, url.Values{"do": {"accept"}, "point": boxes(s.page(s.desk+"?topic=noise"), ".noise")[:1]}, "Tick at least one point")
	s.post(http.StatusSeeOther, s.desk, s.desk, url.Values{"do": {"accept"}, "point": light}, "Put 1 point into", "1 new")
	s.page(s.shade, "3 points", "Sorted by an accepted proposal")
}

func (s *sorting) sortLetters() {
	body := s.page(s.desk)
	m := regexp.MustCompile(`name="campaign" type="checkbox" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		s.Fatal("no letters")
	}
	each := regexp.MustCompile(`href="([^"]+like=[^"]+)#points"`).FindStringSubmatch(body)
	if len(boxes(s.page(html.UnescapeString(each[1]), "12 letters of one text"), ".traffic")) != 12 {
		s.Error("the letters cannot be seen one by one")
	}
	s.post(http.StatusSeeOther, s.desk, s.desk, url.Values{"do": {"make"}, "campaign": {m[1]}, "title": {"Where will visitors stop?"}}, "12 letters of a campaign")
	s.stops = s.concern("Where will visitors stop?")
	// Two more copies arrive: one tap puts them where the others are.
	s.said("traffic", letter)
	s.said("traffic", letter)
	body = s.page(s.desk, "Sort 2 letters into: Where will visitors stop?")
	m = regexp.MustCompile(`name="letters" value="([^"]+)"`).FindStringSubmatch(body)
	stale := s.officer.Get(s.T, s.desk)
	s.post(http.StatusSeeOther, s.desk, s.desk, url.Values{"letters": {m[1]}}, "14 letters of a campaign")
	if a := s.officer.Send(s.T, stale, s.desk, url.Values{"letters": {m[1]}}); a.Status != http.StatusConflict {
		s.Errorf("letters that are sorted already: %d", a.Status)
	}
	s.undoLast(s.desk, "12 letters of a campaign", "Undone")
}

func (s *sorting) splitAndMerge() {
	light := boxes(s.page(s.shade), ".light")
	s.post(http.StatusUnprocessableEntity, s.shade, s.shade+"/points", url.Values{"do": {"split"}, "split": {"And in winter?"}}, "Tick at least one point")
	s.post(http.StatusUnprocessableEntity, s.shade, s.shade+"/points", url.Values{"do": {"move"}, "point": light[:1]}, "Choose a concern")
	s.post(http.StatusSeeOther, s.shade, s.shade+"/points", url.Values{"do": {"split"}, "split": {"And in winter?"}, "point": light[:1]}, "Split 1 point off", "2 points")
	winter := s.concern("And in winter?")
	s.post(http.StatusSeeOther, s.shade, s.shade+"/points", url.Values{"do": {"move"}, "point": light[1:2], "target": {strings.TrimPrefix(winter, "/officer/concerns/")}}, "Moved 1 point")
	s.page(winter, "2 points")
	s.post(http.StatusUnprocessableEntity, winter, winter+"/merge", url.Values{"version": {"1"}}, "Choose a concern")
	s.post(http.StatusSeeOther, winter, winter+"/merge", url.Values{"version": {"1"}, "into": {strings.TrimPrefix(s.shade, "/officer/concerns/")}}, "This concern went into:")
	s.page(s.shade, "3 points")
	s.undoLast(winter, "2 points")
	s.undoLast(s.desk)
	s.undoLast(s.desk)
	s.page(s.shade, "3 points", "Undid something about")
	if a := s.officer.Get(s.T, winter); a.Status != http.StatusNotFound {
		s.Errorf("a concern whose making was undone: %d", a.Status)
	}
	s.post(http.StatusSeeOther, s.shade, s.shade+"/points", url.Values{"do": {"out"}, "point": light[2:]}, "Took 1 point out", "2 points")
	s.undoLast(s.shade, "3 points")
}

// beSlower lets a second officer act on pages that are out of date.
func (s *sorting) beSlower() {
	other := s.app.Client(s.T).SignIn(s.T, s.app.Officer(s.T, "second@example.org", consult.RoleOfficer))
	noise := boxes(s.page(s.desk+"?topic=noise"), ".noise")
	stale, face := other.Get(s.T, s.desk), other.Get(s.T, s.shade)
	s.post(http.StatusSeeOther, s.desk, s.desk, url.Values{"do": {"make"}, "point": noise[:1], "title": {"How loud will the bar be?"}})
	a := other.Send(s.T, stale, s.desk, url.Values{"do": {"make"}, "point": noise[:2], "title": {"Who checks the noise?"}})
	if a.Status != http.StatusConflict {
		s.Fatalf("sorting what is sorted: %d", a.Status)
	}
	s.says("the slower officer's page", a.Body, "Somebody changed this before you", `value="Who checks the noise?"`, "How loud will the bar be?")
	s.post(http.StatusSeeOther, s.shade, s.shade, url.Values{"version": {"1"}, "title": {"Will the tower shade kitchens?"}, "service": {"Design"}}, "Renamed")
	a = other.Send(s.T, face, s.shade, url.Values{"version": {"1"}, "title": {"Is it dark?"}})
	if a.Status != http.StatusConflict {
		s.Fatalf("saving over somebody: %d", a.Status)
	}
	s.says("the slower officer's page", a.Body, "Will the tower shade kitchens?", `value="Is it dark?"`, "while you were writing")
	audit, err := s.app.Store.AuditRows(s.Context(), 0, 1000)
	if err != nil {
		s.Fatal(err)
	}
	did := map[string]int{}
	for _, r := range audit {
		did[r.Action]++
		if strings.Contains(r.Detail, "kitchen") {
			s.Errorf("the audit log repeats words: %+v", r)
		}
	}
	for _, action := range []string{"concern.make", "concern.split", "concern.add", "concern.move", "concern.merge", "concern.save", "concern.undo", "concern.open", "concerns.open"} {
		if did[action] == 0 {
			s.Errorf("no audit row says %s", action)
		}
	}
}

// show makes a concern public: its title and what is published, nothing else.
func (s *sorting) show() {
	reader := s.app.Client(s.T)
	public := "/consultations/" + s.id.String() + "/concerns"
	id := strings.TrimPrefix(s.shade, "/officer/concerns/")
	own := "/my-comment/" + s.mine.Token
	if a := reader.Get(s.T, "/concerns/"+id); a.Status != http.StatusNotFound {
		s.Errorf("a concern that was not shown: %d", a.Status)
	}
	s.says("the list before", reader.Get(s.T, public).Body, "No question has been put together yet")
	s.says("the author's page before", reader.Get(s.T, own).Body, "An officer has put this together with others")
	s.post(http.StatusSeeOther, s.shade, s.shade, url.Values{"version": {"2"}, "title": {"Will the tower shade kitchens?"}, "service": {"Design"}, "show": {"show"}}, "Public since")
	for _, path := range []string{public, "/concerns/" + id} {
		body := reader.Get(s.T, path).Body
		s.says(path, body, "Will the tower shade kitchens?", "0 published comments and messages ask this", "Not answered yet", "Design")
		if strings.Contains(body, "my kitchen") || strings.Contains(body, "3 ") {
			s.Errorf("%s tells of words nobody may read: %.2000s", path, mainPart(body))
		}
	}
	s.says("the author's page", reader.Get(s.T, own).Body, "Put together with others that ask:", "/concerns/"+id)
	comment := s.mine.Comment.ID.String()
	s.post(http.StatusSeeOther, "/officer/comments/"+comment, "/officer/comments/"+comment+"/publish", url.Values{"do": {"publish"},
		"text-light": {"The tower will put [name]'s kitchen in the shade."}, "reasons": {"name"}, "place": {"the back windows"}})
	s.says("the concern", reader.Get(s.T, "/concerns/"+id).Body, "1 published comment or message asks this", "put [name]'s kitchen in the shade", "/comments/"+comment)
	s.says("the comment", reader.Get(s.T, "/comments/"+comment).Body, "Put together with others that ask the same", "/concerns/"+id)
	s.says("the case", reader.Get(s.T, "/consultations/"+s.id.String()).Body, "What people asked: 1 question")
	p := readContract(s.T).program(s.T, s.app, "")
	a := p.call(s.T, "GET", "/consultations/"+s.id.String()+"/concerns", "")
	list := read[api.ConcernList](s.T, a)
	if list.Total != 1 || list.Items[0].Published != 1 || list.Items[0].Title != "Will the tower shade kitchens?" || list.Items[0].Service != "Design" {
		s.Errorf("the API's concerns: %s", a.Body)
	}
}

// withdraw takes the only published comment away, and merges what is shown.
func (s *sorting) withdraw() {
	reader := s.app.Client(s.T)
	id := strings.TrimPrefix(s.shade, "/officer/concerns/")
	if err := s.app.Service.WithdrawMyComment(s.Context(), s.mine.Token); err != nil {
		s.Fatal(err)
	}
	s.says("the concern", reader.Get(s.T, "/concerns/"+id).Body, "0 published comments and messages ask this", "None of the comments")
	s.page(s.shade, "2 points")
	stops := strings.TrimPrefix(s.stops, "/officer/concerns/")
	s.post(http.StatusSeeOther, s.stops, s.stops, url.Values{"version": {"1"}, "title": {"Where will visitors stop?"}, "show": {"show"}})
	s.post(http.StatusSeeOther, s.shade, s.shade+"/merge", url.Values{"version": {"3"}, "into": {stops}})
	if a := reader.Get(s.T, "/concerns/"+id); a.Location() != "/concerns/"+stops {
		s.Errorf("a merged concern leads to %q", a.Location())
	}
}

// shownConcern makes a concern of one point, for everybody to see.
func shownConcern(t *testing.T, app *servertest.App, consultation consult.ID, ref consult.PointRef) string {
	t.Helper()
	id, err := app.Service.MakeConcern(t.Context(), consult.System(), consult.ConcernInput{Consultation: consultation, Title: "Will the kitchens be dark?",
		Refs: []consult.PointRef{ref}, By: consult.ByHand, Key: consult.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	k, err := app.Service.ConcernKnown(t.Context(), consult.System(), id)
	if err == nil {
		err = app.Service.SaveConcern(t.Context(), consult.System(), k, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}
