package redact

import (
	"regexp"
	"strings"
)

// group is a run of digits; groups of one chain stand close together, as people write long numbers.
type group struct{ begins, ends int }

// chains finds the runs of digits of a text, those in a chain that only a little stands between.
func (r *reading) chains() [][]group {
	var all [][]group
	var chain []group
	for i := 0; i < len(r.low); {
		if r.low[i] < '0' || r.low[i] > '9' {
			i++
			continue
		}
		j := i
		for j < len(r.low) && r.low[j] >= '0' && r.low[j] <= '9' {
			j++
		}
		if n := len(chain); n > 0 && !joins(r.low[chain[n-1].ends:i]) {
			all, chain = append(all, chain), nil
		}
		chain = append(chain, group{i, j})
		i = j
	}
	if chain != nil {
		all = append(all, chain)
	}
	return all
}

// joins tells whether what stands between two runs of digits can belong to one number: a space, a bracket, one hyphen, dot or stroke.
func joins(between string) bool {
	if len(between) == 0 || len(between) > 3 || strings.Trim(between, " ().-/") != "" {
		return false
	}
	return strings.Count(between, ".")+strings.Count(between, "-")+strings.Count(between, "/") <= 1
}

// numbers looks at every run of digits and says what it is.
func (s *search) numbers() {
	if !s.numbered {
		return
	}
	for _, chain := range s.chains() {
		for i := 0; i < len(chain); {
			n := 0
			if s.freestanding(chain[i].begins) {
				n = s.number(chain[i:])
			}
			i += max(n, 1)
		}
	}
	s.insurance()
	s.iban()
}

// freestanding tells whether a number begins here: no letter, digit or stroke stands right before it.
func (s *search) freestanding(at int) bool {
	if at == 0 {
		return true
	}
	c := s.low[at-1]
	return c != '/' && c != '_' && c != '#' && !(c >= 'a' && c <= 'z') && c != '.' && c != '$'
}

// number is how many groups at the beginning of a chain make one number that should not be public; 0 for none.
func (s *search) number(chain []group) int {
	if s.referenced(chain[0].begins) && !phoneCue.MatchString(s.before(chain[0].begins, 40)) && !accountCue.MatchString(s.before(chain[0].begins, 40)) {
		return len(chain)
	}
	for _, find := range []func([]group) int{s.card, s.health, s.account, s.phone} {
		if n := find(chain); n > 0 {
			return n
		}
	}
	return 0
}

var reference = regexp.MustCompile(`(?:\b(?:ref|reference|references|application|applications|app|uprn|policy|policies|invoice|case|appeal|planning|drawing|dwg|plan|order|version) (?:no\.? |number |numbers |is |was )?|£ ?|€ ?|\b(?:ref|reference|uprn|case|appeal|no)[.:] ?)$`)

// referenced tells whether words before a number name a document: an application, a policy, a price.
func (s *search) referenced(at int) bool { return reference.MatchString(s.before(at, 32)) }

// before is what stands right before a place, in lower case, in the same line.
func (s *search) before(at, n int) string {
	from := max(0, at-n)
	for from < at && s.low[from]&0xC0 == 0x80 {
		from++
	}
	line := s.low[from:at]
	return line[strings.LastIndexByte(line, '\n')+1:]
}

// after is what stands right behind a place.
func (s *search) after(at, n int) string {
	to := min(len(s.low), at+n)
	for to > at && to < len(s.low) && s.low[to]&0xC0 == 0x80 {
		to--
	}
	line, _, _ := strings.Cut(s.low[at:to], "\n")
	return line
}

func (s *search) digits(chain []group) string {
	var b strings.Builder
	for _, g := range chain {
		b.WriteString(s.low[g.begins:g.ends])
	}
	return b.String()
}

// card is a payment card: 13 to 19 digits whose check digit (ISO/IEC 7812-1, Luhn) is right.
func (s *search) card(chain []group) int {
	for n := min(len(chain), 6); n > 0; n-- {
		d := s.digits(chain[:n])
		if len(d) < 13 || len(d) > 19 || d[0] < '2' || d[0] > '6' || !luhn(d) {
			continue
		}
		s.hit(chain[0].begins, chain[n-1].ends, Card, Sure, ByChecksum)
		return n
	}
	return 0
}

