package notify

import (
	"github.com/yousaid/yousaid/server/consult"
)

// consultee asks an organisation or service for its opinion, with the link it answers through.
func consultee(w writing) (letter, error) {
	action := w.Data[consult.DataAction]
	if !w.l.Has("mail.consultee.subject_" + action) {
		action = "ask"
	}
	due := w.l.Civil(w.Data[consult.DataDue])
	out := letter{
		Subject: w.l.T("mail.consultee.subject_"+action, "about", w.about(), "date", due),
		Matter:  w.matter(),
		Before:  []string{w.l.T("mail.consultee.text", "authority", w.site.Authority), w.l.T("mail.consultee.why", "why", oneLine(w.Data[consult.DataWhy]))},
		After:   []string{w.l.T("mail.consultee.due", "date", due), w.l.T("mail.consultee.published")},
	}
	if reason := oneLine(w.Data[consult.DataReason]); reason != "" && (action == "resend" || action == "reconsult") {
		out.Before = append(out.Before, w.l.T("mail.consultee.reason", "reason", reason))
	}
	if w.paper {
		out.Action = link{w.l.T("mail.consultee.read"), w.to(PathConsultation, w.Consultation.String())}
		out.After = append(out.After, w.l.T("mail.consultee.on_paper", "service", w.service()))
		return out, nil
	}
	if _, err := w.linkAlive(); err != nil {
		return letter{}, err
	}
	out.Action = link{w.l.T("mail.consultee.action"), w.to(PathConsultee, w.Data[consult.DataToken])}
	out.After = append(out.After, w.l.T("mail.consultee.private"))
	return out, nil
}
