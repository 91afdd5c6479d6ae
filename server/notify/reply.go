package notify

// reply tells followers that the service replied in a thread.
func reply(w writing) (letter, error) {
	page := w.to(PathConsultation, w.Consultation.String())
	if w.Thread != 0 {
		page = w.to(PathThread, w.Thread.String())
	}
	return letter{
		Subject: w.l.T("mail.reply.subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.reply.text", "service", w.service())},
		Action:  link{w.l.T("mail.reply.action"), page},
	}, nil
}
