package notify

import "github.com/yousaid/yousaid/server/consult"

// fact tells authors and followers what the service knows about a claim. The words are those of the card; what the author wrote stays on
// the page.
func fact(w writing) (letter, error) {
	card := w.Data[consult.DataFact]
	if card == "" {
		return letter{}, &Failure{Step: "which fact card is not known", Permanent: true}
	}
	why := "mail.fact.follows"
	if w.Comment != 0 {
		why = "mail.fact.wrote"
	}
	return letter{
		Subject: w.l.T("mail.fact.subject", "about", w.about()),
		Matter:  w.matter(),
		Before: []string{
			w.l.T(why, "service", w.Data[consult.DataService]),
			w.l.T("mail.fact.claim", "claim", w.Data[consult.DataClaim]),
			w.l.T("mail.fact.answer", "service", w.Data[consult.DataService], "answer", w.Data[consult.DataShort]),
		},
		Action: link{w.l.T("mail.fact.action"), w.to(PathFact, card)},
		After:  []string{w.l.T("mail.fact.stays")},
	}, nil
}
