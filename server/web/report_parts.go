package web

import (
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

// reportProposal draws what was proposed and how people were asked.
func (b *Base) reportProposal(v consult.ReportView) *reportProposal {
	k := v.Consultation
	p := &reportProposal{Summary: k.Summary, Description: v.Current.Description}
	row := func(key, value string, typed bool) {
		if value != "" {
			p.Facts.Rows = append(p.Facts.Rows, SummaryRow{Key: b.T(key), Value: value, Typed: typed})
		}
	}
	row("report.reference", k.Application.Reference, true)
	row("report.address", k.Address, true)
	row("report.published_on", b.Language.Civil(string(v.Since)), false)
	row("report.committee_on", b.Language.Civil(string(k.Application.CommitteeOn)), false)
	for _, r := range v.Rounds {
		round := reportRound{Name: b.T("report.round", "n", r.Number) + ": " + b.T("round."+string(r.Kind)), Opens: r.Opens, Closes: r.Closes}
		for _, n := range consult.OfRound(v.Publicity, r.Number) {
			round.Publicity = append(round.Publicity, reportNotice{b.T("publicity." + string(n.Kind)), n.On})
		}
		p.Rounds = append(p.Rounds, round)
	}
	for _, pv := range v.Versions {
		if pv.Number == 1 {
			continue
		}
		version := reportVersion{Link: Link{versionHref(k.ID, pv.Number), b.T("trail.version", "n", pv.Number)}, Summary: pv.Summary}
		for _, o := range consult.LedTo(pv.Number, v.Outcomes) {
			version.Answers = append(version.Answers, b.topicLink(k.ID, o.Topic))
		}
		p.Versions = append(p.Versions, version)
	}
	return p
}

func (b *Base) reportConsultees(v consult.ReportView, cal consult.Calendar) *reportConsultees {
	list := &reportConsultees{All: Link{"/consultations/" + v.Consultation.ID.String() + "/consultees", b.T("report.read_answers", "n", v.Answered)}}
	for _, r := range v.Answers {
		list.Rows = append(list.Rows, reportConsultee{r.Name, b.T("opinion." + string(r.Opinion)), cal.Day(r.ReceivedAt)})
	}
	return list
}

// topicLink leads to everything that can be read on a topic.
func (b *Base) topicLink(consultation consult.ID, t consult.Topic) Link {
	return Link{"/consultations/" + consultation.String() + "/comments?topic=" + string(t), b.topic(t)}
}

func (b *Base) reportTopic(w consult.WeighedTopic, consultation consult.ID, cal consult.Calendar) reportTopic {
	t := reportTopic{Anchor: "topic-" + string(w.Figures.Topic), Name: b.topic(w.Figures.Topic), Counts: b.figuresInWords(w.Figures),
		Text: w.Summary.Text, Reason: w.Summary.Reason, By: w.Summary.By, At: cal.Day(w.Summary.At)}
	if m := w.Summary.Material; m != "" && m != consult.Unassessed {
		t.Material = b.T("material." + string(m))
	}
	if w.Figures.Published > 0 {
		link := b.topicLink(consultation, w.Figures.Topic)
		link.Text = b.T("report.read_comments", "n", w.Figures.Published, "topic", t.Name)
		t.Comments = &link
	}
	return t
}

// figuresInWords are the numbers behind a topic, one sentence each.
func (b *Base) figuresInWords(f consult.TopicFigures) []string {
	counts := []string{b.T("weighing.comments", "n", f.Comments), b.stancesInWords(f.Stances)}
	if f.Late > 0 {
		counts = append(counts, b.T("weighing.late", "n", f.Late))
	}
	if len(f.Rounds) == 1 && f.Rounds[0].Round > 0 {
		return counts
	}
	for _, r := range f.Rounds {
		if r.Round == 0 {
			counts = append(counts, b.T("weighing.outside", "n", r.Comments))
			continue
		}
		counts = append(counts, b.T("weighing.round", "round", r.Round, "n", r.Comments)+" "+b.stancesInWords(r.Stances))
	}
	return counts
}

func (b *Base) stancesInWords(n map[consult.Stance]int) string {
	return b.T("weighing.stances", "support", n[consult.Support], "neutral", n[consult.Neutral], "object", n[consult.Object])
}

func (b *Base) reportParagraph(one consult.Paragraph, consultation consult.ID, cal consult.Calendar) reportParagraph {
	r := reportParagraph{Anchor: "paragraph-" + strconv.Itoa(one.Number), Name: strconv.Itoa(one.Number) + ".", Heading: one.Heading,
		Text: paragraphs(one.Text), By: one.By, Cites: b.citeList(one.Cites, consultation)}
	if one.Late {
		r.Anchor, r.Name, r.At = "late-"+strconv.Itoa(one.Number), b.T("report.late_item", "n", one.Number), cal.Day(one.UpdatedAt)
	}
	return r
}

func (b *Base) reportCondition(one consult.Condition, consultation consult.ID) reportCondition {
	return reportCondition{Anchor: conditionAnchor(consult.Printed{Kind: one.Kind, Number: one.Number}), Name: b.T("trail."+string(one.Kind), "n", one.Number),
		Title: one.Title, Text: one.Text, Reason: one.Reason, Cites: b.citeList(one.Cites, consultation)}
}

// citeList names what something rests on: whole topics, comments that can be read, and how many others.
func (b *Base) citeList(cites []consult.Cite, consultation consult.ID) citeList {
	var l citeList
	for _, c := range cites {
		switch {
		case c.Comment == 0:
			link := b.topicLink(consultation, c.Topic)
			link.Text = b.T("report.whole_topic", "topic", link.Text)
			l.Links = append(l.Links, link)
		case !c.Published:
			l.Kept++
		case len(l.Links) >= maxCites:
			l.More++
		default:
			l.Links = append(l.Links, Link{"/comments/" + c.Comment.String(), b.T("report.point", "topic", b.topic(c.Topic), "reference", c.Comment.String())})
		}
	}
	return l
}
