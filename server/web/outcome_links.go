package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// offerLinks adds to every outcome's form what it may have led to: a version of the proposal, a condition or reason for refusal.
func (w *Web) offerLinks(c *fiber.Ctx, p *officerConsultationPage) error {
	r, _, err := w.Service.ReportDesk(c.UserContext(), w.actor(c), p.Case.Consultation.ID)
	if err != nil {
		return err
	}
	for i := range p.Outcomes {
		p.Outcomes[i].LedTo = p.ledSelects(p.Outcomes[i], r.Conditions)
	}
	return nil
}

// ledSelects draws the choices there are; without any, the free text remains.
func (p *officerConsultationPage) ledSelects(form outcomeForm, conditions []consult.Condition) []Select {
	var list []Select
	name := func(field string) string { return field + "-" + string(form.Name) }
	none := Choice{Label: p.T("officer_outcome.none")}
	if len(p.Case.Versions) > 1 {
		s := Select{Field: p.field(name("version"), "officer_outcome.version"), Options: []Choice{none}}
		for _, v := range p.Case.Versions[1:] {
			n := strconv.Itoa(v.Number)
			s.Options = append(s.Options, Choice{Value: n, Label: p.T("trail.version", "n", v.Number), Checked: form.chosen(s.Name, n, form.outcome.Version == v.Number)})
		}
		list = append(list, s)
	}
	if len(conditions) > 0 {
		s := Select{Field: p.field(name("condition"), "officer_outcome.condition"), Options: []Choice{none}}
		for _, k := range conditions {
			id := k.ID.String()
			s.Options = append(s.Options, Choice{Value: id, Label: p.T("trail."+string(k.Kind), "n", k.Number) + ": " + k.Title,
				Checked: form.chosen(s.Name, id, form.outcome.Condition == k.ID)})
		}
		list = append(list, s)
	}
	return list
}

// chosen tells what was chosen: in the form that was sent, else in what is kept.
func (v outcomeForm) chosen(field, value string, kept bool) bool {
	if v.typed != nil {
		return v.typed.Value(field) == value
	}
	return kept
}

// readLinks reads what an outcome led to.
func readLinks(f *Form, suffix string, o *consult.Outcome) {
	o.Version, _ = f.Int("version"+suffix, 0, 10_000)
	if f.Value("condition"+suffix) == "" {
		return
	}
	id, err := f.ID("condition" + suffix)
	if err != nil {
		f.Fail("condition"+suffix, "choice")
	}
	o.Condition = id
}
