package web

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func sampleThing(state consult.MessageState) consult.Thing {
	m := sampleMessages()[0]
	m.State = state
	if state != consult.MessageVisible {
		m.Rule, m.Reason = "abuse", "It attacks a person."
	}
	return consult.Thing{ID: m.ID, Message: &m, Consultation: sampleCase().Consultation}
}

func sampleHidden() consult.Thing {
	c := sampleComment()
	c.State = consult.CommentWithheld
	return consult.Thing{ID: c.ID, Comment: &c, Consultation: sampleCase().Consultation,
		Hiding: &consult.Hiding{Comment: c.ID, Rule: "abuse", Reason: "It attacks a person.", By: "Planning, Moderator", At: testNow}}
}

func sampleDecisions() []consult.Decision {
	return []consult.Decision{{Thing: 41, Consultation: 3, Act: consult.ActHidden, Rule: "abuse", By: "Planning, Moderator", At: testNow},
		{Thing: 41, Consultation: 3, Act: consult.ActHeld, Rule: consult.HoldForRelease, At: testNow},
		{Thing: 3, Consultation: 3, Act: consult.ActPaused, Reason: "A raid.", By: "Planning, Moderator", At: testNow}}
}

func sampleSignals() []consult.Signal {
	look := &consult.SignalLook{Count: 40, Note: "A school class.", By: "Planning, Moderator", At: testNow}
	list := []consult.Signal{
		{Key: "a1", Kind: consult.SignalText, What: consult.TraceComment, Count: 500, Since: testNow, Until: testNow.Add(time.Hour)},
		{Key: "b2", Kind: consult.SignalNetwork, What: consult.TraceMessage, Count: 40, Since: testNow, Until: testNow, Look: look},
		{Key: "c3", Kind: consult.SignalBurst, What: consult.TraceSupport, Count: 90, Usual: 4, Since: testNow, Until: testNow}}
	for i := range consult.ID(30) {
		list[0].Things = append(list[0].Things, 41+i)
	}
	return list
}

