package web

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// sampleRedacted is a comment with something in it that the public should not read.
func sampleRedacted(state consult.CommentState) consult.CommentFile {
	k := sampleComment()
	k.State, k.Points = state, nil
	return consult.CommentFile{Comment: k, OriginalPlace: "behind 12 Sample Street", OriginalName: "Resident of Sample Street",
		Original: []consult.CommentPoint{{Topic: "light", Text: "Ring 07700 900123.\nMy son has asthma."}, {Topic: "noise", Text: "It is loud."}},
		Contact:  consult.Contact{Name: "Resident of Sample Street", Postcode: "B9 9AA"}, Reasons: []string{"contact"}}
}

func init() {
	officer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	desk := func(w *Web, state consult.CommentState) redactionDesk {
		return redactionDesk{file: sampleRedacted(state), matter: sampleCase().Consultation, marks: w.marks("ur"), secondLook: true}
	}
	draw := func(w *Web, c *fiber.Ctx, d redactionDesk, f *Form, err error) View {
		officer(w)
		p := drawOfficerComment(w.StaffBase(c, "officer_comment.title", "reference", "x").WithErrors(err), d.file, sampleCase(), f)
		p.Publication = p.publication(d, f)
		return p
	}
	sample("officer-comment", func(w *Web, c *fiber.Ctx) View { return draw(w, c, desk(w, consult.CommentReceived), nil, nil) })
	sample("officer-comment", func(w *Web, c *fiber.Ctx) View { // with further words that are not in the text
		f := Filled(map[string][]string{"do": {"preview"}, "take": {"light:5:17:phone"}, "more": {"not there"}})
		f.Fail("more", "not_in_text")
		f.Fail("more-reason", "required")
		f.Fail("take", "redaction_outside")
		return draw(w, c, desk(w, consult.CommentReceived), f, f.Err("publish"))
	})
	sample("officer-comment", func(w *Web, c *fiber.Ctx) View { // typed
		d := desk(w, consult.CommentPublished)
		d.typed = true
		return draw(w, c, d, nil, nil)
	})
	for officerID, returned := range map[consult.ID]string{3: "", 4: "", 5: "The name stands there twice."} {
		sample("officer-comment", func(w *Web, c *fiber.Ctx) View {
			d := desk(w, consult.CommentReceived)
			d.look = consult.SecondLook{Comment: 41, Officer: officerID, By: "Planning, Planning officer", At: testNow, Returned: returned, ReturnedBy: "Planning, Team leader",
				Publication: consult.Publication{Points: d.file.Original, PlaceText: "the back", Reasons: []string{"contact"}, Withhold: officerID == 4}}
			d.correction = consult.Correction{Body: "It was a shop.", At: testNow}
			if returned != "" {
				d.correction.Reply, d.correction.RepliedAt = "It is back.", testNow
			}
			return draw(w, c, d, nil, nil)
		})
	}
	for _, some := range []bool{true, false} {
		sample("officer-redactions", func(w *Web, c *fiber.Ctx) View {
			officer(w)
			var looks []consult.SecondLook
			var asked []consult.Correction
			if some {
				looks = []consult.SecondLook{{Comment: 41, Heading: "Twelve homes", By: "Planning", At: testNow}, {Comment: 42, Heading: "Twelve homes", At: testNow, Returned: "x"},
					{Comment: 43, Officer: testOfficer().ID, At: testNow, Publication: consult.Publication{Withhold: true}}}
				asked = []consult.Correction{{Comment: 44, Heading: "Twelve homes", Body: "Why?", At: testNow}}
			}
			return drawRedactions(w.StaffBase(c, "officer_redactions.title"), looks, asked)
		})
		sample("officer-publishing", func(w *Web, c *fiber.Ctx) View {
			officer(w)
			var files []consult.CommentFile
			if some {
				clean := sampleRedacted(consult.CommentReceived)
				clean.Comment.ID, clean.Original, clean.OriginalPlace = 42, clean.Original[1:], ""
				long := clean
				long.Comment.ID, long.Original = 43, []consult.CommentPoint{{Topic: "noise", Text: strings.Repeat("It is loud. ", 200)}}
				files = []consult.CommentFile{sampleRedacted(consult.CommentReceived), clean, long}
			}
			return drawPublishing(w.StaffBase(c, "officer_publishing.title", "title", "x"), sampleCase(), files, 7, some)
		})
	}
	for _, state := range []consult.CommentState{consult.CommentPublished, consult.CommentWithheld} {
		sample("my-comment", func(w *Web, c *fiber.Ctx) View {
			file := sampleRedacted(state)
			file.Comment.Points = []consult.CommentPoint{{Topic: "light", Text: "Ring [contact details removed].\nMy son is ill."}, {Topic: "noise", Text: "It is loud."}}
			file.Comment.Redactions = []consult.Redaction{{Topic: "light", Begins: 5, Ends: 17, Kind: "phone", Reason: "contact"}}
			mine := consult.MyComment{Comment: file.Comment, Consultation: sampleCase().Consultation, Words: file.Original, Token: "x", EqualityAsked: true}
			mine.Published = consult.MyPublished{File: file}
			if state == consult.CommentWithheld {
				mine.Published.Correction = consult.Correction{Body: "Why?", At: testNow}
			}
			p := drawMyComment(w.Base(c, "my_comment.title", "reference", "x"), mine, consult.Calendar{}, false)
			p.Redaction = p.myRedaction(mine, nil)
			return p
		})
	}
	sample("comment-check", func(w *Web, c *fiber.Ctx) View {
		p := w.step(c, sampleCase(), 5, "comment_new.check_title", nil)
		file := sampleRedacted(consult.CommentReceived)
		p.Warned = w.publicPreview(&p.Base, consult.CommentInput{Points: file.Original, PlaceText: file.OriginalPlace, ShowName: true,
			Contact: consult.Contact{Name: "Resident, 07700 900123", Postcode: "B9 9AA"}}, sampleCase().Consultation)
		return p
	})
}

func TestTheDeskListsAtMostAFormsWorthOfPlaces(t *testing.T) {
	w := newTestWeb(t)
	file := sampleRedacted(consult.CommentReceived)
	file.Original = []consult.CommentPoint{{Topic: "light", Text: strings.Repeat("Ring 07700 900123 today. ", 200)}}
	d := redactionDesk{file: file, matter: sampleCase().Consultation, marks: w.marks("en")}
	w.App.Get("/x", func(c *fiber.Ctx) error {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		p := drawOfficerComment(w.StaffBase(c, "officer_comment.title", "reference", "x"), file, sampleCase(), nil)
		p.Publication = p.publication(d, nil)
		return w.Pages.Page(c, fiber.StatusOK, "officer-comment", p)
	})
	page := newVisit(t, w.App).get("/x").Doc
	if n := len(all(page, "[name=take]")); n != maxFound {
		t.Errorf("%d places are listed, want %d", n, maxFound)
	}
	if n := len(all(page, "#publication ~ form [name], section[aria-labelledby=publication] [name]")); n > MaxFormFields {
		t.Errorf("%d fields, and a form holds %d", n, MaxFormFields)
	}
	form := Filled(map[string][]string{"do": {"publish"}, "rest": {"yes"}})
	if got := len(readPlaces(form, file, d.rest(file.Find(d.matter)))); got != 201-maxFound { // 200 numbers and the place
		t.Errorf("the rest are %d places", got)
	}
}
