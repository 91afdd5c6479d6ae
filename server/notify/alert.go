package notify

import (
	"context"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// loadAlert reads whose mail it is and what it lists. An alert that is gone ends the mail, a database that does not answer delays it.
func (w *writing) loadAlert(ctx context.Context) error {
	if w.Alert == 0 {
		return nil
	}
	m, err := w.cases.AlertMail(ctx, w.ID)
	switch {
	case consult.KindOf(err) == consult.NotFound:
		return &Failure{Step: "alert is gone", Permanent: true}
	case err != nil:
		return &Failure{Step: "reading the alert", Err: err}
	}
	w.found = m
	return nil
}

// looksFor is the alert's search in lines of their own.
func (w writing) looksFor() []string {
	var lines []string
	for _, said := range w.l.Search(w.found.Alert.Search) {
		lines = append(lines, oneLine(said.Key+": "+said.Value))
	}
	return lines
}

// alertConfirm asks the owner of an address whether an alert is wanted. The link opens a page; only its button confirms.
func alertConfirm(w writing) (letter, error) {
	return letter{
		Subject: w.l.T("mail.alert_confirm.subject"),
		Before:  []string{w.l.T("mail.alert_confirm.text")},
		Matter:  w.looksFor(),
		Action:  link{w.l.T("mail.alert_confirm.action"), w.to(PathAlert, w.tokens.AlertToken(w.Alert))},
		After:   []string{w.l.T("mail.alert_confirm.otherwise")},
	}, nil
}

// alert lists what a saved search found: each consultation once, with all that happened to it, and how many more there are.
func alert(w writing) (letter, error) {
	if w.found.Total == 0 {
		return letter{}, &Failure{Step: "nothing to tell", Permanent: true}
	}
	out := letter{
		Subject: w.l.T("mail.alert.subject", "n", w.found.Total),
		Matter:  w.looksFor(),
		Before:  []string{w.l.T("mail.alert.text")},
		Action:  link{w.l.T("mail.alert.action"), w.to(PathAlert, w.tokens.AlertToken(w.Alert))},
	}
	for i := 0; i < len(w.found.Hits); {
		h := w.found.Hits[i]
		var happened []string
		for ; i < len(w.found.Hits) && w.found.Hits[i].Consultation == h.Consultation; i++ {
			happened = append(happened, w.l.T("mail.alert.said."+string(w.found.Hits[i].Kind)))
		}
		what := strings.Join(happened, " · ")
		title := oneLine(h.Title)
		if h.Address != "" {
			what += " · " + oneLine(h.Address)
		}
		out.List = append(out.List, link{w.l.T("mail.alert.hit", "title", title, "what", what), w.to(PathConsultation, h.Consultation.String())})
	}
	if more := w.found.Total - len(out.List); more > 0 {
		out.Between = []string{w.l.T("mail.alert.more", "n", more)}
	}
	return out, nil
}
