package main

import (
	"regexp"
	"strings"
)

// The site is read from left to right and from right to left, and govuk-frontend's style knows only the first. These rewrite its
// compressed style to logical properties, so that one style serves both and nothing has to be undone.
var (
	styleRule  = regexp.MustCompile(`([^{}]*)\{([^{}]*)\}`)
	sideEnds   = regexp.MustCompile(`^(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-color|-style|-width)?$`)
	sideCorner = regexp.MustCompile(`^border-(top|bottom)-(left|right)-radius$`)
	lineSide   = map[string]string{"left": "start", "right": "end"}
	blockSide  = map[string]string{"top": "start", "bottom": "end"}
)

// logical rewrites every rule of a compressed style sheet.
func logical(css string) string {
	return styleRule.ReplaceAllStringFunc(css, func(rule string) string {
		m := styleRule.FindStringSubmatch(rule)
		// Arrows and ticks are drawn with the borders of a pseudo-element: a shape, not a side of the text.
		shape := strings.Contains(m[1], ":before") || strings.Contains(m[1], ":after")
		declarations := strings.Split(m[2], ";")
		for i, d := range declarations {
			declarations[i] = logicalDeclaration(d, shape)
		}
		return m[1] + "{" + strings.Join(declarations, ";") + "}"
	})
}

func logicalDeclaration(declaration string, shape bool) string {
	name, value, ok := strings.Cut(declaration, ":")
	if !ok || shape && strings.HasPrefix(name, "border") {
		return declaration
	}
	if m := sideEnds.FindStringSubmatch(name); m != nil {
		return m[1] + "-inline-" + lineSide[m[2]] + m[3] + ":" + value
	}
	if m := sideCorner.FindStringSubmatch(name); m != nil {
		return "border-" + blockSide[m[1]] + "-" + lineSide[m[2]] + "-radius:" + value
	}
	switch name {
	case "left", "right":
		return "inset-inline-" + lineSide[name] + ":" + value
	case "text-align":
		return name + ":" + replaceSide(value, "")
	case "float", "clear":
		return name + ":" + replaceSide(value, "inline-")
	case "margin", "padding":
		// top right bottom left: the last is where a line starts
		if v := strings.Fields(value); len(v) == 4 && v[1] != v[3] && !strings.Contains(value, "(") {
			return name + "-block:" + v[0] + " " + v[2] + ";" + name + "-inline:" + v[3] + " " + v[1]
		}
	}
	return declaration
}

func replaceSide(value, prefix string) string {
	word, important, _ := strings.Cut(value, "!")
	side, ok := lineSide[strings.TrimSpace(word)]
	if !ok {
		return value
	}
	if important != "" {
		return prefix + side + "!" + important
	}
	return prefix + side
}
