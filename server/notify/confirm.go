package notify

// confirm asks the owner of an address whether mail is wanted. The link opens a page; only its button confirms.
func confirm(w writing) (letter, error) {
	return letter{
		Subject: w.l.T("mail.confirm.subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.confirm.text")},
		Action:  link{w.l.T("mail.confirm.action"), w.to(PathFollow, w.tokens.FollowToken(w.Follow))},
		After:   []string{w.l.T("mail.confirm.otherwise")},
	}, nil
}
