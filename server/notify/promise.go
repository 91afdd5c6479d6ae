package notify

// promise tells an author that a point was closed without an answer, and how to want one after all. Which point it was stays on the page:
// a mailbox may be shared.
func promise(w writing) (letter, error) {
	return letter{
		Subject: w.l.T("mail.promise.subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.promise.text", "service", w.service()), w.l.T("mail.promise.want")},
		Action:  link{w.l.T("mail.promise.action"), w.myComment(w.Comment)},
		After:   []string{w.l.T("mail.keep_link")},
	}, nil
}
