package export

import (
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

// bundlePart is a paragraph or condition with the representations it rests on.
type bundlePart struct {
	Name, Text, Reason string
	Cites              []string
}

// report writes what the representations were weighed to: summaries, the officer's report, conditions or reasons for refusal.
func (p *bundleWriter) report(w io.Writer) error {
	view := struct {
		Recommendation         string
		Summaries              []bundlePoint
		Paragraphs, Conditions []bundlePart
	}{Recommendation: p.bundle.Report.Recommendation}
	for _, s := range p.bundle.Summaries {
		view.Summaries = append(view.Summaries, bundlePoint{p.topic(s.Topic), s.Text})
	}
	for _, g := range p.bundle.Report.Paragraphs {
		number := strconv.Itoa(g.Number) + ". "
		if g.Late {
			number = p.Words("bundle.late_item", "n", g.Number) + " "
		}
		view.Paragraphs = append(view.Paragraphs, bundlePart{Name: number + g.Heading, Text: g.Text, Cites: cited(g.Cites)})
	}
	for _, c := range p.bundle.Report.Conditions {
		name := p.Words("bundle.kind_"+string(c.Kind), "n", c.Number) + " " + c.Title
		view.Conditions = append(view.Conditions, bundlePart{Name: name, Text: c.Text, Reason: c.Reason, Cites: cited(c.Cites)})
	}
	return p.framed(w, p.title("title_report"), func() error { return p.page.ExecuteTemplate(w, "report.html", view) })
}

// cited lists the representations behind something, each once.
func cited(cites []consult.Cite) []string {
	var list []string
	for _, c := range cites {
		if id := c.Comment.String(); c.Comment != 0 && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

type bundleAnswer struct{ At, Opinion, Text, Conditions string }

// consultees writes who was asked for an opinion, and every wording of what they said.
func (p *bundleWriter) consultees(w io.Writer) error {
	return p.framed(w, p.title("title_consultees"), func() error {
		for _, f := range p.bundle.Consultees {
			c := f.Consultee
			view := struct {
				ID, Name string
				Facts    []fact
				Answers  []bundleAnswer
			}{ID: c.ID.String(), Name: c.Name, Facts: p.facts("consulted_why", c.Why, "consulted_on", string(c.ConsultedOn), "due_on", string(c.DueOn),
				"email", f.Contact.Email, "author_address", f.Contact.Address, "postcode", f.Contact.Postcode)}
			for _, r := range f.Responses {
				for _, words := range r.Wordings {
					view.Answers = append(view.Answers, bundleAnswer{p.at(r.ReceivedAt), p.Words("bundle.opinion_" + string(words.Opinion)), words.Text, words.Conditions})
				}
			}
			if err := p.page.ExecuteTemplate(w, "consultee.html", view); err != nil {
				return err
			}
		}
		return nil
	})
}

// neighbours lists the addresses that were told of each round.
func (p *bundleWriter) neighbours(w io.Writer) error {
	text := func(name string, take func(consult.Neighbour) string) column[consult.Neighbour] {
		return column[consult.Neighbour]{name: name, kind: typeText, take: take}
	}
	t, err := newTable(w, []column[consult.Neighbour]{
		text("round", func(n consult.Neighbour) string { return whole(n.Round) }),
		text("uprn", func(n consult.Neighbour) string { return n.UPRN }),
		text("address", func(n consult.Neighbour) string { return n.Address }),
		text("postcode", func(n consult.Neighbour) string { return n.Postcode }),
		text("letter", func(n consult.Neighbour) string { return string(n.Letter) }),
		text("removed", func(n consult.Neighbour) string { return p.at(n.RemovedAt) }),
		text("removed_why", func(n consult.Neighbour) string { return n.RemovedWhy }),
	})
	if err != nil {
		return err
	}
	for _, round := range slices.Sorted(maps.Keys(p.bundle.Neighbours)) {
		addresses := p.bundle.Neighbours[round]
		for _, key := range slices.Sorted(maps.Keys(addresses)) {
			if err := t.row(addresses[key]); err != nil {
				return err
			}
		}
	}
	return t.end()
}
