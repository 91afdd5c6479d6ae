package notify

import "github.com/yousaid/yousaid/server/consult"

// invite tells somebody that an administrator made them an officer.
func invite(w writing) (letter, error) {
	expires, err := w.linkAlive()
	if err != nil {
		return letter{}, err
	}
	return letter{
		Subject: w.l.T("mail.invite.subject", "authority", w.site.Authority),
		Before:  []string{w.l.T("mail.invite.text", "authority", w.site.Authority)},
		Action:  link{w.l.T("mail.invite.action"), w.to(PathInvite, w.Data[consult.DataToken])},
		After:   []string{w.l.T("mail.invite.expires", "until", w.l.DateTime(expires)), w.l.T("mail.invite.otherwise")},
	}, nil
}
