package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// conditionPage is one condition or reason for refusal being written.
type conditionPage struct {
	Base
	Desk      caseDesk
	Action    string
	Version   int
	Closed    bool // the decision is made
	Meanwhile *consult.Condition
	Kind      Choices
	Number    TextInput
	Name      TextInput
	Text      TextArea
	Reason    TextInput
	Cites     citeFields
	Save      Button
	Remove    *Button // nil = it is new, or stays
}

// OfficerCondition shows a condition, or the form of a new one.
func (w *Web) OfficerCondition(c *fiber.Ctx) error { return w.officerCondition(c, nil, nil) }

func (w *Web) officerCondition(c *fiber.Ctx, f *Form, wrong error) error {
	d, err := w.writeDesk(c)
	if err != nil {
		return err
	}
	one, err := conditionOf(c, d.report)
	if err != nil {
		return err
	}
	title := "officer_report.condition_title"
	if one.Version == 0 {
		title = "officer_report.new_condition_title"
	}
	b := w.StaffBase(c, title, "n", one.Number, "title", d.subject.Title).about(d.subjects).WithErrors(wrong)
	p := drawCondition(b, d.subject, one, d.weighed, f)
	if consult.KindOf(wrong) == consult.Conflict {
		p.Meanwhile = &one
		return w.Pages.Page(c, fiber.StatusConflict, "officer-condition", p)
	}
	return shown(w, c, "officer-condition", p, nil)
}

// conditionOf finds the condition of the address; "new" is one with the next number.
func conditionOf(c *fiber.Ctx, r consult.Report) (consult.Condition, error) {
	if c.Params("condition") == newRecord {
		one := consult.Condition{Consultation: r.Consultation, Kind: consult.PermissionCondition, Number: 1}
		for _, other := range r.ConditionsOf(one.Kind) {
			one.Number = max(one.Number, other.Number+1)
		}
		return one, nil
	}
	id, err := consult.ParseID(c.Params("condition"))
	if err != nil {
		return consult.Condition{}, err
	}
	one, ok := r.Condition(id)
	if !ok {
		return one, &consult.Error{Kind: consult.NotFound, Op: "open condition"}
	}
	return one, nil
}

func drawCondition(b Base, k consult.Consultation, one consult.Condition, weighed []consult.WeighedTopic, f *Form) *conditionPage {
	base := "/officer/consultations/" + k.ID.String() + "/report"
	p := &conditionPage{Base: b, Desk: b.caseDesk(k.ID, "report"), Version: one.Version, Action: base + "/conditions/" + newRecord, Closed: k.State.Settled()}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: base, Text: p.T("officer_report.back")}
	if one.Version > 0 {
		p.Action = base + "/conditions/" + one.ID.String()
		p.Remove = &Button{Text: p.T("officer_report.remove_condition"), Name: "do", Value: "remove", Warning: true}
	}
	p.Cites = p.citeFields(f, one.Version, one.Cites, weighed)
	f = values(f, map[string]string{"kind": string(one.Kind), "number": strconv.Itoa(one.Number), "title": one.Title, "text": one.Text, "reason": one.Reason})
	p.Kind = Radios(&p.Base, f, "kind", "officer_report.kind", consult.ConditionKinds(), "officer_report.kind_")
	p.Number = p.TextInput(f, "number", "officer_report.number")
	p.Number.Short, p.Number.InputMode = true, "numeric"
	p.Name = p.TextInput(f, "title", "officer_report.condition_name")
	p.Text = p.TextArea(f, "text", "officer_report.condition_text", consult.MaxCondition)
	p.Reason = p.TextInput(f, "reason", "officer_report.condition_reason")
	p.Save = Button{Text: p.T("officer_report.keep"), Name: "do", Value: "keep"}
	return p
}

// WriteCondition keeps or removes it.
func (w *Web) WriteCondition(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	one := consult.Condition{Version: versionOf(f), Kind: Choose(f, "kind", consult.ConditionKinds()), Title: f.Line("title", consult.MaxHeading),
		Text: f.Text("text", consult.MaxCondition), Reason: f.Line("reason", consult.MaxReason), Cites: readCites(f)}
	one.Number, _ = f.Int("number", 1, consult.MaxNumber)
	if one.Consultation, err = consult.ParseID(c.Params("id")); err != nil {
		return err
	}
	if c.Params("condition") != newRecord {
		if one.ID, err = consult.ParseID(c.Params("condition")); err != nil {
			return err
		}
	}
	remove := Choose(f, "do", []string{"keep", "remove"}) == "remove"
	if err = f.Err("write condition"); err == nil && remove {
		err = w.Service.RemoveCondition(c.UserContext(), w.actor(c), one)
	} else if err == nil {
		_, err = w.Service.WriteCondition(c.UserContext(), w.actor(c), one)
	}
	if refused(err) {
		return w.officerCondition(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+one.Consultation.String()+"/report", fiber.StatusSeeOther)
}
