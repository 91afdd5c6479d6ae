package web

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// sampleTerms promise everything that can be promised, with office hours and a topic left out.
func sampleTerms() consult.CaseTerms {
	return consult.CaseTerms{Consultation: 3, Version: 2, Service: "Planning", PromiseTerms: consult.PromiseTerms{First: 5, Next: 3, Close: 20, Opens: 540, Shuts: 1020},
		Silent: []consult.Silence{{Topic: "other", Reason: "Property values do not count in planning."}}, By: "Planning, Planning officer", UpdatedAt: testNow}
}

// samplePromises are points of one comment in every state: what happened so many days before now.
func samplePromises(terms consult.PromiseTerms) []consult.PointPromise {
	type happened struct {
		kind   consult.PromiseEventKind
		before int
		reason string
	}
	var list []consult.PointPromise
	for topic, steps := range map[consult.Topic][]happened{
		"light":   {{consult.PromiseAsked, 2, ""}},
		"design":  {{consult.PromiseAsked, 40, ""}},
		"traffic": {{consult.PromiseAsked, 20, ""}, {consult.PromisePaused, 3, "applicant"}},
		"noise":   {{consult.PromiseAsked, 20, ""}, {consult.PromiseAnswered, 18, ""}},
		"use":     {{consult.PromiseAsked, 40, ""}, {consult.PromiseAnswered, 2, ""}},
		"access":  {{consult.PromiseAsked, 20, ""}, {consult.PromiseClosed, 3, "no-question"}},
		"privacy": {{consult.PromiseAsked, 20, ""}, {consult.PromiseAnswered, 18, ""}, {consult.PromiseReopened, 1, ""}},
		"other":   {{consult.PromiseAsked, 20, consult.AskedNotPromised}},
	} {
		ref := consult.PointRef{Source: 41, Topic: topic}
		var log []consult.PromiseEvent
		for _, s := range steps {
			log = append(log, consult.PromiseEvent{Ref: ref, Kind: s.kind, Reason: s.reason, Words: map[bool]string{true: "ہمیں نقشہ چاہیے"}[s.reason == "applicant"],
				At: testNow.AddDate(0, 0, -s.before)})
		}
		list = append(list, consult.PointPromise{Ref: ref, Promise: consult.PromiseOf(log, terms, consult.England(), testNow)})
	}
	return list
}

func sampleRecord(points int) reach.PromiseRecord {
	tally := reach.NewPromiseTally(consult.England(), testNow)
	for i := range points {
		asked := testNow.AddDate(0, 0, -30)
		row := consult.PromiseRow{Topic: []consult.Topic{"light", "light", "traffic", ""}[i%4], Service: "Planning", State: consult.PointOpen, Promised: i%9 != 0,
			AskedAt: asked, Days: 5, FirstDue: asked.AddDate(0, 0, 7)}
		if i%3 != 0 {
			row.State, row.FirstAt = consult.PointAnswered, asked.AddDate(0, 0, 3+i%8)
		}
		if i%5 == 0 {
			row.Pauses = []string{"applicant"}
		}
		_ = tally.Add(row)
	}
	return tally.Record()
}

func sampleLoad() consult.Workload {
	w := consult.Workload{Today: "2026-04-02", Days: []consult.Date{"2026-04-02", "2026-04-07", "2026-04-08", "2026-04-09", "2026-04-10", "2026-04-13", "2026-04-14", "2026-04-15", "2026-04-16", "2026-04-17"}}
	due := []int{1, 0, 4, 2, 0, 0, 7, 0, 0, 1}
	w.Services = []consult.ServiceLoad{{Service: "", Waiting: 1, Unpromised: 1, Due: make([]int, 10)},
		{Service: "Planning", Waiting: 21, Overdue: 2, DueSoon: 5, Paused: 3, Later: 1, Due: due, ThisWeek: 9, LastWeek: 12, Authors: 30, Written: 4}}
	w.All = w.Services[1]
	return w
}