func init() {
	asOfficer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	broken := func(fields ...string) (*Form, error) {
		f := Filled(map[string][]string{})
		for i := 0; i+1 < len(fields); i += 2 {
			f.Fail(fields[i], fields[i+1])
		}
		return f, f.Err("x")
	}
	sample("flag", func(w *Web, c *fiber.Ctx) View {
		f, err := broken("rule", "rule_required", "words", "characters")
		return drawFlag(w.Base(c, "flag.title").WithErrors(err), consult.FlagView{Thing: sampleThing(consult.MessageVisible)}, f)
	})
	for _, outcome := range []consult.Act{"", consult.ActKept, consult.ActHidden} {
		sample("flag", func(w *Web, c *fiber.Ctx) View {
			mine := &consult.Flag{Rule: "abuse", At: testNow, Outcome: outcome}
			if outcome != "" {
				mine.DecidedAt = testNow
			}
			return drawFlag(w.Base(c, "flag.thanks_title"), consult.FlagView{Thing: sampleHidden(), Mine: mine}, nil)
		})
	}
	for _, h := range []consult.ThingHistory{
		{Thing: sampleThing(consult.MessageVisible), Decisions: sampleDecisions()},
		{Thing: sampleHidden(), Decisions: sampleDecisions(), MayObject: true},
		{Thing: sampleThing(consult.MessageHidden), Decisions: sampleDecisions(), Objection: &consult.Objection{At: testNow}},
		{Thing: sampleThing(consult.MessageHidden), Decisions: sampleDecisions(), Objection: &consult.Objection{At: testNow, DecidedAt: testNow, Outcome: consult.ActUpheld}},
		{Thing: sampleThing(consult.MessageVisible), Decisions: sampleDecisions(), Objection: &consult.Objection{At: testNow, DecidedAt: testNow, Outcome: consult.ActRestored}},
	} {
		sample("moderation", func(w *Web, c *fiber.Ctx) View {
			var f *Form
			var err error
			if h.MayObject {
				f, err = broken("words", "required")
			}
			return drawModeration(w.Base(c, "moderation.title", "reference", "x").WithErrors(err), h, "/moderation/x", f)
		})
	}
	sample("comment-stub", func(w *Web, c *fiber.Ctx) View {
		return drawStub(w.Base(c, "comment.title", "reference", "stub"), sampleHidden())
	})
	for _, mode := range consult.PostingModes() {
		sample("decisions", func(w *Web, c *fiber.Ctx) View {
			l := consult.DecisionLog{Consultation: sampleCase().Consultation, Posting: consult.Posting{Mode: mode, Reason: "A raid."}, Total: 90}
			if mode != consult.PostingOpen {
				l.Decisions = sampleDecisions()
			}
			return drawDecisions(w.Base(c, "moderation_log.title", "title", "Twelve homes"), l, 1)
		})
		sample("thread", func(w *Web, c *fiber.Ctx) View {
			v := consult.ThreadView{Thread: consult.Thread{ID: 21, Title: "Will the wall stay?"}, Consultation: sampleCase().Consultation, Messages: sampleMessages(), Open: true,
				Posting: consult.Posting{Mode: mode, Reason: "A raid."}}
			for i := range v.Messages {
				v.Messages[i].Supported = consult.Supported{Count: i + 1, Own: i == 0}
			}
			p := drawThread(w.Base(c, "thread.title", "title", "Will the wall stay?"), v, nil)
			p.supporting = p.supports(c, mode != consult.PostingPaused)
			return p
		})
		sample("officer-posting", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			f, err := broken("mode", "choice", "reason", "required")
			if mode == consult.PostingPaused {
				f, err = nil, nil
			}
			return drawPosting(w.StaffBase(c, "officer_posting.title", "title", "Twelve homes").WithErrors(err), sampleCase().Consultation,
				consult.Posting{Mode: mode, Reason: "A raid.", By: "Planning, Moderator", At: testNow}, f)
		})
	}
	sample("officer-flags", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		return drawFlags(w.StaffBase(c, "officer_flags.title"), []consult.FlaggedThing{
			{Thing: 41, Consultation: 3, Heading: "Twelve homes", Kind: consult.TraceComment, Flags: 3, Rules: []string{"abuse", "hate"}, Since: testNow, Excerpt: "You are all"},
			{Thing: 34, Consultation: 3, Heading: "Twelve homes", Kind: consult.TraceMessage, Objection: true, Since: testNow}}, 60, 1)
	})
	sample("officer-flags", func(w *Web, c *fiber.Ctx) View { return drawFlags(w.StaffBase(c, "officer_flags.title"), nil, 0, 1) })
	for _, thing := range []consult.Thing{sampleThing(consult.MessageVisible), sampleThing(consult.MessageHidden), sampleThing(consult.MessageHeld), sampleHidden()} {
		sample("officer-flag", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			f, err := broken("rule", "choice", "reason", "required", "do", "second_person")
			file := consult.ThingFile{Thing: thing, Words: sampleComment().Points, Decisions: sampleDecisions(), FlagCount: 60,
				Flags:      []consult.Flag{{Rule: "abuse", Words: "It attacks me.", At: testNow}, {Rule: "hate", At: testNow, DecidedAt: testNow}},
				Objections: []consult.Objection{{Words: "It is a quotation.", At: testNow, Officer: 7}, {Words: "No.", At: testNow, DecidedAt: testNow, Outcome: consult.ActUpheld}}}
			if thing.Hidden() {
				file.Objections[0].Officer = 8
				f, err = broken("reason", "required", "do", "second_person")
			}
			p := drawOfficerFlag(w.StaffBase(c, "officer_flag.title", "reference", "x").WithErrors(err), file, f, 1)
			p.Meanwhile, p.Signals = thing.Hiding != nil, []signalView{p.signalView(sampleSignals()[1], nil)}
			return p
		})
	}
	sample("officer-moderation", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		return drawModerators(w.StaffBase(c, "officer_moderation.title"), sampleDecisions(), 90,
			[]consult.RuleTally{{Month: "2026-04", Rule: "abuse", Act: consult.ActHidden, Count: 12}}, 1)
	})
	sample("officer-moderation", func(w *Web, c *fiber.Ctx) View {
		return drawModerators(w.StaffBase(c, "officer_moderation.title"), nil, 0, nil, 1)
	})
	for _, wrong := range []bool{false, true} {
		sample("officer-signals", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			var f *Form
			var err error
			if wrong {
				f, err = broken("note-a1", "required")
			}
			return drawSignals(w.StaffBase(c, "officer_signals.title", "title", "Twelve homes").WithErrors(err), sampleCase().Consultation, sampleSignals(),
				map[string]campaign{"a1": {sample: "I object."}}, f)
		})
	}
	sample("officer-signals", func(w *Web, c *fiber.Ctx) View {
		return drawSignals(w.StaffBase(c, "officer_signals.title", "title", "Twelve homes"), sampleCase().Consultation, nil, nil, nil)
	})
}

// TestS16LettersOfACampaignAreOneSignal: names and addresses differ, a letter that only quotes it is none, and each is linked.
func TestS16LettersOfACampaignAreOneSignal(t *testing.T) {
	letter := "I object to the tower on the canal because it will darken the towpath all winter and because the road cannot carry more cars than it does today. "
	var written []consult.Written
	for i := range 30 {
		written = append(written, consult.Written{ID: consult.ID(100 + i), Kind: consult.TraceComment, At: testNow.Add(time.Duration(i) * time.Minute),
			Text: letter + "Resident of house " + strings.Repeat("I", i%4+1)})
	}
	written = append(written, consult.Written{ID: 900, Kind: consult.TraceComment, At: testNow, Text: "The swings should stay where the lime trees are, and the café could open on Sundays as well."})
	found := findCampaigns(written)
	if len(found) != 1 || found[0].signal.Count != 30 || found[0].signal.Things[0] != 100 {
		t.Fatalf("found %+v", found)
	}
	if !found[0].signal.Since.Equal(testNow) || !strings.HasPrefix(found[0].sample, letter) {
		t.Errorf("since %v, sample %.60q", found[0].signal.Since, found[0].sample)
	}
	again := findCampaigns(append(written, consult.Written{ID: 950, Kind: consult.TraceComment, At: testNow.Add(time.Hour), Text: letter}))
	if again[0].signal.Key != found[0].signal.Key || again[0].signal.Count != 31 {
		t.Errorf("a further letter makes %s of %d, want %s of 31", again[0].signal.Key, again[0].signal.Count, found[0].signal.Key)
	}
}
