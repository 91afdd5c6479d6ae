package notify

import "github.com/yousaid/yousaid/server/consult"

// stateChange tells everybody concerned that the consultation moved on.
func stateChange(w writing) (letter, error) {
	state := w.Data[consult.DataState]
	if !w.l.Has("mail.state_change." + state) {
		state = string(w.subject.State)
	}
	if !consult.State(state).Public() {
		return letter{}, &Failure{Step: "consultation is no longer public", Permanent: true}
	}
	return letter{
		Subject: w.l.T("mail.state_change.subject", "about", w.about(), "state", w.l.T("state."+state)),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.state_change." + state)},
		Action:  w.ownPage("mail.state_change.action", w.to(PathConsultation, w.Consultation.String())),
	}, nil
}
