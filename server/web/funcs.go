package web

import (
	"fmt"
	"html/template"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// funcs are what templates may call. They are bound to one language.
func (r *Renderer) funcs(s *set) template.FuncMap {
	l := s.language
	return template.FuncMap{
		"t":        func(key string, args ...any) (string, error) { return r.text(l, key, args) },
		"forms":    l.Forms,
		"date":     func(day any) string { return printDay(l, day) },
		"datetime": func(t time.Time) string { return l.DateTime(t) },
		"clock":    func(t time.Time) string { return l.Clock(t) },
		"iso":      machineTime,
		"number":   func(n int) string { return l.Number(int64(n)) },
		"percent":  l.Percent,
		"daysleft": l.DaysLeft,
		"lang":     func() string { return l.Code },
		"dir":      func() string { return l.Dir },
		"asset":    r.assets,
		"gloss":    func(term string, again ...string) (template.HTML, error) { return s.gloss(term, again) },
	}
}

func (r *Renderer) text(l *lang.Language, key string, args []any) (string, error) {
	text, err := l.Format(key, args...)
	if r.strict && err != nil {
		return "", err
	}
	return text, nil
}

// printDay words a moment or a civil day; no day is the empty text, so that templates can test it.
func printDay(l *lang.Language, day any) string {
	switch d := day.(type) {
	case time.Time:
		if d.IsZero() {
			return ""
		}
		return l.Date(d)
	case consult.Date:
		return l.Civil(string(d))
	}
	return fmt.Sprint(day)
}

// machineTime is the datetime attribute of a <time> element.
func machineTime(day any) string {
	switch d := day.(type) {
	case time.Time:
		return d.UTC().Format(time.RFC3339)
	case consult.Date:
		return string(d)
	}
	return ""
}
