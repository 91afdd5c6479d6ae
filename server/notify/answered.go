package notify

// answered tells an author that the service replied to the comment. The reply itself stays on the page: a mailbox may be shared.
func answered(w writing) (letter, error) {
	return letter{
		Subject: w.l.T("mail.answered.subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.answered.text", "service", w.service())},
		Action:  link{w.l.T("mail.answered.action"), w.myComment(w.Comment)},
		After:   []string{w.l.T("mail.keep_link")},
	}, nil
}
