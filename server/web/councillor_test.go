package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	who := consult.Councillor{ID: 81, Name: "Councillor for Bordesley Green", WardCode: "E05011127", Link: 1}
	subject := sampleCase().Consultation
	thread := consult.Thread{ID: 82, Consultation: subject.ID, Anchor: consult.OnCouncillor, AnchorID: who.ID, Title: who.Name, Epoch: "e", Seq: 4, AnswerDue: testNow}
	sample("councillor", func(w *Web, c *fiber.Ctx) View {
		d := consult.CouncillorDesk{Councillor: who, Ward: "Bordesley Green", Total: 41, Cards: []consult.Card{{Consultation: subject}}}
		for _, n := range []int{0, 1, 3} {
			d.Threads = append(d.Threads, consult.CouncillorThread{Thread: thread, Consultation: subject, Unanswered: n, Open: n})
		}
		return drawCouncillor(w.Base(c, "councillor.title", "name", who.Name), d, "token", 1)
	})
	sample("councillor", func(w *Web, c *fiber.Ctx) View {
		return drawCouncillor(w.Base(c, "councillor.title", "name", who.Name), consult.CouncillorDesk{Councillor: who}, "token", 1)
	})
	for _, open := range []bool{true, false} {
		sample("councillor-thread", func(w *Web, c *fiber.Ctx) View {
			v := consult.CouncillorThreadView{Councillor: who, View: consult.ThreadView{Thread: thread, Consultation: subject, Messages: sampleMessages(), Open: open, Earlier: 3}}
			own := consult.Message{ID: 9001, Thread: 82, Seq: 9, Author: consult.ByCouncillor, Name: who.Name, Title: "Bordesley Green", Body: "I have asked.", State: consult.MessageVisible, CreatedAt: testNow}
			asked := consult.Message{ID: 9002, Thread: 82, Seq: 10, Author: consult.ByResident, Body: "How high?", State: consult.MessageVisible, CreatedAt: testNow}
			v.View.Messages = append(v.View.Messages, own, asked)
			v.Passed = map[consult.ID]consult.Passed{v.View.Messages[0].ID: {Service: "Planning"}, 9001: {Service: "Planning", AnsweredAt: testNow}}
			var invalid error
			if open {
				invalid = wrong("required", "body")
			}
			return drawCouncillorThread(w.Base(c, "councillor.thread_title", "title", subject.Title).WithErrors(invalid), v, "token", "https://example.org", nil)
		})
	}
	sample("officer-councillors", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		gone := who
		gone.WardCode, gone.LeftAt = "", testNow.Add(-time.Hour)
		list := []consult.CouncillorFile{{Councillor: who, Contact: consult.CouncillorContact{Email: "councillor@example.org"}}, {Councillor: gone}}
		return drawCouncillors(w.StaffBase(c, "officer_councillors.title").WithErrors(wrong("required", "name")), list, sampleWards, nil)
	})
	sample("officer-councillors", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		return drawCouncillors(w.StaffBase(c, "officer_councillors.title"), nil, sampleWards, nil)
	})
}
