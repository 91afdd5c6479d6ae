package notify

import "github.com/yousaid/yousaid/server/consult"

// neighbour tells who lives around a site of the proposal, until when one can comment, and how. It exists on paper only.
func neighbour(w writing) (letter, error) {
	closes := w.Data[consult.DataCloses]
	if _, err := consult.ParseDate(closes); err != nil || !w.paper {
		return letter{}, &Failure{Step: "a letter to neighbours without its last day", Permanent: true}
	}
	return letter{
		Subject: w.l.T("mail.neighbour.subject", "about", w.about()),
		Matter:  w.matter(),
		Before: []string{
			w.l.T("mail.neighbour.text", "authority", w.site.Authority),
			oneLine(w.subject.Summary),
			w.l.T("mail.neighbour.until", "date", w.l.Civil(closes)),
		},
		Action: link{w.l.T("mail.neighbour.action"), w.to(PathConsultation, w.Consultation.String())},
		After:  []string{w.l.T("mail.neighbour.by_post", "service", w.service(), "about", w.about()), w.l.T("mail.neighbour.public")},
	}, nil
}
