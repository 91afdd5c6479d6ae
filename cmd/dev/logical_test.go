package main

import (
	"regexp"
	"testing"
)

func TestLogical(t *testing.T) {
	tests := []struct{ name, css, want string }{
		{"margin", `a{margin-left:5px}`, `a{margin-inline-start:5px}`},
		{"padding beside others", `a{color:red;padding-right:max(1px,calc(2px + 3px));top:0}`, `a{color:red;padding-inline-end:max(1px,calc(2px + 3px));top:0}`},
		{"border", `a{border-left:5px solid;border-right-color:red}`, `a{border-inline-start:5px solid;border-inline-end-color:red}`},
		{"position", `a{left:0;right:-2px}`, `a{inset-inline-start:0;inset-inline-end:-2px}`},
		{"text", `a{text-align:left}b{text-align:right !important}`, `a{text-align:start}b{text-align:end!important}`},
		{"centred text", `a{text-align:center}`, `a{text-align:center}`},
		{"float", `a{float:left;clear:right}`, `a{float:inline-start;clear:inline-end}`},
		{"four different sides", `a{padding:1px 2px 3px 4px}`, `a{padding-block:1px 3px;padding-inline:4px 2px}`},
		{"four sides, both ends alike", `a{margin:0 5px 10px 5px}`, `a{margin:0 5px 10px 5px}`},
		{"corner", `a{border-top-left-radius:3px}`, `a{border-start-start-radius:3px}`},
		{"an arrow keeps its shape and changes its place", `a::before{border-left-color:red;left:3px}`, `a::before{border-left-color:red;inset-inline-start:3px}`},
		{"inside a media query", `@media print{a{margin-left:0}}`, `@media print{a{margin-inline-start:0}}`},
		{"a value that says left", `a{background-position:left}`, `a{background-position:left}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := logical(test.css); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

// Nothing in the style we serve may know left from right, but the shapes of arrows.
func TestGOVUKStyleIsLogical(t *testing.T) {
	css, err := checkout(t).govukStyle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	physical := regexp.MustCompile(`[{;](margin|padding)-(left|right):|[{;](left|right):|text-align:(left|right)|float:(left|right)`)
	if left := physical.FindAllString(css, -1); len(left) > 0 {
		t.Errorf("the style still has %v", left)
	}
}
