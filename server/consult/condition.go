package consult

import "time"

// ConditionKind tells what a permission is bound to from why one is refused.
type ConditionKind string

// The kinds.
const (
	PermissionCondition ConditionKind = "condition"
	RefusalReason       ConditionKind = "refusal-reason"
)

// ConditionKinds lists them in the order they are offered.
func ConditionKinds() []ConditionKind { return []ConditionKind{PermissionCondition, RefusalReason} }

// Condition is one condition of a permission, or one reason for refusal: recommended by the report, imposed by the decision. It names the
// points behind it.
type Condition struct {
	ID           ID
	Consultation ID
	Kind         ConditionKind
	Number       int // as the decision notice prints it; unique by kind
	Version      int // changes with every save; 0 = new
	Title        string
	Text         string
	Reason       string // why it is imposed; a condition without a reason is not lawful (DMPO 2015, article 35)
	By           string // service and role of who wrote it last
	UpdatedAt    time.Time
	Cites        []Cite
}

// Printed is how decision notice and report name a condition.
type Printed struct {
	Kind   ConditionKind
	Number int // 0 = none
}

// ConditionsOf are those of one kind, by number.
func (r Report) ConditionsOf(kind ConditionKind) []Condition {
	var list []Condition
	for _, c := range r.Conditions {
		if c.Kind == kind {
			list = append(list, c)
		}
	}
	return list
}
