package notify

import (
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

// councillorLink sends a councillor the personal link.
func councillorLink(w writing) (letter, error) {
	page, err := w.councillorPage()
	if err != nil {
		return letter{}, err
	}
	return letter{
		Subject: w.l.T("mail.councillor.subject", "authority", w.site.Authority),
		Before:  []string{w.l.T("mail.councillor.text", "authority", w.site.Authority)},
		Action:  link{w.l.T("mail.councillor.action"), page},
		After:   []string{w.l.T("mail.councillor.private")},
	}, nil
}

// councillorAsked tells a councillor that somebody put a question to them.
func councillorAsked(w writing) (letter, error) { return w.toCouncillor("mail.councillor_asked") }

// councillorPassed tells a councillor that the service answered what they passed on.
func councillorPassed(w writing) (letter, error) { return w.toCouncillor("mail.councillor_passed") }

// toCouncillor is a mail about one of their threads.
func (w writing) toCouncillor(key string) (letter, error) {
	page, err := w.councillorPage()
	if err != nil {
		return letter{}, err
	}
	return letter{
		Subject: w.l.T(key+".subject", "about", w.about()),
		Matter:  w.matter(),
		Before:  []string{w.l.T(key+".text", "service", w.service())},
		Action:  link{w.l.T(key + ".action"), page + "/threads/" + w.Thread.String()},
		After:   []string{w.l.T("mail.councillor.private")},
	}, nil
}

// councillorPage makes the personal link of the councillor that the mail names.
func (w writing) councillorPage() (string, error) {
	id, err := consult.ParseID(w.Data[consult.DataCouncillor])
	if err != nil {
		return "", &Failure{Step: "the councillor's id", Permanent: true}
	}
	number, err := strconv.Atoi(w.Data[consult.DataLink])
	if err != nil {
		return "", &Failure{Step: "the number of the councillor's link", Permanent: true}
	}
	return w.to(PathCouncillor, w.tokens.CouncillorToken(id, number)), nil
}
