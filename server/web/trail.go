package web

import (
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// trailStep is one station of a comment's way, in words. Part "trail".
type trailStep struct {
	Name   string
	Topics string       // which of its points it is about; "" = the whole comment
	At     consult.Date // "" = on no day of its own, or not yet
	Done   bool
	Links  []Link
	Note   string // what an outcome refers to, in the authority's words
}

// trailSteps words a comment's way. answers is where its answers can be read, "" = in its thread.
func (b *Base) trailSteps(steps []consult.TrailStep, consultation consult.ID, answers string) []trailStep {
	list := make([]trailStep, len(steps))
	for i, s := range steps {
		list[i] = b.trailStep(s, consultation, answers)
	}
	return list
}

func (b *Base) trailStep(s consult.TrailStep, consultation consult.ID, answers string) trailStep {
	v := trailStep{Name: b.T("trail." + string(s.Kind)), At: s.On, Done: s.Done}
	topics := make([]string, len(s.Topics))
	for i, t := range s.Topics {
		topics[i] = b.topic(t)
	}
	v.Topics = strings.Join(topics, ", ")
	if !s.Done {
		return v
	}
	switch s.Kind {
	case consult.TrailReceived:
		v.Name = b.receivedStep(s)
	case consult.TrailGrouped:
		v.Links = []Link{{concernHref(s.Concern.ID), s.Concern.Title}}
	case consult.TrailAnswered:
		if s.Concern.ID != 0 {
			v.Links = []Link{{concernHref(s.Concern.ID), s.Concern.Title}}
			return v
		}
		if answers == "" {
			answers = threadHref(s.Thread, 0)
		}
		v.Links = []Link{{answers, b.T("trail.read_answer")}}
	case consult.TrailNewer:
		v.Links = []Link{{"/comments/" + s.Newer.String(), b.T("trail.read_newer")}}
	case consult.TrailCited:
		key := "trail.cited"
		if s.Whole {
			key = "trail.cited_whole"
		}
		v.Name = b.T(key)
		v.Links = []Link{b.paragraphLink(consultation, s.Paragraph, s.Late)}
	case consult.TrailLed:
		b.ledStep(&v, s, consultation)
	case consult.TrailDecided:
		if s.Decision != "" {
			v.Name = b.T("trail.decided") + ": " + b.T("decision."+s.Decision)
		}
	case consult.TrailAppeal:
		v.Name = b.T("appeal_decision." + s.Decision)
	}
	return v
}

func (b *Base) receivedStep(s consult.TrailStep) string {
	switch {
	case s.Round == 0:
		return b.T("trail.received")
	case s.Late:
		return b.T("trail.received_late", "round", s.Round)
	}
	return b.T("trail.received_round", "round", s.Round, "version", s.Version)
}

// ledStep says what a point led to: the effect its topic had, with what it can be seen at.
func (b *Base) ledStep(v *trailStep, s consult.TrailStep, consultation consult.ID) {
	v.Note = s.Reference
	switch {
	case s.Effect != "":
		v.Name = b.T("effect." + string(s.Effect))
	case s.Advised:
		v.Name = b.T("trail.led_advised")
	default:
		v.Name = b.T("trail.led_to")
	}
	v.Links = b.ledLinks(consultation, s.Version, consult.Printed{Kind: s.Condition.Kind, Number: s.Condition.Number}, s.Condition.Title)
}

// ledLinks lead to the version and the condition that something led to, those there are.
func (b *Base) ledLinks(consultation consult.ID, version int, condition consult.Printed, title string) []Link {
	var links []Link
	if version > 0 {
		links = append(links, Link{versionHref(consultation, version), b.T("trail.version", "n", version)})
	}
	if condition.Number > 0 {
		text := b.T("trail."+string(condition.Kind), "n", condition.Number)
		if title != "" {
			text += ": " + title
		}
		links = append(links, Link{reportHref(consultation, conditionAnchor(condition)), text})
	}
	return links
}

// paragraphLink leads to a paragraph or late item of the officer report.
func (b *Base) paragraphLink(consultation consult.ID, number int, late bool) Link {
	if late {
		return Link{reportHref(consultation, "late-"+strconv.Itoa(number)), b.T("trail.late_item", "n", number)}
	}
	return Link{reportHref(consultation, "paragraph-"+strconv.Itoa(number)), b.T("trail.paragraph", "n", number)}
}

// reportHref leads to a place in the officer report, on whichever of its pages that stands.
func reportHref(consultation consult.ID, anchor string) string {
	base := "/consultations/" + consultation.String() + "/report"
	if anchor == "" {
		return base
	}
	return base + "?at=" + anchor + "#" + anchor
}

// versionHref leads to what a version changed; the first one changed nothing.
func versionHref(consultation consult.ID, n int) string {
	base := "/consultations/" + consultation.String()
	if n < 2 {
		return base + "#proposal"
	}
	return base + "/versions?from=" + strconv.Itoa(n-1) + "&to=" + strconv.Itoa(n)
}

func conditionAnchor(c consult.Printed) string {
	return string(c.Kind) + "-" + strconv.Itoa(c.Number)
}

// ledByTopic sorts what a comment's points led to by the topic's name, for the author's page.
func (b *Base) ledByTopic(steps []consult.TrailStep, consultation consult.ID) map[string][]trailStep {
	found := map[string][]trailStep{}
	for _, s := range steps {
		if !s.Done || s.Kind != consult.TrailCited && s.Kind != consult.TrailLed {
			continue
		}
		for _, t := range s.Topics {
			name := b.topic(t)
			v := b.trailStep(s, consultation, "")
			v.Topics = ""
			found[name] = append(found[name], v)
		}
	}
	return found
}
