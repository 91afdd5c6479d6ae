package consult

// What Mail.Data of a state-change holds beside the state.
const (
	DataCommittee = "committee" // the day of the committee
	DataDecision  = "decision"  // one of Decisions, after an appeal one of AppealDecisions
)

// moveData is what the mail about a move tells beside the state: the day of the committee, the decision. It carries nothing about people.
func moveData(m Move) map[string]string {
	data := map[string]string{DataState: string(m.To)}
	if m.To == InCommittee && m.CommitteeOn != "" {
		data[DataCommittee] = string(m.CommitteeOn)
	}
	if (m.To == Decided || m.To == AppealDecided) && m.Ruling.Decision != "" {
		data[DataDecision] = m.Ruling.Decision
	}
	return data
}
