package notify

import (
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// concernAnswer tells an author that what they asked, and others with them, has an answer. A mail leads to the answer beside the author's own
// sentence and repeats neither: a mailbox may be shared. A letter brings the answer along: it is public, and nobody types the secret address.
func concernAnswer(w writing) (letter, error) {
	key := "mail.concern_answer."
	if w.Data[consult.DataBefore] != "" {
		key = "mail.concern_correction."
	}
	about := w.topics()
	said := letter{Subject: w.l.T(key+"subject", "about", w.about()), Matter: w.matter()}
	if about != "" {
		said.Before = []string{w.l.T(key+"on", "service", w.service(), "topics", about)}
	} else {
		said.Before = []string{w.l.T(key+"text", "service", w.service())}
	}
	if w.paper {
		body, _, _ := w.answer.In(w.l.Code)
		said.Before = append(said.Before, w.answer.Changed, body)
		said.Action = link{w.l.T("mail.concern_answer.public"), w.to(PathConcern, w.answer.Concern.String())}
		return said, nil
	}
	said.Action = link{w.l.T("mail.concern_answer.action"), w.myComment(w.Comment)}
	said.After = []string{w.l.T("mail.concern_answer.verdict"), w.l.T("mail.keep_link")}
	return said, nil
}

// topics names the author's topics that the answer is about; "" where they are questions of a form.
func (w writing) topics() string {
	var names []string
	for _, t := range strings.Split(w.Data[consult.DataTopics], ",") {
		if key := "topic." + t; t != "" && w.l.Has(key) {
			names = append(names, w.l.T(key))
		}
	}
	return strings.Join(names, ", ")
}
