package server_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// officeHours are those of the tests below.
func officeHours(c *server.Config) { c.Opens, c.Shuts = 9*60, 17*60 }

// plain takes the marks out that keep directions apart.
func plain(page string) string {
	return strings.NewReplacer("\u2068", "", "\u2069", "", "&#39;", "'").Replace(page)
}

// promised is a case in which promises are made and kept.
type promised struct {
	*testing.T
	app               *servertest.App
	id                consult.ID
	resident, officer *servertest.Client
	planner           consult.Officer
	public, desk      string // addresses of the case
	mine, comment     string // the author's own page, and the officers' page of the comment
}

func (p *promised) reads(who *servertest.Client, path string, says ...string) string {
	p.Helper()
	a := who.Page(p.T, path)
	body := plain(a.Body)
	if a.Status != http.StatusOK {
		p.Fatalf("%s: %d %.300s", path, a.Status, body)
	}
	for _, words := range says {
		if !strings.Contains(body, words) {
			p.Errorf("%s does not say %q: %.4000s", path, words, mainPart(body))
		}
	}
	return body
}

func (p *promised) sends(who *servertest.Client, status int, page, action string, form url.Values, says ...string) {
	p.Helper()
	a := who.Post(p.T, page, action, form)
	if a.Status != status {
		p.Fatalf("%s %v: %d, want %d: %.1500s", action, form, a.Status, status, mainPart(a.Body))
	}
	for _, words := range says {
		if !strings.Contains(plain(a.Body), words) {
			p.Errorf("%s does not say %q: %.3000s", action, words, mainPart(a.Body))
		}
	}
}

// later moves the clock to a moment in London, and signs in again where the session is over.
func (p *promised) later(at string) {
	p.Helper()
	zone := p.app.Service.Calendar().Location()
	to, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		p.Fatal(err)
	}
	p.app.Clock.Add(to.Sub(p.app.Clock.Now()))
	p.officer = p.app.Client(p.T).SignIn(p.T, p.planner)
}

// TestO06PromisesAreKeptInPublic goes the whole way over HTTP, on both engines: what is promised is said before somebody writes, the
// author and the officer read the same dates, a pause eats no promised time, what needs no answer can be wanted after all, and the
// record at the end counts everything.
func TestO06PromisesAreKeptInPublic(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			app := servertest.New(t, append(options, servertest.WithConfig(officeHours))...)
			p := &promised{T: t, app: app, id: app.Consultation(t, 1, consult.Consulting), resident: app.Client(t)}
			p.planner = app.Officer(t, "officer@example.org", consult.RoleOfficer)
			p.public, p.desk = "/consultations/"+p.id.String(), "/officer/consultations/"+p.id.String()
			p.officer = app.Client(t).SignIn(t, p.planner)
			p.promise()
			p.ask()
			p.pause()
			p.close()
			p.answer()
			p.talk()
			p.tell()
			p.plan()
		})
	}
}

// promise sets the terms, wrongly at first, and reads them where people write.
func (p *promised) promise() {
	page := p.desk + "/promise"
	p.reads(p.officer, page, "Office hours of this site: working days from 9:00am to 5:00pm")
	form := url.Values{"version": {"0"}, "service": {"Planning"}, "first": {"2"}, "next": {"1"}, "close": {"10"}, "silent-other": {"Property values do not count."}}
	for field, value := range map[string]string{"service": " ", "first": "99", "next": "0", "close": "1"} {
		wrong := url.Values{}
		for name, values := range form {
			wrong[name] = values
		}
		wrong.Set(field, value)
		p.sends(p.officer, http.StatusUnprocessableEntity, page, page, wrong, `href="#`+field+`"`)
	}
	p.sends(p.officer, http.StatusSeeOther, page, page, form)
	p.sends(p.officer, http.StatusConflict, page, page, url.Values{"version": {"0"}, "service": {"Highways"}, "first": {"5"}, "next": {"5"}},
		"Somebody else has changed it meanwhile", "Planning promises a first answer within 2 working days.", `value="Highways"`)
	for _, public := range []string{p.public, p.public + "/comment", p.public + "/promises"} {
		p.reads(p.resident, public, "Planning promises a first answer within 2 working days.", "Every point is settled within 10 working days.", "Property values do not count.")
	}
	p.reads(p.resident, p.public+"/ask", "Planning promises a first answer within 2 working days.")
}

