package notify

// receipt tells an author that the comment arrived, and leads to its own page.
func receipt(w writing) (letter, error) {
	return letter{
		Subject: w.l.T("mail.receipt.subject", "about", w.about()),
		Matter:  w.matter(),
		Before: []string{
			w.l.T("mail.receipt.thanks", "reference", w.Comment.String()),
			w.l.T("mail.receipt.next", "service", w.service()),
		},
		Action: link{w.l.T("mail.see_comment"), w.myComment(w.Comment)},
		After:  []string{w.l.T("mail.keep_link")},
	}, nil
}
