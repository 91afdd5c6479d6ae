package notify

// published tells an author that everybody can read the comment now.
func published(w writing) (letter, error) {
	return letter{
		Subject: w.l.T("mail.published.subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.published.text")},
		Action:  link{w.l.T("mail.see_comment"), w.myComment(w.Comment)},
		After:   []string{w.l.T("mail.keep_link")},
	}, nil
}
