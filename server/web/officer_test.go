package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// sampleDue tells of a promise broken two working days ago, or due today.
type sampleDue int

func (d sampleDue) DueIn(item consult.InboxItem) (int, bool) { return int(d), !item.Due.IsZero() }

func init() {
	asOfficer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	for _, wrong := range []bool{false, true} {
		sample("officer-comment", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			file := consult.CommentFile{Comment: sampleComment(), Original: sampleComment().Points, Contact: consult.Contact{Name: "Resident of Sample Street", Postcode: "B9 9AA"}}
			var f *Form
			var err error
			if wrong {
				f = Filled(map[string][]string{"do": {"withhold"}})
				f.Fail("reasons", "reason_required")
				err = f.Err("publish")
			}
			p := drawOfficerComment(w.StaffBase(c, "officer_comment.title", "reference", "x").WithErrors(err), file, sampleCase(), f)
			p.Publication = p.publication(redactionDesk{file: file, matter: sampleCase().Consultation, marks: w.marks("en")}, f)
			p.Replies, p.Due = []Message{MessageOf(sampleMessages()[1], 0)}, p.dueTag(1)
			return p
		})
		sample("officer-message", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			m := sampleMessages()[0]
			var f *Form
			var err error
			if wrong {
				m = sampleMessages()[2]
				f = Filled(map[string][]string{})
				f.Fail("rule", "choice")
				f.Fail("reason", "required")
				err = f.Err("hide")
			}
			return drawOfficerMessage(w.StaffBase(c, "officer_message.title").WithErrors(err), m, consult.Thread{ID: 21}, f)
		})
		sample("officer-consultation", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			var f *Form
			var err error
			v := sampleCase()
			outcomes := append(v.Outcomes, consult.Outcome{Topic: "noise"})
			if wrong {
				f = Filled(map[string][]string{"topic": {"noise"}})
				f.Fail("we-did-noise", "required")
				err = f.Err("record")
			}
			b := w.StaffBase(c, "officer_consultation.title", "title", v.Consultation.Title).WithErrors(err)
			return drawOfficerConsultation(b, v, outcomes, []consult.Topic{"traffic"}, f, consult.Calendar{})
		})
	}
}