func luhn(d string) bool {
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// health is an NHS number: ten digits, the last one a check (modulus 11), written 3-3-4 or named as one.
func (s *search) health(chain []group) int {
	named := strings.Contains(s.before(chain[0].begins, 32), "nhs")
	for n := min(len(chain), 3); n > 0; n-- {
		d := s.digits(chain[:n])
		shaped := n == 3 && len(s.low[chain[0].begins:chain[0].ends]) == 3 && len(s.low[chain[1].begins:chain[1].ends]) == 3
		if len(d) != 10 || !named && !shaped || !modulus11(d) {
			continue
		}
		sure := Likely
		if named {
			sure = Sure
		}
		s.hit(chain[0].begins, chain[n-1].ends, HealthID, sure, ByChecksum)
		return n
	}
	return 0
}

func modulus11(d string) bool {
	sum := 0
	for i := range 9 {
		sum += int(d[i]-'0') * (10 - i)
	}
	check := 11 - sum%11
	return check%11 == int(d[9]-'0') && check != 10
}

var (
	sortCue    = regexp.MustCompile(`\b(?:sort ?code|s/c|sc)\W{0,4}(?:is )?$`)
	accountCue = regexp.MustCompile(`\b(?:account|acct|acc|a/c|konto|konta)(?: (?:no|number|num|nr|numer))?\.?\W{0,4}(?:is )?$`)
)

// account is a British sort code, known by a word or by the account number behind it, or an account number with its word. Their checks
// need tables that the banks change; the shape and the word must do.
func (s *search) account(chain []group) int {
	size := func(i int) int { return chain[i].ends - chain[i].begins }
	before := s.before(chain[0].begins, 32)
	if len(chain) >= 3 && size(0) == 2 && size(1) == 2 && size(2) == 2 {
		follows := len(chain) > 3 && size(3) == 8
		switch {
		case follows:
			s.hit(chain[0].begins, chain[3].ends, Bank, Sure, ByShape)
			return 4
		case sortCue.MatchString(before):
			s.hit(chain[0].begins, chain[2].ends, Bank, Sure, ByCue)
			return 3
		}
	}
	if size(0) == 6 && sortCue.MatchString(before) || size(0) >= 7 && size(0) <= 10 && accountCue.MatchString(before) {
		s.hit(chain[0].begins, chain[0].ends, Bank, Sure, ByCue)
		return 1
	}
	return 0
}

var phoneCue = regexp.MustCompile(foldAll(`(?:\b(?:tel|telephone|phone|phone number|call|ring|mob|mobile|text|whatsapp|landline|fax|contact)(?: (?:me|us|is|on|at|no\.?|number|him|her))*|telefon|telefonu|komorka|komorki|tel\.|zadzwonic|فون(?: نمبر)?|موبائل(?: نمبر)?|ٹیلی فون|کال کریں|واٹس ایپ|ہاتف(?:ي)?|جوال(?:ي)?|اتصل(?:وا)? (?:بي )?(?:على)?|ਫ਼ੋਨ(?: ਨੰਬਰ)?|ਮੋਬਾਈਲ(?: ਨੰਬਰ)?)[\s:.\-(]{0,3}$`))

// phone is a telephone number: British with its leading 0 or +44, of another country with + or 00, or a shorter one with a word before it.
func (s *search) phone(chain []group) int {
	begins := chain[0].begins
	plus := begins > 0 && s.low[begins-1] == '+' || begins > 1 && s.low[begins-2:begins] == "+("
	cued := phoneCue.MatchString(s.before(begins, 40))
	best, sure := 0, Likely
	for n := 1; n <= min(len(chain), 7); n++ {
		d := s.digits(chain[:n])
		if len(d) > 17 {
			break
		}
		if ok, c := telephone(d, plus, cued); ok {
			best, sure = n, c
		}
	}
	if best == 0 || s.dated(chain[:best]) || strings.HasPrefix(s.after(chain[best-1].ends, 2), "/") {
		return 0
	}
	from := begins
	for from > 0 && strings.IndexByte("+(", s.low[from-1]) >= 0 {
		from--
	}
	why := ByShape
	if cued {
		why = ByCue
	}
	s.hit(from, chain[best-1].ends, Phone, sure, why)
	return best
}

// telephone tells whether digits can be a telephone number, by Ofcom's numbering plan for British ones.
func telephone(d string, plus, cued bool) (bool, Confidence) {
	national := d
	switch {
	case plus && strings.HasPrefix(d, "44"):
		national = "0" + strings.TrimPrefix(d[2:], "0")
	case strings.HasPrefix(d, "0044"):
		national = "0" + strings.TrimPrefix(d[4:], "0")
	case plus:
		return len(d) >= 8 && len(d) <= 15, Sure
	case strings.HasPrefix(d, "00"):
		return len(d) >= 11 && len(d) <= 17, Sure
	case cued && d[0] == '7' && len(d) == 10:
		return true, Sure
	case cued && d[0] != '0' && len(d) >= 6 && len(d) <= 8:
		return true, Likely
	}
	if len(national) < 10 || len(national) > 11 || national[0] != '0' || strings.IndexByte("1235789", national[1]) < 0 {
		return false, 0
	}
	if len(national) == 10 && national[1] != '1' && !strings.HasPrefix(national, "0800") && !strings.HasPrefix(national, "0500") {
		return false, 0
	}
	if strings.HasPrefix(national, "080") || national[1] == '3' && !cued {
		return true, Possible // a free or an organisation's number
	}
	return true, Sure
}

// dated tells whether groups look like a day and times rather than a number.
func (s *search) dated(chain []group) bool {
	if len(chain) < 3 {
		return false
	}
	size := func(i int) int { return chain[i].ends - chain[i].begins }
	between := s.low[chain[0].ends:chain[1].begins]
	return size(0) <= 2 && size(1) <= 2 && (size(2) == 4 || size(2) == 2) && strings.Trim(between, "/.-") == "" && between == s.low[chain[1].ends:chain[2].begins]
}

var insuranceForm = regexp.MustCompile(`\b[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b`)

// insurance is a National Insurance number: the letters HMRC gives out (NIM39110). It has no check digit.
func (s *search) insurance() {
	for _, m := range insuranceForm.FindAllStringIndex(s.low, -1) {
		switch s.low[m[0] : m[0]+2] {
		case "bg", "gb", "kn", "nk", "nt", "tn", "zz":
			continue
		}
		s.hit(m[0], m[1], Insurance, Sure, ByShape)
	}
}

var ibanForm = regexp.MustCompile(`\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?\b`)

// ibanLength is how many characters the account numbers of some countries have (ISO 13616).
var ibanLength = map[string]int{"gb": 22, "ie": 22, "pl": 28, "de": 22, "fr": 27, "es": 24, "it": 27, "ro": 24, "pt": 25, "nl": 18, "pk": 24, "sa": 24, "ae": 23, "tr": 26}

// iban is an international account number whose check (ISO 7064, modulus 97) is right.
func (s *search) iban() {
	for _, m := range ibanForm.FindAllStringIndex(s.low, -1) {
		want, known := ibanLength[s.low[m[0]:m[0]+2]]
		n, ends := 0, m[0]
		for ends < m[1] && n < want {
			if s.low[ends] != ' ' {
				n++
			}
			ends++
		}
		if number := strings.ReplaceAll(s.low[m[0]:ends], " ", ""); known && n == want && modulus97(number) {
			s.hit(m[0], ends, Bank, Sure, ByChecksum)
		}
	}
}

func modulus97(number string) bool {
	rest := 0
	for _, c := range []byte(number[4:] + number[:4]) {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		default:
			rest = (rest*100 + int(c-'a') + 10) % 97
		}
	}
	return rest == 1
}
