package web

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// someAnswer is a published answer in two languages.
func someAnswer(version int) consult.Answer {
	return consult.Answer{ID: consult.ID(80 + version), Concern: 61, Consultation: 4, Version: version, Body: "The shadow ends before the kitchens at noon in March.",
		Language: "en", Translations: []consult.Translation{{Language: "ur", Body: "مارچ میں دوپہر کو سایہ باورچی خانوں سے پہلے ختم ہو جاتا ہے۔", Checked: true}},
		State: consult.AnswerPublished, Service: "Planning", Title: "Planning officer", Rev: 4, PublishedAt: testNow, Delivered: 3}
}

func corrected() consult.Answer {
	x := someAnswer(2)
	x.Changed = "We had named the wrong month."
	return x
}

func someFigures() consult.AnswerFigures {
	return consult.AnswerFigures{Askers: 12, Delivered: 11, Channels: map[consult.AnswerChannel]int{consult.ByMail: 7, consult.ByLetter: 1, consult.ByPage: 2, consult.ByThread: 1},
		Verdicts: map[consult.VerdictValue]int{consult.VerdictYes: 8, consult.VerdictPartly: 1, consult.VerdictNo: 2}}
}

func somePointAnswers(value consult.VerdictValue) []consult.PointAnswer {
	ref := consult.PointRef{Source: 7, Topic: "light"}
	newer := consult.PointAnswer{Answer: corrected(), Question: "Will it be dark?", Ref: ref, At: testNow, Latest: true, Open: value == consult.VerdictNo}
	newer.Verdict = consult.Verdict{Value: value}
	if value == consult.VerdictNo {
		newer.Verdict.Reason = "Nothing about winter."
	}
	return []consult.PointAnswer{newer, {Answer: someAnswer(1), Question: newer.Question, Ref: ref, At: testNow}}
}

func officersAnswer(w *Web, c *fiber.Ctx, d consult.AnswerDesk, f *Form, wrong error) *officerAnswerPage {
	w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
	d.Concern, d.Consultation = someConcerns()[0], sampleCase().Consultation
	return w.drawOfficerAnswer(w.StaffBase(c, "officer_answer.title", "title", "x").WithErrors(wrong), d, f, testNow)
}

