package notify

import "github.com/yousaid/yousaid/server/consult"

// stateChange tells everybody concerned that the consultation moved on, and what one can do now.
func stateChange(w writing) (letter, error) {
	state := w.Data[consult.DataState]
	if !w.l.Has("mail.state_change." + state) {
		state = string(w.subject.State)
	}
	if !consult.State(state).Public() {
		return letter{}, &Failure{Step: "consultation is no longer public", Permanent: true}
	}
	l := letter{
		Subject: w.l.T("mail.state_change.subject", "about", w.about(), "state", w.l.T("state."+state)),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.state_change." + state)},
		Action:  w.ownPage("mail.state_change.action", w.to(PathConsultation, w.Consultation.String())),
	}
	report := link{w.l.T("mail.state_change.report"), w.to(PathReport, w.Consultation.String())}
	switch consult.State(state) {
	case consult.Amended:
		l.More = []link{{w.l.T("mail.amendment.changed"), w.to(PathVersions, w.Consultation.String())}}
	case consult.Assessed:
		l.More = []link{report}
	case consult.InCommittee:
		if day := w.Data[consult.DataCommittee]; day != "" {
			l.Before = append(l.Before, w.l.T("mail.state_change.committee_on", "date", w.l.Civil(day)))
		}
		l.Before = append(l.Before, w.l.T("mail.state_change.committee_do"))
		l.More = []link{report}
	case consult.Decided:
		l.Before = append(l.Before, w.ruling("decision."), w.l.T("mail.state_change.decided_outcomes"))
		l.More = []link{{w.l.T("mail.outcome.action"), w.to(PathOutcomes, w.Consultation.String())}, report}
	case consult.Appealed:
		l.Before = append(l.Before, w.l.T("mail.state_change.appeal_forwarded"), w.l.T("mail.state_change.appeal_closed"))
	case consult.AppealDecided:
		l.Before = append(l.Before, w.ruling("appeal_decision."))
	}
	l.Before = dropEmpty(l.Before)
	return l, nil
}

// ruling is the decision in words of a vocabulary; "" where the mail carries none.
func (w writing) ruling(vocabulary string) string {
	key := vocabulary + w.Data[consult.DataDecision]
	if !w.l.Has(key) {
		return ""
	}
	return w.l.T("mail.state_change.ruling", "decision", w.l.T(key))
}

// dropEmpty leaves out paragraphs without words.
func dropEmpty(list []string) []string {
	var kept []string
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}