func init() {
	asOfficer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	for _, hours := range []bool{true, false} {
		terms := sampleTerms()
		if !hours {
			terms.Opens, terms.Shuts = 0, 0
		}
		sample("my-comment", func(w *Web, c *fiber.Ctx) View {
			mine := consult.MyComment{Comment: sampleComment(), Consultation: sampleCase().Consultation, Words: sampleComment().Points, Token: "token", Promises: samplePromises(terms.PromiseTerms)}
			mine.Trail = sampleTrail(mine.Comment)
			p := drawMyComment(w.Base(c, "my_comment.title", "reference", "x"), mine, consult.England(), hours)
			p.drawPromises(mine, testNow)
			return p
		})
		sample("consultation", func(w *Web, c *fiber.Ctx) View {
			v := sampleCase()
			v.Terms = terms
			p := drawConsultation(w.Base(c, "consultation.title", "title", "x"), v, nil)
			p.Kept = p.promiseSummary(sampleRecord(41))
			return p
		})
		sample("comment-words", func(w *Web, c *fiber.Ctx) View {
			v := sampleCase()
			v.Terms = terms
			p := w.step(c, v, 2, "comment_new.words_title", nil)
			fillWords(p, nil, consult.DraftData{Topics: []consult.Topic{"light", "other"}})
			return p
		})
	}
	for _, v := range []struct{ visitor, officer bool }{{true, false}, {false, true}} {
		sample("thread", func(w *Web, c *fiber.Ctx) View {
			if v.officer {
				asOfficer(w)
			} else {
				w.Actor = func(*fiber.Ctx) consult.Actor { return consult.Actor{Kind: consult.Visitor, ID: 5} }
			}
			kind := consult.PromiseClosed
			if v.officer {
				kind = consult.PromiseHandedOver
			}
			ref := consult.PointRef{Source: 31}
			log := []consult.PromiseEvent{{Ref: ref, Kind: consult.PromiseAsked, At: testNow.AddDate(0, 0, -1)}, {Ref: ref, Kind: kind, Reason: "no-question", At: testNow}}
			view := consult.ThreadView{Thread: consult.Thread{ID: 21, Title: "Will the wall stay?", Epoch: "e", Seq: 4}, Consultation: sampleCase().Consultation,
				Messages: sampleMessages(), Open: true, Promises: []consult.PointPromise{{Ref: ref, Promise: consult.PromiseOf(log, sampleTerms().PromiseTerms, consult.England(), testNow)}}}
			p := drawThread(w.Base(c, "thread.title", "title", "Will the wall stay?"), view, nil)
			p.drawPromises(view, testNow)
			return p
		})
	}
	sample("officer-comment", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		file := consult.CommentFile{Comment: sampleComment(), Original: sampleComment().Points}
		p := drawOfficerComment(w.StaffBase(c, "officer_comment.title", "reference", "x"), file, sampleCase(), nil)
		p.Publication = p.publication(redactionDesk{file: file, matter: sampleCase().Consultation, marks: w.marks("en")}, nil)
		p.Clock = p.promiseDesk(nil, 41, samplePromises(sampleTerms().PromiseTerms), testNow)
		return p
	})
	sample("officer-promise", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		invalid := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "pause-reason", Rule: "required"}, {Field: "close-reason", Rule: "required"}}}
		file := consult.PromiseFile{Source: 41, Consultation: sampleCase().Consultation, Points: samplePromises(sampleTerms().PromiseTerms)}
		f := Filled(map[string][]string{"pause-points": {"light"}, "pause-words": {"x"}})
		return drawOfficerPromise(w.StaffBase(c, "officer_promise.title").WithErrors(invalid), file, f, testNow)
	})
	for i, terms := range []consult.CaseTerms{{Consultation: 3, Service: "Planning", PromiseTerms: consult.PromiseTerms{First: 5, Next: 5}}, sampleTerms()} {
		sample("officer-terms", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			p := drawOfficerTerms(w.StaffBase(c, "officer_terms.title", "title", "x"), sampleCase().Consultation, terms, nil)
			if i == 1 {
				meanwhile := p.promiseTerms(terms)
				p.Meanwhile = &meanwhile
			}
			return p
		})
	}
	for _, points := range []int{0, 7, 120} {
		sample("promises", func(w *Web, c *fiber.Ctx) View {
			v := sampleCase()
			v.Terms = sampleTerms()
			return drawPromiseRecord(w.Base(c, "promises.title", "title", "x"), v, sampleRecord(points))
		})
	}
	for _, load := range []consult.Workload{{All: consult.ServiceLoad{Due: make([]int, 10)}}, sampleLoad()} {
		sample("workload", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			return drawWorkload(w.StaffBase(c, "officer_workload.title"), load)
		})
	}
}

// TestAPromiseIsWordedHonestly reads the sentences that an author sees, day by day.
func TestAPromiseIsWordedHonestly(t *testing.T) {
	w := newTestWeb(t)
	w.App.Get("/x", func(c *fiber.Ctx) error {
		b := w.Base(c, "promise.heading")
		var said []string
		for _, p := range b.promiseViews(samplePromises(consult.PromiseTerms{First: 5, Next: 3, Close: 20}), testNow) {
			said = append(said, p.Tag.Text+": "+strings.Join(p.Text, " ")+p.Words)
		}
		return c.SendString(strings.NewReplacer("\u2068", "", "\u2069", "").Replace(strings.Join(said, "\n")))
	})
	v := newVisit(t, w.App)
	got := v.get("/x").Body
	for _, want := range []string{
		"Answer late: An answer was promised by the end of 27 February 2026. It is late.",
		"Answer due: Answer by the end of 9 April 2026. To be settled by",
		"Paused: Paused since 30 March 2026: we wait for the applicant. The promised time stands still until then.",
		"Answered: Answered after 1 working day. Promised were 5: kept.",
		"Promised were 5: the promise was broken.",
		"Closed without an answer: Closed without an answer on 30 March 2026: nothing is asked in it.",
		"Answer due: Asked again on 1 April 2026. Answer by the end of 8 April 2026.",
		"No answer promised: No answer is promised here, though one may still come.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("nobody says %q in\n%s", want, got)
		}
	}
}

// TestTheMomentsOfOneDayAreOneDay holds the words to the clock: a promise that ends at midnight is due on the day before.
func TestTheMomentsOfOneDayAreOneDay(t *testing.T) {
	w := newTestWeb(t)
	b := Base{Language: w.Texts.Default()}
	midnight := time.Date(2026, 10, 26, 0, 0, 0, 0, b.Language.Zone()) // the day before is 25 hours long
	if got := b.due(midnight, consult.PromiseTerms{First: 5}); !strings.Contains(got, "25 October 2026") {
		t.Errorf("due at midnight is worded %q", got)
	}
	shut := time.Date(2026, 10, 26, 17, 0, 0, 0, b.Language.Zone())
	if got := b.due(shut, consult.PromiseTerms{First: 5, Opens: 540, Shuts: 1020}); !strings.Contains(got, "26 October 2026") {
		t.Errorf("due at five is worded %q", got)
	}
}
