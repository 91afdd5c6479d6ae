package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

func init() {
	permissions[consult.Read] = append(permissions[consult.Read], "GET /consultations/:id/form", "GET /consultations/:id/results")
	permissions[consult.RecordOutcome] = append(permissions[consult.RecordOutcome],
		"GET /officer/consultations/new", "POST /officer/consultations/new", "GET /officer/consultations/:id/form", "POST /officer/consultations/:id/form",
		"GET /officer/consultations/:id/form/file", "POST /officer/consultations/:id/form/file", "GET /officer/consultations/:id/form/question",
		"POST /officer/consultations/:id/form/question", "GET /officer/consultations/:id/response", "POST /officer/consultations/:id/response")
}

// walking has a question of every kind; the text is asked only of who goes by car.
const walking = `{"format": 1, "language": "en", "title": {"en": "Walking and air"}, "return": {"en": "Public Health, Sample Street 1"},
 "contact": {"name": "optional", "postcode": "required"}, "sections": [
  {"id": "ways", "title": {"en": "How you get about"}, "questions": [
   {"id": "how", "kind": "choice", "text": {"en": "How do you get there?", "ur": "آپ کیسے جاتے ہیں؟"}, "required": true, "several": true, "other": true,
    "options": [{"id": "foot", "text": {"en": "On foot"}}, {"id": "car", "text": {"en": "By car"}}]},
   {"id": "safe", "kind": "scale", "text": {"en": "How safe is it?"}, "steps": 5, "low": {"en": "Not safe"}, "high": {"en": "Very safe"}, "dont_know": true}]},
  {"id": "cars", "title": {"en": "Going by car"}, "questions": [
   {"id": "why-car", "kind": "text", "text": {"en": "Why by car?"}, "limit": 200, "shown_if": {"question": "how", "value": "car"}}]},
  {"id": "wishes", "title": {"en": "What matters"}, "questions": [
   {"id": "first", "kind": "ranking", "text": {"en": "What should come first?"}, "required": true,
    "options": [{"id": "trees", "text": {"en": "Trees"}}, {"id": "lights", "text": {"en": "Lights"}}, {"id": "benches", "text": {"en": "Benches"}}]},
   {"id": "where", "kind": "place", "text": {"en": "Where is it worst?"}}]}]}`

