package web

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// sampleDraft is a comment nearly finished.
func sampleDraft() consult.DraftData {
	return consult.DraftData{Stance: consult.Object, Topics: []consult.Topic{"light", "noise"},
		Texts:     map[consult.Topic]string{"light": "It takes our light.", "noise": strings.Repeat("x", consult.MaxPoint+3)},
		PlaceText: "the back windows", Lat: "52.4723", Lon: "-1.8597", ShowName: true, Key: NewKey(),
		Contact: consult.Contact{Name: "Resident of Sample Street", Postcode: "B9 9AA", Email: "resident@example.org"}}
}

func init() {
	for i, step := range draftSteps {
		for _, empty := range []bool{true, false} {
			sample("comment-"+stepTemplate(step.name), func(w *Web, c *fiber.Ctx) View {
				data, f := sampleDraft(), (*Form)(nil)
				var err error
				if empty {
					f = Filled(map[string][]string{})
					step.read(f, &data)
					err = f.Err("save")
				}
				p := w.step(c, sampleCase(), i+1, step.title, err)
				p.Action, p.Return = stepHref("draft", step.name), !empty
				step.fill(p, f, data)
				if step.name == "check" {
					p.changeLinks("draft")
				}
				if step.name == "place" {
					p.Sketch = p.sketch(sampleCase().Current, sampleComment().Place, false, p.T("sketch.alt", "title", "x"))
				}
				return p
			})
		}
	}
	sample("about-you", func(w *Web, c *fiber.Ctx) View {
		return drawAboutYou(w.Base(c, "about_you.title"), "token", nil)
	})
	for _, state := range []consult.CommentState{consult.CommentReceived, consult.CommentPublished, consult.CommentWithheld} {
		sample("my-comment", func(w *Web, c *fiber.Ctx) View {
			mine := consult.MyComment{Comment: sampleComment(), Consultation: sampleCase().Consultation, HasEmail: true, Words: sampleComment().Points}
			mine.Comment.State = state
			mine.Trail = sampleTrail(mine.Comment)
			if state == consult.CommentReceived {
				mine.Comment.AnsweredAt, mine.Comment.PublishedAt, mine.Comment.AnswerDue = time.Time{}, time.Time{}, testNow
			} else {
				mine.Replies, mine.Outcomes = sampleMessages(), sampleCase().Outcomes
			}
			return drawMyComment(w.Base(c, "my_comment.title", "reference", "x"), mine, consult.Calendar{}, state == consult.CommentReceived)
		})
	}
	sample("follow", func(w *Web, c *fiber.Ctx) View {
		p := w.followView(c, "follow.confirm_title", "follow.confirm_text", nil)
		p.Subject = &Link{"/consultations/x", "Twelve homes"}
		p.Actions = []followAction{{"/follow/x/confirm", Button{Text: p.T("follow.confirm")}}, {"/follow/x/stop", Button{Text: p.T("follow.stop"), Secondary: true}}}
		return p
	})
	sample("follow", func(w *Web, c *fiber.Ctx) View {
		f := Filled(map[string][]string{"email": {"a@b"}})
		f.Fail("email", "email")
		p := w.followView(c, "follow.heading", "follow.lead", f.Err("follow"))
		in := p.TextInput(f, "email", "follow.email")
		p.Email, p.Action, p.Submit = &in, "/x", Button{Text: p.T("follow.submit")}
		return p
	})
}

func TestADraftBecomesTheCommentThatWasTyped(t *testing.T) {
	d := consult.Draft{Token: "tok", Consultation: 9, Data: sampleDraft()}
	in := commentOf(d)
	if in.Stance != consult.Object || len(in.Points) != 2 || in.Points[0].Text != "It takes our light." || !in.HasPlace ||
		in.Place.Lat != 52.4723 || in.Contact.Email != "resident@example.org" || in.Key != d.Data.Key || in.Draft != "tok" || !in.ShowName {
		t.Errorf("%+v", in)
	}
	d.Data.Lon = "x"
	if commentOf(d).HasPlace {
		t.Error("half a place became a place")
	}
}
