package consult

import (
	"regexp"
	"strings"
	"unicode"
)

// reserved words may not stand in a resident's name: nobody plays the council.
var reserved = regexp.MustCompile(`(?i)\b(councils?|officers?|officials?|moderators?|admins?|administrators?|planning|planners?|yousaid|staff|inspectors?|inspectorate)\b|[✓✔☑✅🏛]|کونسل|افسر|نگران`)

// name holds a resident's public name to its rules.
func (c *check) name(field, value string, required bool) {
	c.line(field, value, MaxName, required)
	folded := foldName(value)
	if reserved.MatchString(folded) || reserved.MatchString(unspaced(folded)) {
		c.add(field, "reserved_name")
	}
}

// lookalikes are letters of other scripts, and digits and signs, that pass for a Latin letter, and Latin letters with marks. The first of
// each group is what it passes for.
var lookalikes = func() map[rune]rune {
	table := map[rune]rune{}
	for _, group := range []string{
		"aаαáàâäãåāăą@4", "bвβь", "cсϲćčçċ¢", "dԁďđ", "eеεéèêëēėęě3€", "fƒ", "gɡğģġ", "hһн", "iіιíìîïīįı!|", "jј", "kкκķ",
		"lӏⅼ1ļľł", "mмⅿ", "nпոńñňņ", "oоοóòôöõōőø0σ", "pрρ", "qԛ", "rгŕř", "sѕśšşșß$5", "tтτťţț7", "uυսúùûüūůű", "vνѵ", "wԝω", "xхχ", "yуγýÿ", "zźžż2",
	} {
		letters := []rune(group)
		for _, r := range letters[1:] {
			table[r] = letters[0]
			table[unicode.ToUpper(r)] = letters[0]
		}
	}
	return table
}()

// foldName undoes the cheap disguises of reserved words: invisible characters, marks, full-width letters, letters that look alike.
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Arabic, r):
			return -1
		case r >= '！' && r <= '～':
			r -= 0xFEE0
		}
		if latin, ok := lookalikes[r]; ok {
			return latin
		}
		return r
	}, s)
}

// unspaced joins letters that stand alone: "C o u n c i l", "c.o.u.n.c.i.l".
func unspaced(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	var b strings.Builder
	alone := false
	for _, w := range words {
		one := len([]rune(w)) == 1
		if b.Len() > 0 && !(one && alone) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		alone = one
	}
	return b.String()
}