// matter begins a public-health consultation, builds its form through the officer's pages and opens its questions for ten days.
func matter(t *testing.T, app *servertest.App, officer *servertest.Client, actor consult.Actor) consult.ID {
	t.Helper()
	begin := url.Values{"kind": {"public-health"}, "title": {"Walking and air around Sample Street"}, "summary": {"We want to know how you get about."},
		"service": {"Public Health"}, "lat": {"52.4723"}, "lon": {"-1.8595"}, "fixed": {"The money."}, "open": {"Where it goes."}, "decider": {"The council."},
		"when": {"In June."}, "rules": {"The health plan."}}
	page := "/officer/consultations/new"
	if a := officer.Post(t, page, page, url.Values{"kind": {"planning-application"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a planning application is begun here: %d", a.Status)
	}
	a := officer.Post(t, page, page, begin)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("begin: %d %.600s", a.Status, a.Body)
	}
	form := a.Location()
	id, err := consult.ParseID(strings.Split(form, "/")[3])
	if err != nil {
		t.Fatal(err)
	}
	buildForm(t, officer, form)
	if err := app.Service.AddDocument(t.Context(), actor, consult.Document{Consultation: id, Name: "Air quality", Text: "What we measured."}); err != nil {
		t.Fatal(err)
	}
	today := app.Service.Calendar().Day(app.Clock.Now())
	for _, m := range []consult.Move{{To: consult.Validated}, {To: consult.Consulting, Round: &consult.Round{Kind: consult.InitialRound, Opens: today, Closes: today.Add(9)}}} {
		m.Consultation, m.Why = id, "It is ready."
		if err := app.Service.Advance(t.Context(), actor, m); err != nil {
			t.Fatalf("to %s: %v", m.To, err)
		}
	}
	return id
}

// buildForm adds a question by hand, is told what is wrong with a file, takes in the right one and publishes it.
func buildForm(t *testing.T, officer *servertest.Client, form string) {
	t.Helper()
	edits := func() url.Values {
		m := regexp.MustCompile(`name="edits" value="([0-9]+)"`).FindStringSubmatch(officer.Get(t, form).Body)
		return url.Values{"edits": {m[1]}}
	}
	do := func(action string, fields url.Values) servertest.Answer {
		for name, v := range edits() {
			fields[name] = v
		}
		return officer.Post(t, form, action, fields)
	}
	for what, fields := range map[string]url.Values{"start": {"do": {"start"}}} {
		if a := do(form, fields); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %.400s", what, a.Status, a.Body)
		}
	}
	if a := do(form, url.Values{"do": {"publish"}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "A form needs a section") {
		t.Errorf("an empty form is published: %d", a.Status)
	}
	if a := do(form, url.Values{"do": {"section-add"}, "new-title-en": {"By hand"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("section: %d %.400s", a.Status, a.Body)
	}
	question := url.Values{"section": {"0"}, "question": {"-1"}, "id": {"by-hand"}, "kind": {"choice"}, "text-en": {"By hand?"}, "options-en": {"yes: Yes\nno: No"}, "flags": {"required"}}
	if a := do(form+"/question", question); a.Status != http.StatusSeeOther {
		t.Fatalf("question: %d %.800s", a.Status, a.Body)
	}
	question["id"] = []string{"second"}
	if a := do(form+"/question", question); a.Status != http.StatusSeeOther {
		t.Fatalf("second question: %d", a.Status)
	}
	if a := do(form, url.Values{"do": {"question-down"}, "section": {"0"}, "question": {"0"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("moved: %d %.400s", a.Status, a.Body)
	}
	if file := officer.Get(t, form+"/file").Body; strings.Index(file, `"second"`) > strings.Index(file, `"by-hand"`) || !strings.Contains(file, `"Yes"`) {
		t.Errorf("the file of the draft: %s", file)
	}
	stale := url.Values{"do": {"question-remove"}, "section": {"0"}, "question": {"0"}, "edits": {"1"}}
	if a := officer.Post(t, form, form, stale); a.Status != http.StatusConflict {
		t.Errorf("an old page changes a newer draft: %d", a.Status)
	}
	wrong := strings.Replace(walking, `"steps": 5`, `"steps": 50`, 1)
	if a := do(form+"/file", url.Values{"definition": {wrong}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "sections[0].questions[1].steps") {
		t.Errorf("a wrong file: %d, its place is not named", a.Status)
	}
	if a := do(form+"/file", url.Values{"definition": {walking}}); a.Status != http.StatusSeeOther {
		t.Fatalf("import: %d %.600s", a.Status, a.Body)
	}
	if a := do(form, url.Values{"do": {"publish"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("publish: %d %.600s", a.Status, a.Body)
	}
	if a := officer.Get(t, form+"/file?version=1"); !strings.Contains(a.Header.Get("Content-Disposition"), "form-C-2") || !strings.Contains(a.Body, `"why-car"`) {
		t.Errorf("the published file: %s %.200s", a.Header.Get("Content-Disposition"), a.Body)
	}
}

// TestAFormGoesTheWholeWay builds, asks, answers on screen, on paper and by program, publishes, answers, closes and shows results, on
// both engines and without JavaScript.
func TestAFormGoesTheWholeWay(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) { wholeWay(t, servertest.New(t, options...)) })
	}
}

func wholeWay(t *testing.T, app *servertest.App) {
	planner := app.Officer(t, "officer@example.org", consult.RoleOfficer)
	officer, resident := app.Client(t).SignIn(t, planner), app.Client(t)
	id := matter(t, app, officer, planner.Actor())
	path := "/consultations/" + id.String()

	if a := resident.Get(t, path); !strings.Contains(a.Body, "Public health") || !strings.Contains(a.Body, "Answer the questions") || strings.Contains(a.Body[strings.Index(a.Body, "<main"):], "pplication") {
		t.Errorf("the public page: %.3000s", a.Body)
	}
	mine := fillForm(t, resident, path)
	own := resident.Get(t, mine)
	for _, seen := range []string{"It rains a lot.", "On foot; By car; Something else; By tram", "2 of 5", "1. Benches; 2. Trees", "the bend (52.47230, -1.85950)"} {
		if !strings.Contains(own.Body, seen) {
			t.Errorf("the author's own page does not say %q: %.6000s", seen, own.Body)
		}
	}
	if a := resident.Get(t, path+"/results"); a.Status != http.StatusOK || !strings.Contains(a.Body, "still being asked") {
		t.Errorf("results while people are asked: %d", a.Status)
	}
	publishWords(t, officer, resident, path)
	copyPaper(t, officer, path)
	byProgram(t, app, id)

	paper := resident.Get(t, path+"/form")
	for _, seen := range []string{"form version 1", "C-2", "Public Health, Sample Street 1", "Only if you chose “By car”", "paper__box", "paper__line"} {
		if !strings.Contains(paper.Body, seen) {
			t.Errorf("the paper form does not say %q", seen)
		}
	}
	results(t, app, planner, id)
}

// fillForm answers on screen: a double rank is refused, what was typed is kept, and a hidden section is passed over.
func fillForm(t *testing.T, c *servertest.Client, path string) (mine string) {
	t.Helper()
	first := path + "/comment"
	if a := c.Post(t, first, first, url.Values{"q-safe": {"2"}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `href="#q-how"`) {
		t.Fatalf("a required choice left out: %d", a.Status)
	}
	a := c.Post(t, first, first, url.Values{"q-how": {"foot"}, "q-safe": {"2"}})
	if a.Status != http.StatusSeeOther || !strings.HasSuffix(a.Location(), "/section-3") {
		t.Fatalf("who does not go by car is asked why: %d %s", a.Status, a.Location())
	}
	draft := strings.TrimSuffix(a.Location(), "section-3")
	if at := step(t, c, draft+"section-1", url.Values{"q-how": {"foot", "car", "other"}, "text-how": {"By tram"}, "q-safe": {"2"}}); !strings.HasSuffix(at, "/section-2") {
		t.Fatalf("who goes by car is not asked why: %s", at)
	}
	step(t, c, draft+"section-2", url.Values{"text-why-car": {"It rains a lot."}})
	twice := url.Values{"q-first--trees": {"1"}, "q-first--lights": {"1"}, "q-where": {"the bend"}, "q-where--lat": {"52.4723"}, "q-where--lon": {"-1.8595"}}
	wrong := c.Post(t, draft+"section-3", draft+"section-3", twice)
	if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body, `href="#q-first--lights"`) || !strings.Contains(wrong.Body, "The number 1 stands twice") {
		t.Errorf("a number given twice: %d", wrong.Status)
	}
	if !strings.Contains(c.Get(t, draft+"section-3").Body, `value="the bend"`) {
		t.Error("what was typed beside a mistake is lost")
	}
	delete(twice, "q-first--lights")
	twice["q-first--trees"], twice["q-first--benches"] = []string{"2"}, []string{"1"}
	step(t, c, draft+"section-3", twice)
	check := step(t, c, draft+"details", url.Values{"postcode": {"b99aa"}, "email": {"resident@example.org"}})
	if shown := c.Get(t, check); !strings.Contains(shown.Body, "1. Benches; 2. Trees") || !strings.Contains(shown.Body, "return=check") {
		t.Errorf("the check page: %d %.300s", shown.Status, shown.Body)
	}
	return step(t, c, check, nil)
}

// publishWords publishes what was written and answers it; the values stay the council's.
func publishWords(t *testing.T, officer, resident *servertest.Client, path string) {
	t.Helper()
	link := regexp.MustCompile(`/officer/comments/[0-9a-z]{13}`).FindString(officer.Get(t, "/officer").Body)
	desk := officer.Get(t, link+"?way=typed")
	if !strings.Contains(desk.Body, "2 of 5") || !strings.Contains(desk.Body, `name="text-why-car"`) {
		t.Fatalf("the officer's page: %d %.3000s", desk.Status, desk.Body)
	}
	words := url.Values{"do": {"publish"}, "text-how": {"By tram"}, "text-why-car": {"It rains a lot."}, "text-where": {"the bend"}}
	if a := officer.Post(t, link, link+"/publish", words); a.Status != http.StatusSeeOther {
		t.Fatalf("publish: %d %.800s", a.Status, a.Body)
	}
	if a := officer.Post(t, link, link+"/answer", url.Values{"body": {"We plan a roof over the stop."}}); a.Status != http.StatusSeeOther {
		t.Fatalf("answer: %d", a.Status)
	}
	public := resident.Get(t, path+"/comments?topic=why-car")
	if !strings.Contains(public.Body, "It rains a lot.") || !strings.Contains(public.Body, "Why by car?") || strings.Contains(public.Body, "of 5") || strings.Contains(public.Body, "Benches;") {
		t.Errorf("the public does not read exactly the words: %.3000s", public.Body)
	}
}

// copyPaper enters an answer that came on paper: through the same pages, under the officer's name.
func copyPaper(t *testing.T, officer *servertest.Client, path string) {
	t.Helper()
	entry := "/officer" + path + "/response"
	if a := officer.Post(t, entry, entry, url.Values{}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a letter without a way: %d", a.Status)
	}
	at := step(t, officer, entry, url.Values{"channel": {"letter"}})
	at = step(t, officer, at, url.Values{"q-how": {"foot"}, "q-safe": {"dont-know"}})
	at = step(t, officer, at, url.Values{"q-first--lights": {"1"}})
	at = step(t, officer, at, url.Values{"postcode": {"B9 9AA"}})
	at = step(t, officer, at, nil)
	if !strings.HasPrefix(at, "/officer/comments/") || !strings.Contains(officer.Get(t, at).Body, "I do not know") {
		t.Errorf("after a letter: %s", at)
	}
}

// byProgram answers through the API, which says what is wrong in the words of its own document.
func byProgram(t *testing.T, app *servertest.App, id consult.ID) {
	t.Helper()
	address := "/api/v1/consultations/" + id.String()
	header := map[string]string{"Authorization": "Bearer " + app.Token(t, consult.RoleOfficer)}
	var found struct {
		Kind string `json:"kind"`
		Form struct {
			Version    int          `json:"version"`
			Definition consult.Form `json:"definition"`
		} `json:"form"`
	}
	if a := app.Client(t).JSON(t, http.MethodGet, address, nil, &found, nil); a.Status != http.StatusOK || found.Kind != "public-health" || found.Form.Version != 1 || len(found.Form.Definition.Questions()) != 5 {
		t.Fatalf("the form by program: %d %+v", a.Status, found)
	}
	wrong := map[string]any{"contact": map[string]any{"postcode": "B9 9AA"}, "responses": []any{map[string]any{"question": "how", "chosen": []string{"boat"}}}}
	if a := app.Client(t).JSON(t, http.MethodPost, address+"/comments", wrong, nil, header); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `"responses.how"`) || !strings.Contains(a.Body, `"responses.first"`) {
		t.Errorf("a wrong answer by program: %d %s", a.Status, a.Body)
	}
	right := map[string]any{"contact": map[string]any{"postcode": "B9 9AA"}, "responses": []any{
		map[string]any{"question": "how", "chosen": []string{"foot"}}, map[string]any{"question": "safe", "step": 4},
		map[string]any{"question": "first", "ranked": []string{"trees", "lights", "benches"}}}}
	if a := app.Client(t).JSON(t, http.MethodPost, address+"/comments", right, nil, header); a.Status != http.StatusCreated {
		t.Errorf("an answer by program: %d %s", a.Status, a.Body)
	}
}

// files takes the answers as an analyst: with the words as published, without a comment's number, and not for everybody.
func files(t *testing.T, app *servertest.App, planner consult.Officer, id consult.ID) {
	t.Helper()
	analyst := app.Client(t).SignIn(t, app.Officer(t, "analyst@example.org", consult.RoleAnalyst))
	query := "?consultation=" + id.String()
	if a := analyst.Get(t, "/analyst"+query); !strings.Contains(a.Body, "Answers to the questions") || !strings.Contains(a.Body, "Borda") {
		t.Errorf("the analyst's page: %d", a.Status)
	}
	data := analyst.Get(t, "/analyst/export/responses.csv"+query)
	for _, seen := range []string{"how__foot", "first__trees", "where__latitude", "It rains a lot.", "C-2"} {
		if !strings.Contains(data.Body, seen) {
			t.Errorf("the file of answers lacks %q: %d %.600s", seen, data.Status, data.Body)
		}
	}
	if rows := strings.Count(data.Body, "\r\n"); rows < 19 {
		t.Errorf("%d rows", rows)
	}
	if a := analyst.Get(t, "/analyst/export/responses.geojson"+query); !strings.Contains(a.Body, "the bend") || strings.Contains(a.Body, "52.4723,") {
		t.Errorf("the file of places: %d %s", a.Status, a.Body)
	}
	if a := analyst.Get(t, "/analyst/export/responses-codebook.csv"+query); !strings.Contains(a.Body, "How safe is it?") {
		t.Errorf("the codebook: %d %s", a.Status, a.Body)
	}
	if a := app.Client(t).SignIn(t, planner).Get(t, "/analyst/export/responses.csv"+query); a.Status != http.StatusForbidden {
		t.Errorf("an officer takes the file: %d", a.Status)
	}
	if a := analyst.Get(t, "/analyst/export/responses.csv"); a.Status != http.StatusNotFound {
		t.Errorf("answers to no form: %d", a.Status)
	}
}

var questions = []consult.Topic{"how", "safe", "why-car", "first", "where"}

// results closes the questions, protects the figures, and wants an outcome for every question before all is put away.
func results(t *testing.T, app *servertest.App, planner consult.Officer, id consult.ID) {
	t.Helper()
	for i := range 17 {
		responses := []consult.Response{{Question: "how", Chosen: []string{"foot"}}, {Question: "safe", Step: 4}, {Question: "first", Ranked: []string{"trees", "lights"}}}
		if i < 3 {
			responses[1].Step = 1
		}
		in := consult.CommentInput{Consultation: id, Channel: "web", Language: "en", Key: consult.NewKey(), Contact: consult.Contact{Postcode: "B9 9AA"}, Responses: responses}
		if _, err := app.Service.SubmitComment(t.Context(), consult.Actor{Kind: consult.Visitor}, in); err != nil {
			t.Fatal(err)
		}
	}
	app.Clock.Add(11 * 24 * time.Hour)
	actor, path := planner.Actor(), "/consultations/"+id.String()
	today := app.Service.Calendar().Day(app.Clock.Now())
	for _, to := range []consult.State{consult.ClosedState, consult.Assessed, consult.Decided} {
		for _, q := range questions {
			s := consult.TopicSummary{Consultation: id, Topic: q, Text: "What people said.", Material: consult.Unassessed}
			if to != consult.Assessed {
				continue
			}
			if err := app.Service.WriteSummary(t.Context(), actor, s, ""); err != nil {
				t.Fatalf("summary of %s: %v", q, err)
			}
		}
		if err := app.Service.Advance(t.Context(), actor, consult.Move{Consultation: id, To: to, Why: "It is time.", Ruling: consult.Ruling{On: today}}); err != nil {
			t.Fatalf("to %s: %v", to, err)
		}
	}
	page := app.Client(t).Get(t, path+"/results")
	for _, seen := range []string{"about 20", "Borda", "not shown", "Median: 4", "How safe is it?"} {
		if !strings.Contains(page.Body, seen) {
			t.Errorf("the results do not say %q: %.8000s", seen, page.Body)
		}
	}
	charts := regexp.MustCompile(`(?s)<figure class="chart".*?</figure>`).FindAllString(page.Body, -1)
	for _, chart := range charts {
		if small := regexp.MustCompile(`numeric">[1-7]<`).FindString(chart); small != "" {
			t.Errorf("a small number is shown: %s", chart)
		}
	}
	if len(charts) < 3 {
		t.Errorf("%d charts", len(charts))
	}
	files(t, app, planner, id)
	err := app.Service.Advance(t.Context(), actor, consult.Move{Consultation: id, To: consult.Archived, Why: "Done."})
	if got := fmt.Sprint(err); !strings.Contains(got, "outcome-safe=outcome_required") || !strings.Contains(got, "outcome-where=outcome_required") {
		t.Errorf("put away without outcomes: %v", err)
	}
	for _, q := range questions {
		o := consult.Outcome{Consultation: id, Topic: q, YouSaid: "You said.", WeDid: "We did.", Effect: consult.Changed}
		if err := app.Service.RecordOutcome(t.Context(), actor, o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := app.Service.PublishOutcomes(t.Context(), actor, id); err != nil {
		t.Fatal(err)
	}
	if a := app.Client(t).Get(t, path); !strings.Contains(a.Body, "Where is it worst?") || !strings.Contains(a.Body, "Something changed") {
		t.Error("the public page does not show the outcomes by question")
	}
}
