package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	for _, anchor := range []consult.AnchorKind{consult.OnConsultation, consult.OnComment, consult.OnDocument, consult.OnCouncillor} {
		sample("thread", func(w *Web, c *fiber.Ctx) View {
			v := consult.ThreadView{Thread: consult.Thread{ID: 21, Anchor: anchor, AnchorID: 9, Title: "Will the wall stay?", Epoch: "e", Seq: 4},
				Consultation: sampleCase().Consultation, Messages: sampleMessages(), Earlier: 7, Open: anchor != consult.OnDocument}
			if anchor == consult.OnComment {
				w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
			}
			return drawThread(w.Base(c, "thread.title", "title", "Will the wall stay?"), v, nil)
		})
	}
	sample("ask", func(w *Web, c *fiber.Ctx) View {
		f := Filled(map[string][]string{"title": {"The wall"}, "body": {""}})
		f.Fail("body", "required")
		p := &askPage{Base: w.Base(c, "ask.title").WithErrors(f.Err("ask")), Subject: Link{"/consultations/x", "Twelve homes"},
			Document: &Link{"/documents/x", "Plan"}, DocID: "x"}
		p.About, p.Form = p.TextInput(f, "title", "ask.about"), p.messageForm(f, "/consultations/x/ask")
		return p
	})
	sample("comments", func(w *Web, c *fiber.Ctx) View {
		p := &commentsPage{Base: w.Base(c, "comments.title", "title", "Twelve homes"), Total: 41, Pages: Paginate(1, 41, commentsPerPage, nil), Filter: Button{Text: "x"}}
		p.Stance = chosen(&p.Base, consult.Object, "stance", "comments.stance", "comments.any_stance", consult.Stances(), "stance.")
		p.Topic = chosen(&p.Base, "", "topic", "comments.topic", "comments.any_topic", consult.Topics(), "topic.")
		p.Filter.Text = p.T("comments.filter")
		p.Comments = []commentView{p.commentView(sampleComment(), consult.Calendar{})}
		return p
	})
	sample("comment", func(w *Web, c *fiber.Ctx) View {
		p := &commentPage{Base: w.Base(c, "comment.title", "reference", "x"), Subject: Link{"/consultations/x", "Twelve homes"}}
		p.Comment = p.commentView(sampleComment(), consult.Calendar{})
		p.Sketch = p.sketch(sampleCase().Current, sampleComment().Place, true, p.T("comment.sketch"))
		return p
	})
}
