package notify

// hidden tells an author that a moderator has taken the published comment out of sight, and where to object. The rule and the reason stay
// on the page: a mailbox may be shared.
func hidden(w writing) (letter, error) { return w.moderated("hidden"), nil }

// restored tells an author that the comment can be read again.
func restored(w writing) (letter, error) { return w.moderated("restored"), nil }

// upheld tells an author that somebody else has looked at the objection and left the comment hidden.
func upheld(w writing) (letter, error) { return w.moderated("upheld"), nil }

func (w writing) moderated(act string) letter {
	return letter{
		Subject: w.l.T("mail."+act+".subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail." + act + ".text")},
		Action:  link{w.l.T("mail." + act + ".action"), w.myComment(w.Comment)},
		After:   []string{w.l.T("mail.keep_link")},
	}
}
