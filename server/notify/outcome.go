package notify

// outcome closes the loop: "we asked, you said, we did".
func outcome(w writing) (letter, error) {
	return letter{
		Subject: w.l.T("mail.outcome.subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.outcome.text", "authority", w.site.Authority)},
		Action:  w.ownPage("mail.outcome.action", w.to(PathOutcomes, w.Consultation.String())),
	}, nil
}
