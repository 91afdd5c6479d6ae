package notify

import "github.com/yousaid/yousaid/server/consult"

// reply tells followers that the service replied in a thread.
func reply(w writing) (letter, error) {
	page := w.to(PathConsultation, w.Consultation.String())
	if id := w.Data[consult.DataThread]; id != "" {
		page = w.to(PathThread, id)
	}
	return letter{
		Subject: w.l.T("mail.reply.subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.reply.text", "service", w.service())},
		Action:  link{w.l.T("mail.reply.action"), page},
	}, nil
}
