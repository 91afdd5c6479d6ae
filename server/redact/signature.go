package redact

import (
	"regexp"
	"strings"
	"unicode"
)

// calledScript finds "my name is …" in scripts without capital letters.
var calledScript = regexp.MustCompile(foldAll(`(?:میرا نام|اسمي|ਮੇਰਾ ਨਾਂ|ਮੇਰਾ ਨਾਮ) (\p{L}[\p{L}\p{M}]+(?: \p{L}[\p{L}\p{M}]+){0,2}?)(?: (?:ہے|ਹੈ|و)|[,.۔।\n]|$)`))

// formulas are what letters close with, in lower case and folded.
var formulas = func() (list []string) {
	for _, line := range strings.Split(`yours sincerely|yours faithfully|yours truly|yours|sincerely|kind regards|best regards|warm regards|regards|with regards|best wishes|kindest regards|many thanks|with thanks|thanks|thank you|cheers|signed|respectfully|sincerely yours|with best wishes|all the best|best|love|thanks for reading|thanks for listening|thank you for reading|yours in hope|yours etc
والسلام|آپ کا مخلص|آپ کی مخلص|خیر اندیش|نیازمند|مخلص|آپ کا خیر اندیش|دعا گو|شکریہ|آپ کا|آپ کی|العارض
z powazaniem|pozdrawiam|z wyrazami szacunku|serdecznie pozdrawiam|z gory dziekuje|dziekuje|lacze pozdrowienia
مع التحية|مع خالص التحية|تحياتي|مع تحياتي|وتفضلوا بقبول فائق الاحترام|المخلص|المخلصة|شكرا|مقدمه
ਧੰਨਵਾਦ|ਸਤਿਕਾਰ ਸਹਿਤ|ਤੁਹਾਡਾ ਸ਼ੁਭਚਿੰਤਕ|ਤੁਹਾਡਾ|ਤੁਹਾਡੀ|ਆਪ ਜੀ ਦਾ|ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ`, "\n") {
		for _, f := range strings.Split(line, "|") {
			list = append(list, strings.ToLower(foldAll(f)))
		}
	}
	return list
}()

// signatures finds the name below a closing formula: on the same line behind a comma, or on the next two lines that say something.
func (s *search) signatures() {
	lines := s.lines()
	for i, l := range lines {
		line := s.low[l.begins:l.ends]
		rest, closing := closes(line)
		if stop := strings.LastIndexAny(line, ".!?"); !closing && stop > 0 && stop < len(line)-2 { // "… Yours faithfully, the name"
			behind := strings.TrimLeft(line[stop+1:], " ")
			if rest, closing = closes(behind); closing && rest > 0 {
				rest += len(line) - len(behind)
			}
		}
		if !closing {
			continue
		}
		if rest > 0 {
			s.signed(span{l.begins + rest, l.ends})
			continue
		}
		for n, next := range lines[i+1:] {
			if n == 2 || !s.signed(next) {
				break
			}
		}
	}
}

type span struct{ begins, ends int }

// lines are the lines that say something, without the spaces around them.
func (s *search) lines() (list []span) {
	at := 0
	for _, line := range strings.SplitAfter(s.plain, "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed != "" {
			from := at + strings.Index(line, trimmed)
			list = append(list, span{from, from + len(trimmed)})
		}
		at += len(line)
	}
	return list
}

// closes tells whether a line is a closing formula; rest is where, behind a comma, a name begins on the same line, 0 for nowhere.
func closes(line string) (rest int, closing bool) {
	for _, f := range formulas {
		after, ok := strings.CutPrefix(line, f)
		if !ok {
			continue
		}
		name := strings.TrimLeft(after, " ,.!:-")
		switch {
		case name == "":
			return 0, true
		case after != "" && strings.IndexByte(",-:", strings.TrimLeft(after, " ")[0]) >= 0 && len(strings.Fields(name)) <= 5:
			return len(line) - len(name), true
		}
	}
	return 0, false
}

// signed takes a line for a name: at most five words, each with a capital letter where the script has any, no verb's punctuation.
func (s *search) signed(l span) bool {
	text := s.plain[l.begins:l.ends]
	words := s.within(l.begins, l.ends)
	if len(words) == 0 || len(words) > 5 || strings.ContainsAny(text, "?!:;@") || strings.ContainsFunc(text, unicode.IsDigit) {
		return false
	}
	for _, w := range words {
		if cased(w.low) && !w.capital && w.low != "of" && w.low != "and" && w.low != "i" && w.low != "de" && w.low != "bin" && w.low != "van" {
			return false
		}
	}
	if len(words) == 1 && noNames[words[0].low] {
		return false
	}
	s.hit(words[0].begins, words[len(words)-1].ends, Signature, Sure, ByFormula)
	return true
}
