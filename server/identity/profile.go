package identity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/consult"
)

// MaxLine is the limit of an officer's name, service and title, in characters.
const MaxLine = 100

// checkProfile lists what is wrong with a profile. had are the roles that the officer holds already: they may stay.
func checkProfile(a consult.Actor, p Profile, had []consult.Role) []consult.FieldError {
	var fields []consult.FieldError
	add := func(field, rule string, args map[string]any) {
		fields = append(fields, consult.FieldError{Field: field, Rule: rule, Args: args})
	}
	if p.Email == "" {
		add("email", "required", nil)
	} else if !consult.ValidEmail(p.Email) {
		add("email", "email", nil)
	}
	for _, line := range []struct{ field, value string }{{"name", p.Name}, {"service", p.Service}, {"job_title", p.Title}} {
		n := utf8.RuneCountInString(line.value)
		switch {
		case !utf8.ValidString(line.value) || strings.ContainsFunc(line.value, unicode.IsControl):
			add(line.field, "characters", nil)
		case consult.Blank(line.value):
			add(line.field, "required", nil)
		case n > MaxLine:
			add(line.field, "too_long", map[string]any{"max": MaxLine, "over": n - MaxLine})
		}
	}
	return append(fields, checkRoles(a, p.Roles, had)...)
}

// checkRoles wants at least one role, all of them roles a person can have; and nobody grants a role they lack.
func checkRoles(a consult.Actor, roles, had []consult.Role) []consult.FieldError {
	if len(roles) == 0 {
		return []consult.FieldError{{Field: "roles", Rule: "required"}}
	}
	for _, r := range roles {
		switch {
		case !slices.Contains(consult.Roles(), r):
			return []consult.FieldError{{Field: "roles", Rule: "choice"}}
		case !a.Has(r) && !slices.Contains(had, r):
			return []consult.FieldError{{Field: "roles", Rule: "role_lacking"}}
		}
	}
	return nil
}
