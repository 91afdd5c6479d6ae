package notify

import "github.com/yousaid/yousaid/server/consult"

// amendment asks authors whose points a change touches whether their comment still stands. Its links show a page with buttons:
// programs that look into mails open every link.
func amendment(w writing) (letter, error) {
	if !w.subject.State.Public() || w.Comment == 0 {
		return letter{}, &Failure{Step: "nobody to ask", Permanent: true}
	}
	mine := w.myComment(w.Comment)
	return letter{
		Subject: w.l.T("mail.amendment.subject", "about", w.about()),
		Matter:  w.matter(),
		Before: []string{
			w.l.T("mail.amendment.text"),
			w.Data[consult.DataChanged],
			w.l.T("mail.amendment.until", "date", w.l.Civil(w.Data[consult.DataCloses])),
		},
		Action: link{w.l.T("mail.amendment.changed"), w.to(PathVersions, w.Consultation.String())},
		More: []link{
			{w.l.T("mail.amendment.stands"), mine + "#stands"},
			{w.l.T("mail.amendment.update"), mine + "#update"},
			{w.l.T("mail.amendment.withdraw"), w.to(PathWithdraw, w.tokens.MyCommentToken(w.Comment))},
		},
		After: []string{w.l.T("mail.amendment.otherwise"), w.l.T("mail.keep_link")},
	}, nil
}
