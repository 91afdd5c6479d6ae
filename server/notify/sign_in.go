package notify

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// signIn carries an officer's one-time link.
func signIn(w writing) (letter, error) {
	if _, err := w.linkAlive(); err != nil {
		return letter{}, err
	}
	return letter{
		Subject: w.l.T("mail.sign_in.subject", "authority", w.site.Authority),
		Before:  []string{w.l.T("mail.sign_in.text")},
		Action:  link{w.l.T("mail.sign_in.action"), w.to(PathSignIn, w.Data[consult.DataToken])},
		After:   []string{w.l.T("mail.sign_in.code"), w.l.T("mail.sign_in.otherwise")},
	}, nil
}

// linkAlive tells when the link ends. It refuses one that is over or was never handed over: better no mail than one that cannot work.
func (w writing) linkAlive() (time.Time, error) {
	expires, err := time.Parse(time.RFC3339, w.Data[consult.DataExpires])
	if err != nil || w.Data[consult.DataToken] == "" {
		return expires, &Failure{Step: "the one-time link is missing", Permanent: true}
	}
	if !w.clock().Before(expires) {
		return expires, &Failure{Step: "the one-time link is over", Permanent: true}
	}
	return expires, nil
}
