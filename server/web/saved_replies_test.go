package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	texts := []consult.SavedText{{Language: "en", Body: "See [[link]] until [[closes]]."}, {Language: "ur", Body: "[[link]] دیکھیں"}}
	list := []consult.SavedReply{
		{ID: 71, Name: "Where to see the plans", Service: "Planning", Policy: "https://example.org/plans", Texts: texts, Version: 2, ApprovedBy: "Planning, Team leader",
			ApprovedAt: testNow, Uses: 41},
		{ID: 72, Name: "What counts", Texts: texts[:1], Version: 1, Uses: 1},
		{ID: 73, Name: "Old office hours", Texts: texts[:1], Version: 3, ApprovedAt: testNow, RetiredAt: testNow},
	}
	languages := []Choice{{Value: "en", Label: "English"}, {Value: "ur", Label: "اردو"}}
	for _, shown := range [][]consult.SavedReply{list, nil} {
		sample("officer-replies", func(w *Web, c *fiber.Ctx) View {
			w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
			return drawReplies(w.StaffBase(c, "officer_reply.list"), shown)
		})
	}
	for _, one := range append(list, consult.SavedReply{}) {
		sample("officer-reply", func(w *Web, c *fiber.Ctx) View {
			w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
			var err error
			if one.ID == 0 {
				err = wrong("reply_text", "text")
			}
			p := drawReply(w.StaffBase(c, "officer_reply.title", "name", one.Name).WithErrors(err), one, languages, nil)
			p.Meanwhile, p.Kept = one.ID == 71, one.Texts
			return p
		})
	}
	sample("thread", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		v := consult.ThreadView{Thread: consult.Thread{ID: 21, Anchor: consult.OnConsultation, Title: "Will the wall stay?", Epoch: "e", Seq: 4},
			Consultation: sampleCase().Consultation, Messages: sampleMessages(), Open: true}
		p := drawThread(w.Base(c, "thread.title", "title", "Will the wall stay?").WithErrors(wrong("answered_meanwhile", "body")), v, nil)
		p.Post.Help = &replyHelp{Item: "21", Thread: "21", Seen: 4, Drafts: []string{"We shall ask."}, Warn: p.T("reply.missing", "names", "[[closes]]"),
			Here:   p.whoIsHere([]consult.Presence{{Name: "Demo officer", Service: "Transport"}, {Name: "Demo colleague", Service: "Planning", Writing: true}}),
			Picker: &Select{Field: p.field(replyField, "reply.saved"), Options: []Choice{{Label: p.T("reply.saved_none")}, {Value: "x", Label: "What counts"}}},
			Insert: Button{Text: p.T("reply.insert"), Name: insertField, Value: "yes", Secondary: true}}
		return p
	})
}
