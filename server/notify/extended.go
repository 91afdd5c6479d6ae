package notify

import "github.com/yousaid/yousaid/server/consult"

// extended tells everybody concerned that there is more time for comments.
func extended(w writing) (letter, error) {
	closes := consult.Date(w.Data[consult.DataCloses])
	if w.subject.State != consult.Consulting && w.subject.State != consult.Reconsulting || closes == "" {
		return letter{}, &Failure{Step: "comments are no longer open", Permanent: true}
	}
	day := w.l.Civil(string(closes))
	return letter{
		Subject: w.l.T("mail.extended.subject", "about", w.about(), "date", day),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.extended.text", "date", day), w.l.T("mail.extended.why")},
		Action:  w.ownPage("mail.extended.action", w.to(PathConsultation, w.Consultation.String())),
	}, nil
}