// ask comments after hours on the eve of Good Friday: the promise counts from Tuesday.
func (p *promised) ask() {
	p.later("2026-04-02 18:30")
	p.mine = step(p.T, p.resident, write(p.T, p.resident, p.id), nil)
	p.reads(p.resident, p.mine, "We promise a first answer by 5:00pm on 9 April 2026", "Answer by 5:00pm on 9 April 2026", "To be settled by 5:00pm on 21 April 2026")
	p.comment = regexp.MustCompile(`/officer/comments/[0-9a-z]{13}`).FindString(p.officer.Get(p.T, "/officer").Body)
	p.reads(p.officer, p.comment, "Answer by 5:00pm on 9 April 2026")
}

// pause rests the clock of one point for six working hours.
func (p *promised) pause() {
	act := strings.Replace(p.comment, "comments", "promises", 1)
	p.later("2026-04-08 11:00")
	p.sends(p.officer, http.StatusUnprocessableEntity, p.comment, act, url.Values{"do": {"paused"}, "pause-points": {"light"}, "pause-words": {"For the new plan."}}, `href="#pause-reason"`, "For the new plan.")
	form := url.Values{"do": {"paused"}, "pause-points": {"light"}, "pause-reason": {"applicant"}, "pause-words": {"For the new plan."}}
	p.sends(p.officer, http.StatusSeeOther, p.comment, act, form)
	p.sends(p.officer, http.StatusConflict, p.comment, act, form)
	said := p.reads(p.resident, p.mine, "Paused since 8 April 2026: we wait for the applicant.", "For the new plan.", "Answer by 5:00pm on 9 April 2026")
	if strings.Count(said, "Answer by 5:00pm on 9 April 2026") != 1 {
		p.Error("the pause of one point is taken for one of both")
	}
	p.reads(p.officer, "/officer/workload", "Planning")
	p.later("2026-04-09 09:00")
	p.sends(p.officer, http.StatusSeeOther, p.comment, act, url.Values{"do": {"resumed"}})
	p.reads(p.resident, p.mine, "Answer by 3:00pm on 10 April 2026", "Answer by 5:00pm on 9 April 2026")
	p.reads(p.officer, p.comment, "Answer by 3:00pm on 10 April 2026")
}

// close ends the other point without an answer; its author is told, and wants one.
func (p *promised) close() {
	act := strings.Replace(p.comment, "comments", "promises", 1)
	p.sends(p.officer, http.StatusSeeOther, p.comment, act, url.Values{"do": {"closed"}, "close-points": {"traffic"}, "close-reason": {"no-question"}})
	p.reads(p.resident, p.mine, "Closed without an answer on 9 April 2026: nothing is asked in it.")
	want := p.mine[:strings.Index(p.mine+"?", "?")] + "/want"
	p.sends(p.resident, http.StatusSeeOther, p.mine, want, url.Values{"point": {"traffic"}})
	p.sends(p.resident, http.StatusSeeOther, p.mine, want, url.Values{"point": {"traffic"}})
	p.sends(p.resident, http.StatusNotFound, p.mine, want, url.Values{"point": {"design"}})
	p.reads(p.resident, p.mine, "Asked again on 9 April 2026. Answer by 5:00pm on 9 April 2026")
	if page := p.reads(p.resident, p.mine); strings.Contains(page, "/want") {
		p.Error("what is open can be wanted once more")
	}
}

// answer keeps the promise of one point and breaks that of the other.
func (p *promised) answer() {
	p.later("2026-04-10 10:00")
	p.reads(p.resident, p.mine, "An answer was promised by 5:00pm on 9 April 2026. It is late.")
	p.sends(p.officer, http.StatusSeeOther, p.comment, p.comment+"/answer", url.Values{"body": {"We have asked for a lower roof."}})
	p.reads(p.resident, p.mine, "Answered after 2 working days. Promised were 2: kept.", "Answered after 3 working days. Promised were 2: the promise was broken.")
}

