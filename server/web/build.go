package web

import (
	"github.com/yousaid/yousaid/server/consult"
)

// These make parts from a form and its errors, so that the same page function draws the empty form (nil), the form with what was
// typed, and the form with what is wrong. key names the label in the catalogue; a text under key + "_hint" becomes the hint.

func (b *Base) field(name, key string) Field {
	f := Field{Name: name, Label: b.T(key), Error: b.ErrorOf(name)}
	if b.Language.Has(key + "_hint") {
		f.Hint = b.T(key + "_hint")
	}
	return f
}

// TextInput makes a one-line field.
func (b *Base) TextInput(f *Form, name, key string) TextInput {
	return TextInput{Field: b.field(name, key), Value: f.Value(name)}
}

// TextArea makes a field of several lines that counts to max characters.
func (b *Base) TextArea(f *Form, name, key string, max int) TextArea {
	return TextArea{Field: b.field(name, key), Value: f.Value(name), Max: max}
}

// Radios makes a group of which one can be chosen. The choice v is worded by the key prefix + v, its hint by prefix + v + "_hint".
func Radios[T ~string](b *Base, f *Form, name, key string, allowed []T, prefix string) Choices {
	return choices(b, f, name, key, allowed, prefix)
}

// Checkboxes makes a group of which any number can be chosen; worded as Radios.
func Checkboxes[T ~string](b *Base, f *Form, name, key string, allowed []T, prefix string) Choices {
	return choices(b, f, name, key, allowed, prefix)
}

func choices[T ~string](b *Base, f *Form, name, key string, allowed []T, prefix string) Choices {
	c := Choices{Field: b.field(name, key)}
	typed := f.Values(name)
	for _, a := range allowed {
		choice := Choice{Value: string(a), Label: b.T(prefix + string(a))}
		if hint := prefix + string(a) + "_hint"; b.Language.Has(hint) {
			choice.Hint = b.T(hint)
		}
		for _, v := range typed {
			choice.Checked = choice.Checked || v == string(a)
		}
		c.Choices = append(c.Choices, choice)
	}
	return c
}

// DateInput makes the three boxes of a day.
func (b *Base) DateInput(f *Form, name, key string) DateInput {
	return DateInput{
		Field: b.field(name, key), Day: f.Value(name + "-day"), Month: f.Value(name + "-month"), Year: f.Value(name + "-year"),
	}
}

// Filled is a form as if somebody had typed the values: to draw a page from a draft.
func Filled(values map[string][]string) *Form { return &Form{values: values, asked: map[string]bool{}} }

// StateTag words a consultation's state and colours it by what a resident can do now.
func (b *Base) StateTag(s consult.State) Tag {
	kind := ""
	switch s {
	case consult.Consulting, consult.Reconsulting:
		kind = "open"
	case consult.Decided, consult.AppealDecided:
		kind = "done"
	case consult.Validated, consult.ClosedState, consult.Amended, consult.Assessed, consult.InCommittee:
		kind = "wait"
	}
	return Tag{Text: b.T("state." + string(s)), Kind: kind}
}
