package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// figures reads what is weighed, by topic.
func (t *T) figures(id consult.ID) map[consult.Topic]consult.WeighedTopic {
	t.Helper()
	all := map[consult.Topic]consult.WeighedTopic{}
	for _, w := range consult.Weigh(consult.Topics(), got(t.PointCounts(t.ctx, id))(t), got(t.Summaries(t.ctx, id))(t)) {
		all[w.Figures.Topic] = w
	}
	return all
}

// summary is a text on light.
func (t *T) summary(id consult.ID, version int, text string) consult.TopicSummary {
	return consult.TopicSummary{Consultation: id, Topic: "light", Version: version, Text: text, Material: consult.IsMaterial, Reason: "Light counts.",
		By: "Planning, Planning officer", At: t.now}
}

var summaryTests = map[string]func(*T){
	"FiguresCountWhatWasSaid": func(t *T) {
		id := t.saved()
		t.commented(id)
		t.commented(id, func(c *consult.Comment) { c.Stance, c.Late = consult.Support, true })
		t.published(id, func(c *consult.Comment) { c.Round = 2 })
		gone := t.commented(id, func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		w := t.figures(id)["light"]
		f := w.Figures
		if f.Comments != 3 || f.Published != 1 || f.Late != 1 || f.New != 3 || f.Stances[consult.Object] != 2 || f.Stances[consult.Support] != 1 {
			t.Errorf("figures %+v", f)
		}
		if len(f.Rounds) != 2 || f.Rounds[0].Comments != 2 || f.Rounds[0].Late != 1 || f.Rounds[1].Round != 2 || f.Rounds[1].Stances[consult.Object] != 1 {
			t.Errorf("rounds %+v", f.Rounds)
		}
		if len(t.figures(id)) != 2 {
			t.Errorf("topics %+v", t.figures(id))
		}
		points, total, err := t.PointsOn(t.ctx, id, "light", 0, 10)
		t.must(err)
		if total != 3 || len(points) != 3 {
			t.Errorf("%d points of %d", len(points), total)
		}
		for _, p := range points {
			if p.Comment == gone.ID || (p.Text == "") == (p.State == consult.CommentPublished) {
				t.Errorf("point %+v", p)
			}
		}
	},
	"ASummaryCoversWhatWasThere": func(t *T) {
		id := t.saved()
		first := t.commented(id)
		mark := t.figures(id)["light"].Figures.Mark()
		t.must(t.SaveSummary(t.ctx, t.summary(id, 0, "They fear for their light."), mark, t.change("summary.write", id)))
		if w := t.figures(id)["light"]; w.Summary.Version != 1 || w.Stale() || w.Summary.By != "Planning, Planning officer" {
			t.Errorf("after writing: %+v", w)
		}
		if w := t.figures(id)["traffic"]; w.Summary.Version != 0 || w.Figures.New != 1 {
			t.Errorf("the other topic: %+v", w)
		}
		same(t, "covered", got(t.CoveredTopics(t.ctx, first.ID))(t), []consult.Topic{"light"})

		t.later(time.Minute)
		second := t.commented(id)
		if w := t.figures(id)["light"]; !w.Stale() || w.Figures.New != 1 {
			t.Errorf("after one more comment: %+v", w)
		}
		points, _, err := t.PointsOn(t.ctx, id, "light", 0, 1)
		t.must(err)
		if points[0].Comment != second.ID || points[0].Covered {
			t.Errorf("what is new does not come first: %+v", points)
		}
		t.wants(consult.Conflict, t.SaveSummary(t.ctx, t.summary(id, 1, "With the old comments in view."), mark, t.change("summary.write", id)))
		if w := t.figures(id)["light"]; !w.Stale() || w.Summary.Version != 1 {
			t.Errorf("a refused text left something: %+v", w)
		}
		t.must(t.SaveSummary(t.ctx, t.summary(id, 1, "Two fear for it."), t.figures(id)["light"].Figures.Mark(), t.change("summary.write", id)))
		t.wants(consult.Conflict, t.SaveSummary(t.ctx, t.summary(id, 1, "Written over version 1."), "", t.change("summary.write", id)))
		versions := got(t.SummaryVersions(t.ctx, id, "light"))(t)
		if len(versions) != 2 || versions[0].Version != 2 || versions[1].Text != "They fear for their light." || !versions[0].At.After(versions[1].At) {
			t.Errorf("versions %+v", versions)
		}
	},
	"AJudgementHidesNothing": func(t *T) {
		id := t.saved()
		c := t.published(id)
		j := consult.Judgement{Material: consult.NotMaterial, Reason: "A private view.", By: "Planning", At: t.now}
		t.must(t.SaveJudgement(t.ctx, id, c.ID, "light", j, t.change("point.judge", c.ID)))
		j.Material = consult.MixedMatter
		t.must(t.SaveJudgement(t.ctx, id, c.ID, "light", j, t.change("point.judge", c.ID)))
		points, _, err := t.PointsOn(t.ctx, id, "light", 0, 10)
		t.must(err)
		same(t, "judgement", points[0].Judgement, j)
		same(t, "published words", len(got(t.Comment(t.ctx, c.ID))(t).Points), 2)
		t.wants(consult.NotFound, t.SaveJudgement(t.ctx, id, c.ID, "noise", j, t.change("point.judge", c.ID)))
		t.wants(consult.NotFound, t.SaveJudgement(t.ctx, t.saved(), c.ID, "light", j, t.change("point.judge", c.ID)))
	},
}

// paragraph is a new paragraph with links.
func (t *T) paragraph(id consult.ID, text string, cites ...consult.Cite) consult.Paragraph {
	return consult.Paragraph{ID: t.id(), Consultation: id, Heading: "Light", Text: text, By: "Planning", UpdatedAt: t.now, Cites: cites}
}

func (t *T) condition(id consult.ID, number int, cites ...consult.Cite) consult.Condition {
	return consult.Condition{ID: t.id(), Consultation: id, Kind: consult.PermissionCondition, Number: number, Title: "Hours", Text: "Not after 22:00.",
		Reason: "Quiet nights.", By: "Planning", UpdatedAt: t.now, Cites: cites}
}

// texts are the paragraphs in their order.
func (t *T) texts(id consult.ID) string {
	t.Helper()
	line := ""
	for _, p := range got(t.Report(t.ctx, id, consult.AllCites))(t).Paragraphs {
		line += p.Text
	}
	return line
}

var reportTests = map[string]func(*T){
	"ParagraphsKeepTheirOrder": func(t *T) {
		id := t.saved()
		write := t.change("report.paragraph", id)
		a, b, c := t.paragraph(id, "a"), t.paragraph(id, "b"), t.paragraph(id, "c")
		late := t.paragraph(id, "late")
		late.Late = true
		for _, p := range []consult.Paragraph{a, late, b, c} {
			t.must(t.SaveParagraph(t.ctx, p, write))
		}
		same(t, "as written, late items last", t.texts(id), "abclate")
		report := got(t.Report(t.ctx, id, consult.AllCites))(t)
		t.must(t.MoveParagraph(t.ctx, report, c.ID, true, write))
		same(t, "moved up", t.texts(id), "acblate")
		t.wants(consult.Conflict, t.MoveParagraph(t.ctx, report, c.ID, true, write))
		report = got(t.Report(t.ctx, id, consult.AllCites))(t)
		t.must(t.MoveParagraph(t.ctx, report, b.ID, false, write))
		same(t, "at the end of the line", t.texts(id), "acblate")
		t.wants(consult.NotFound, t.MoveParagraph(t.ctx, got(t.Report(t.ctx, id, consult.AllCites))(t), late.ID, true, write))

		a.Version, a.Text = 1, "A"
		t.must(t.SaveParagraph(t.ctx, a, write))
		t.wants(consult.Conflict, t.SaveParagraph(t.ctx, a, write))
		t.wants(consult.Conflict, t.RemoveParagraph(t.ctx, a, write))
		a.Version = 2
		t.must(t.RemoveParagraph(t.ctx, a, write))
		t.wants(consult.NotFound, t.RemoveParagraph(t.ctx, a, write))
		same(t, "removed", t.texts(id), "cblate")
	},
	"TwoWhoRecommendDoNotOverwriteEachOther": func(t *T) {
		id := t.saved()
		r := consult.Report{Consultation: id, Recommendation: "granted", By: "Planning", UpdatedAt: t.now}
		t.must(t.SaveRecommendation(t.ctx, r, t.change("report.recommend", id)))
		t.wants(consult.Conflict, t.SaveRecommendation(t.ctx, r, t.change("report.recommend", id)))
		r.Version, r.Recommendation = 1, "refused"
		t.must(t.SaveRecommendation(t.ctx, r, t.change("report.recommend", id)))
		r.Version = 2
		same(t, "recommendation", got(t.Report(t.ctx, id, consult.AllCites))(t), r)
	},
	"LinksLeadBothWays": func(t *T) {
		id := t.saved()
		mine := t.published(id)
		t.later(time.Second)
		other := t.commented(id)
		write := t.change("report.paragraph", id)
		whole, point := consult.Cite{Topic: "traffic"}, consult.Cite{Comment: mine.ID, Topic: "light"}
		p := t.paragraph(id, "a", whole, point)
		t.must(t.SaveParagraph(t.ctx, p, write))
		k := t.condition(id, 7, point)
		t.must(t.SaveCondition(t.ctx, k, write))
		t.must(t.AddCites(t.ctx, id, k.ID, []consult.Cite{{Comment: other.ID, Topic: "light"}, point}, write))
		point.Published = true
		report := got(t.Report(t.ctx, id, consult.AllCites))(t)
		same(t, "paragraph", report.Paragraphs[0].Cites, []consult.Cite{whole, point})
		same(t, "condition", report.Conditions[0].Cites, []consult.Cite{point, {Comment: other.ID, Topic: "light"}})
		same(t, "its version", report.Conditions[0].Version, 2)
		report = got(t.Report(t.ctx, id, other.ID))(t)
		same(t, "paragraph, of one comment", report.Paragraphs[0].Cites, []consult.Cite{whole})
		same(t, "condition, of one comment", report.Conditions[0].Cites, []consult.Cite{{Comment: other.ID, Topic: "light"}})

		elsewhere := t.saved()
		for _, bad := range []consult.Cite{{Comment: mine.ID, Topic: "noise"}, {Comment: t.id(), Topic: "light"}, {Comment: t.commented(elsewhere).ID, Topic: "light"}} {
			t.wants(consult.Invalid, t.AddCites(t.ctx, id, p.ID, []consult.Cite{bad}, write))
		}
		t.wants(consult.NotFound, t.AddCites(t.ctx, elsewhere, p.ID, []consult.Cite{whole}, write))
		same(t, "refused links", len(got(t.Report(t.ctx, id, consult.AllCites))(t).Paragraphs[0].Cites), 2)
	},
	"ConditionsAreNumberedOnce": func(t *T) {
		id := t.saved()
		write := t.change("condition.write", id)
		nine, three := t.condition(id, 9), t.condition(id, 3)
		t.must(t.SaveCondition(t.ctx, nine, write))
		t.must(t.SaveCondition(t.ctx, three, write))
		t.wants(consult.Invalid, t.SaveCondition(t.ctx, t.condition(id, 9), write))
		reason := t.condition(id, 9)
		reason.Kind = consult.RefusalReason
		t.must(t.SaveCondition(t.ctx, reason, write))
		report := got(t.Report(t.ctx, id, consult.AllCites))(t)
		same(t, "numbers", []int{report.Conditions[0].Number, report.Conditions[1].Number, report.Conditions[2].Number}, []int{3, 9, 9})
		three.Version, three.Number = 1, 9
		t.wants(consult.Invalid, t.SaveCondition(t.ctx, three, write))
		three.Number, three.Text = 4, "Not after 21:00."
		t.must(t.SaveCondition(t.ctx, three, write))
		t.wants(consult.Conflict, t.SaveCondition(t.ctx, three, write))
		t.wants(consult.Conflict, t.RemoveCondition(t.ctx, three, write))
		three.Version = 2
		t.must(t.RemoveCondition(t.ctx, three, write))
		t.wants(consult.NotFound, t.RemoveCondition(t.ctx, three, write))
	},
	"OutcomesKeepWhatTheyLedTo": func(t *T) {
		id := t.saved()
		k := t.condition(id, 7)
		t.must(t.SaveCondition(t.ctx, k, t.change("condition.write", id)))
		o := consult.Outcome{Consultation: id, Topic: "light", YouSaid: "a", WeDid: "b", Effect: consult.Conditioned, Version: 1, Condition: k.ID, UpdatedAt: t.now}
		t.must(t.SaveOutcome(t.ctx, o, t.change("outcome.record", id)))
		o.Printed = consult.Printed{Kind: consult.PermissionCondition, Number: 7}
		same(t, "outcome", got(t.Outcomes(t.ctx, id))(t), []consult.Outcome{o})
		o.Version, o.Condition, o.Printed = 0, 0, consult.Printed{}
		t.must(t.SaveOutcome(t.ctx, o, t.change("outcome.record", id)))
		same(t, "outcome without links", got(t.Outcomes(t.ctx, id))(t), []consult.Outcome{o})
	},
}