// talk asks in a thread, where the browser that asked is known again.
func (p *promised) talk() {
	p.sends(p.resident, http.StatusSeeOther, p.public+"/ask", p.public+"/ask", url.Values{"title": {"The wall"}, "body": {"Will the wall stay?"}})
	thread := regexp.MustCompile(`/threads/[0-9a-z]{13}`).FindString(p.resident.Get(p.T, p.public).Body)
	p.reads(p.resident, thread, "Answer by 5:00pm on 14 April 2026")
	act := regexp.MustCompile(`/officer/promises/[0-9a-z]{13}`).FindString(p.officer.Get(p.T, thread).Body)
	p.reads(p.officer, act, "Answer by 5:00pm on 14 April 2026")
	p.sends(p.officer, http.StatusSeeOther, thread, act, url.Values{"do": {"closed"}, "close-reason": {"not-ours"}})
	p.reads(p.resident, thread, "this authority does not decide", "I do want an answer")
	stranger := p.app.Client(p.T)
	if page := p.reads(stranger, thread, "this authority does not decide"); strings.Contains(page, "I do want an answer") {
		p.Error("anybody can say that somebody else wants an answer")
	}
	message := act[len(act)-13:]
	p.sends(stranger, http.StatusNotFound, p.public+"/ask", thread+"/want", url.Values{"message": {message}})
	p.later("2026-04-10 10:05")
	p.sends(p.resident, http.StatusSeeOther, thread, thread+"/want", url.Values{"message": {message}})
	p.reads(p.resident, thread, "Asked again on 10 April 2026.")
}

// tell reads the public record as page, file and JSON: they say the same.
func (p *promised) tell() {
	p.reads(p.resident, p.public+"/promises", "Of 3 points with a promise, 1 were answered in time and 1 late; 1 are still waiting.", "we wait for the applicant", "There are too few points to split them")
	var record struct {
		Terms struct {
			First int `json:"first_days"`
		}
		Total struct{ Points, Kept, Late, Open int }
		Parts []any `json:"topics"`
	}
	if a := p.resident.JSON(p.T, http.MethodGet, "/api/v1"+p.public+"/promises", nil, &record, nil); a.Status != http.StatusOK {
		p.Fatalf("the record as JSON: %d %s", a.Status, a.Body)
	}
	if record.Terms.First != 2 || record.Total.Points != 3 || record.Total.Kept != 1 || record.Total.Late != 1 || record.Total.Open != 1 || len(record.Parts) != 0 {
		p.Errorf("the record as JSON: %+v", record)
	}
	rows, err := csv.NewReader(strings.NewReader(p.resident.Get(p.T, p.public+"/promises.csv").Body)).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != "all" || rows[1][2] != strconv.Itoa(record.Total.Points) || rows[2][1] != "applicant" {
		p.Errorf("the record as a file: %v, %v", rows, err)
	}
	if a := p.resident.Get(p.T, "/consultations/0000000000009/promises"); a.Status != http.StatusNotFound {
		p.Errorf("the record of nothing: %d", a.Status)
	}
}

// plan reads what lies on the desks.
func (p *promised) plan() {
	page := p.reads(p.officer, "/officer/workload", "What falls due on each of the next ten working days", "15 April 2026", "Residents reached per answer")
	if strings.Contains(page, "Test officer") && strings.Contains(mainPart(page), "Test officer") {
		p.Error("the workload names a person")
	}
	load, err := p.app.Service.Workload(p.Context(), p.planner.Actor())
	if err != nil || len(load.Services) != 1 {
		p.Fatalf("workload %+v, %v", load, err)
	}
	s := load.Services[0]
	if s.Waiting != 1 || s.Overdue != 0 || s.DueSoon != 0 || s.ThisWeek != 2 || s.LastWeek != 0 || s.Authors != 1 || s.Written != 1 || s.Due[3] != 1 {
		p.Errorf("workload of %v: %+v", load.Days, s)
	}
	p.sends(p.officer, http.StatusNotFound, "/officer", "/officer/promises/0000000000009", url.Values{"do": {"resumed"}})
}