func init() {
	for _, value := range append(consult.VerdictValues(), "") {
		sample("my-comment", func(w *Web, c *fiber.Ctx) View {
			mine := consult.MyComment{Comment: sampleComment(), Consultation: sampleCase().Consultation, Words: sampleComment().Points, Token: "x",
				Live: consult.Thread{ID: 9, Seq: 3, Epoch: "e"}}
			p := drawMyComment(w.Base(c, "my_comment.title", "reference", "x"), mine, consult.Calendar{}, false)
			p.Answers = p.myAnswers(somePointAnswers(value), "/my-comment/x/verdict", nil)
			return p
		})
	}
	sample("my-comment", func(w *Web, c *fiber.Ctx) View {
		wrong := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "verdict-1", Rule: "verdict_required"}, {Field: "reason-1", Rule: "required"}}}
		mine := consult.MyComment{Comment: sampleComment(), Consultation: sampleCase().Consultation, Words: sampleComment().Points, Token: "x"}
		p := drawMyComment(w.Base(c, "my_comment.title", "reference", "x").WithErrors(wrong), mine, consult.Calendar{}, false)
		p.Answers = p.myAnswers(somePointAnswers(consult.VerdictNo), "/my-comment/x/verdict", Filled(map[string][]string{"name": {"1"}}))
		return p
	})
	sample("thread", func(w *Web, c *fiber.Ctx) View {
		v := consult.ThreadView{Thread: consult.Thread{ID: 5, Title: "Bicycles"}, Consultation: sampleCase().Consultation, Open: true,
			Messages: []consult.Message{{ID: 8, Seq: 1, Author: consult.ByOfficer, Service: "Planning", Body: "Under the stairs.", Answer: 81, CreatedAt: testNow}}}
		p := drawThread(w.Base(c, "thread.title", "title", "Bicycles"), v, nil)
		p.Answers = []myAnswer{p.myAnswer(somePointAnswers("")[0], "1", "/threads/5/verdict", nil)}
		p.Answers[0].Form.Source = "7"
		return p
	})
	sample("concern", func(w *Web, c *fiber.Ctx) View {
		p := drawConcern(w.Base(c, "concern.title"), consult.PublicConcern{Concern: someConcerns()[0], Consultation: sampleCase().Consultation}, 1, consult.Calendar{})
		p.Concern.Answer = p.publicAnswer(consult.PublicAnswer{Answer: corrected(), Earlier: []consult.Answer{someAnswer(1)}, Figures: someFigures(), Told: true})
		return p
	})
	sample("concerns", func(w *Web, c *fiber.Ctx) View {
		p := drawConcerns(w.Base(c, "concern.list_title", "title", "x"), sampleCase().Consultation, someConcerns(), 1)
		p.Concerns[0].AnsweredAt = testNow
		return p
	})
	draft := consult.Answer{ID: 80, Concern: 61, Version: 1, Body: "The shadow", Language: "en", State: consult.AnswerDraft, Author: 7, Rev: 1}
	states := []consult.AnswerDesk{{}, {Open: draft}, {Open: draft, FourEyes: true}}
	for _, state := range []consult.AnswerState{consult.AnswerReview, consult.AnswerApproved, consult.AnswerTakenBack} {
		x := draft
		x.State = state
		states = append(states, consult.AnswerDesk{Open: x}, consult.AnswerDesk{Open: x, FourEyes: true})
	}
	going := draft
	going.State, going.GoesAt = consult.AnswerApproved, testNow.Add(12*time.Second)
	states = append(states, consult.AnswerDesk{Open: going}, consult.AnswerDesk{Public: []consult.Answer{corrected(), someAnswer(1)}, Figures: someFigures()})
	for _, d := range states {
		sample("officer-answer", func(w *Web, c *fiber.Ctx) View {
			p := officersAnswer(w, c, d, nil, nil)
			if len(d.Public) > 0 {
				p.Given = p.givenReport(d, []consult.Verdict{{Ref: consult.PointRef{Source: 7, Topic: "light"}, Value: consult.VerdictNo, Reason: "Nothing about winter.", At: testNow},
					{Ref: consult.PointRef{Source: 8}, Value: consult.VerdictPartly, Reason: "And the lift?", At: testNow}})
			}
			return p
		})
	}
	sample("officer-answer", func(w *Web, c *fiber.Ctx) View {
		wrong := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "body", Rule: "required"}, {Field: "step", Rule: "four_eyes"}}}
		p := officersAnswer(w, c, consult.AnswerDesk{Open: draft, FourEyes: true}, Filled(map[string][]string{"body": {""}, "language": {"ur"}}), wrong)
		p.meanwhile(consult.AnswerDesk{Open: draft})
		return p
	})
	sample("officer-answer", func(w *Web, c *fiber.Ctx) View {
		p := officersAnswer(w, c, consult.AnswerDesk{}, Filled(map[string][]string{"body": {"typed"}}), nil)
		p.Meanwhile = true
		return p
	})
}

func TestStepsOfferedAreThoseThatCanBeTaken(t *testing.T) {
	w, b := formBase(t, nil)
	b.Actor = testOfficer()
	draft := consult.Answer{ID: 80, Body: "x", Language: "en", State: consult.AnswerDraft, Author: 7, Rev: 1}
	review, others := draft, draft
	review.State, others.State, others.Author = consult.AnswerReview, consult.AnswerReview, 8
	for name, c := range map[string]struct {
		desk consult.AnswerDesk
		want string
	}{
		"nothing yet":                   {consult.AnswerDesk{}, "publish save"},
		"a draft":                       {consult.AnswerDesk{Open: draft}, "publish save take-back"},
		"a draft, four eyes":            {consult.AnswerDesk{Open: draft, FourEyes: true}, "review save take-back"},
		"my own in review, four eyes":   {consult.AnswerDesk{Open: review, FourEyes: true}, "save return take-back"},
		"a colleague's in review":       {consult.AnswerDesk{Open: others, FourEyes: true}, "approve save return take-back"},
		"published, nothing being done": {consult.AnswerDesk{Public: []consult.Answer{corrected()}}, "publish save"},
	} {
		p := w.drawOfficerAnswer(b, c.desk, nil, testNow)
		var steps []string
		for _, button := range p.Write.Steps {
			steps = append(steps, button.Value)
		}
		if got := strings.Join(steps, " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
