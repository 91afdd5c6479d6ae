package redact

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// commonNames are words of names that are words of planning too: they count beside another part of the name only.
var commonNames = set(`
	brown white green black gray grey hill wood woods park street church young long king price field fields lane banks bank brook rose may june april august
	summer summers winter day knight bishop abbot cook baker miller mason carter porter gardener gardner fisher hunter taylor smith stone rock bridge ford
	marsh moor west east north south newton page read reed love joy hope faith grace will mark bill rob pat sue frank grant dean guy art drew chase grove
	hall house home close crook sharp swift strong wise good best rich cross gates wall walls poole pool rivers waters lake bell little small short
	city planning resident residents neighbour neighbours owner owners tenant tenants family shop keeper parent parents member friend friends group
	association society trust committee council of the and at for from a an concerned anonymous local user business company ltd limited demo officer sample example
	star light view green way road square court garden gardens`)

// authorName finds the author's own name: the whole, or parts that are no common words, in whatever script they are written.
func (s *search) authorName() {
	r := read(s.about.Name)
	if len(r.words) == 0 || strings.ContainsAny(r.plain, ",;0123456789") {
		return
	}
	sure := Sure
	if s.about.NamePublic {
		sure = Possible
	}
	if len(r.words) > 1 {
		s.wholeName(r.words, sure)
	}
	for _, w := range r.words {
		if w.low == "of" || w.low == "at" {
			return // "Resident of Sample Street" is a role
		}
	}
	for _, part := range r.words {
		if utf8.RuneCountInString(part.low) < 3 || commonNames[part.low] {
			continue
		}
		for _, w := range s.words {
			switch {
			case w.low == part.low && (w.capital || !cased(w.low)):
				s.hit(w.begins, w.ends, Name, sure, ByAuthor)
			case sameSound(part.low, w.low):
				s.hit(w.begins, w.ends, Name, min(sure, Likely), ByScript)
			}
		}
	}
}

// wholeName finds all words of a name in their order.
func (s *search) wholeName(parts []word, sure Confidence) {
	for i := range s.words {
		if i+len(parts) > len(s.words) {
			return
		}
		if slices.EqualFunc(parts, s.words[i:i+len(parts)], func(a, b word) bool { return a.low == b.low }) {
			s.hit(s.words[i].begins, s.words[i+len(parts)-1].ends, Name, sure, ByAuthor)
		}
	}
}

// cased tells whether a word's script has capital letters.
func cased(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.ToUpper(first) != first || unicode.ToLower(first) != first
}

const (
	given    = `[A-Z][\p{L}'-]*\p{Ll}[\p{L}'-]*`
	fullName = `(` + given + `(?: (?:[A-Z]\.? )?` + given + `){0,2}|[A-Z]\.? ` + given + `)`
)

var (
	titleForm  = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Reverend|Revd|Imam|Maulana|Pandit|Rabbi|Sheikh|Shaykh|Haji|Hajji|Mister|Doctor|Sir|Dame|Cllr|Councillor|Pan|Pana|Panu|Panem|Pani|Pania|Panie|Panstwo|Panstwa|Sri|Shri|Smt|Sardar|Janab|Aunty|Auntie|Uncle|Herr|Frau)\b\.? (?:and (?:Mr|Mrs|Ms|Miss|Dr)\.? )?` + fullName)
	honourForm = regexp.MustCompile(fullName + ` (?:[Ss]ahib|[Ss]aheb|[Ss]ahab|[Ss]ahiba|[Bb]egum|[Bb]ibi|[Bb]hai|[Bb]aji|Uncle|Aunty|Auntie|Ji|ji)\b`)
	calledForm = regexp.MustCompile(`\b(?:[Mm]y name is|[Mm]y name's|[Tt]his is signed|[Ss]igned:?|[Nn]azywam sie|[Mm]am na imie|[Ss]poke to|[Ss]poke with|[Tt]alked to) ` + fullName)
)

// noNames are capital words that follow a title, begin a sentence, or stand in names of things.
var noNames = set(`the a an and but or my our your his her their its i it he she they we you who what when where why how this that these those is are was were will
	would can could should has have had do does did not no yes please thank thanks dear sir madam councillor officer mayor planning council committee
	application applicant developer architect monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
	september october november december english urdu polish arabic punjabi european european american asian british road street lane gp nhs mp
	as at by for from in into of on over to with if so also then there here because since while after before primary school academy university hospital
	surgery centre residents neighbours premier prezydent burmistrz radny radna dyrektor sasiadka sasiad chairman chair inspector secretary
	kierownik europe speaker ask tell call`)

// titles finds people whom a title or "my name is" announces.
func (s *search) titles() {
	for _, m := range titleForm.FindAllStringSubmatchIndex(s.plain, -1) {
		begins, ends := s.trim(m[2], m[3])
		title := s.low[m[0]:m[2]]
		switch {
		case strings.HasPrefix(title, "cllr") || strings.HasPrefix(title, "councillor"):
			s.hit(begins, ends, Person, Possible, ByPublic)
		default:
			s.hit(begins, ends, Person, Likely, ByTitle)
		}
	}
	for _, m := range honourForm.FindAllStringSubmatchIndex(s.plain, -1) {
		begins, ends := s.trim(m[2], m[3])
		s.hit(begins, ends, Person, Likely, ByTitle)
	}
	for _, m := range calledForm.FindAllStringSubmatchIndex(s.plain, -1) {
		begins, ends := s.trim(m[2], m[3])
		kind := Person
		if strings.Contains(s.low[m[0]:m[2]], "name") || strings.Contains(s.low[m[0]:m[2]], "sign") || strings.Contains(s.low[m[0]:m[2]], "nazywam") || strings.Contains(s.low[m[0]:m[2]], "imie") {
			kind = Name
		}
		s.hit(begins, ends, kind, Likely, ByTitle)
	}
	s.scriptTitles()
}

// trim takes words off a name that are none: "Mrs Example The" is one.
func (s *search) trim(begins, ends int) (int, int) {
	var last int
	for _, w := range s.within(begins, ends) {
		if w.low == "and" || w.low == "i" {
			continue
		}
		if noNames[w.low] {
			break
		}
		last = w.ends
	}
	if last == 0 {
		return begins, begins
	}
	return begins, last
}

// within are the words between two bytes.
func (s *search) within(begins, ends int) []word {
	i, _ := slices.BinarySearchFunc(s.words, begins, func(w word, at int) int { return w.begins - at })
	j := i
	for j < len(s.words) && s.words[j].ends <= ends {
		j++
	}
	return s.words[i:j]
}

var (
	relationForm = regexp.MustCompile(`\b(?i:my|our|his|her|their|the)(?: (?i:next[- ]door|old|elderly|late|ex|former|upstairs|downstairs|dear|good))* (?i:neighbour|neighbor|husband|wife|partner|friend|landlord|landlady|tenant|lodger|mother|father|mum|mom|dad|brother|sister|aunt|aunty|uncle|cousin|carer|cleaner|boss|colleague|gran|nan|grandmother|grandfather)s?,? (?:(?i:is )?(?i:called|named) )?` + fullName)
	polishForm   = regexp.MustCompile(`\b(?i:moj|moja|moje|mojego|mojej|moim|nasz|nasza|naszego|naszej) (?i:maz|meza|zona|zony|zone|sasiad|sasiada|sasiadka|sasiadki|matka|matki|ojciec|ojca|brat|siostra|znajomy|znajoma),? ` + fullName)
	childForm    = regexp.MustCompile(`\b(?i:my|our|his|her|their)(?: (?i:little|wee|young|younger|youngest|older|elder|eldest|oldest|baby|twin|own|two|three|disabled|\d{1,2}[- ]year[- ]old))* (?i:son|daughter|child|children|kid|kids|boy|boys|girl|girls|lad|lass|baby|toddler|twins|grandson|granddaughter|grandchild|grandchildren|grandkids|nephew|niece)s?,? (?:(?i:is |are )?(?i:called|named) )?(` + given + `(?:(?:, | and |, and )` + given + `)*)`)
	polishChild  = regexp.MustCompile(`\b(?i:moj|moja|moje|mojego|mojej|moim|nasz|nasza|nasze|naszego|naszej) (?i:syn|syna|synek|synka|corka|corki|corke|coreczka|coreczki|dziecko|dzieci|wnuk|wnuka|wnuczka|wnuczki),? (` + given + `(?:(?:, | i )` + given + `)*)`)
)

// relations finds people who are named as somebody's: "my neighbour …".
func (s *search) relations() {
	for _, form := range []*regexp.Regexp{relationForm, polishForm} {
		for _, m := range form.FindAllStringSubmatchIndex(s.plain, -1) {
			begins, ends := s.trim(m[2], m[3])
			s.hit(begins, ends, Person, Likely, ByRelation)
		}
	}
}

var (
	yearsOld   = regexp.MustCompile(`\b(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)[- ]?(year|month|week|yr)s?[- ]?olds?\b`)
	agedChild  = regexp.MustCompile(`\b(?:(?:is|are|just|only|now|aged?|turned|turns) (?:just |only |now )?(\d{1,2})\b|\((?:aged? )?(\d{1,2})(?: and (\d{1,2}))?\)|aged? (\d{1,2}) and (\d{1,2})\b)`)
	polishAge  = regexp.MustCompile(`\b(\d{1,2})[- ]?(?:letni\p{L}*|lat|lata)\b`)
	urduAge    = regexp.MustCompile(foldAll(`(\d{1,2}) (?:سال|برس|سنوات|سنة|ਸਾਲ)`))
	schoolForm = regexp.MustCompile(`\b((?:[A-Z][\p{L}.'-]+ ){1,4}(?:(?:Primary|Infant|Infants|Junior|Nursery|Secondary|Grammar|High|Special)(?: School| Academy)?|School|Academy|Pre-?[Ss]chool|Playgroup))\b`)
	myChild    = set(`son sons daughter daughters child children kid kids baby toddler twins grandson grandsons granddaughter granddaughters grandchild grandchildren niece nephew boy boys girl girls lad lads lass
		syn syna synek corka corki coreczka dziecko dzieci wnuk wnuczka
		بیٹا بیٹے بیٹی بیٹیاں بچہ بچے بچی بچوں پوتا پوتی نواسا نواسی
		ابني ابنتي أولادي أطفالي طفلي طفلتي حفيدي بنتي
		ਪੁੱਤਰ ਧੀ ਬੱਚਾ ਬੱਚੇ ਬੱਚੀ ਪੋਤਾ ਪੋਤੀ ਬੇਟਾ ਬੇਟੀ`)
	parentOf = set("sasiadki sasiada siostry brata kolezanki kolegi")
	mine     = set(`my our his her their moj moja moje mojego mojej nasz nasza nasze میرا میری میرے ہمارا ہماری ہمارے اس ان ਮੇਰਾ ਮੇਰੀ ਮੇਰੇ ਸਾਡਾ ਸਾਡੀ ਸਾਡੇ
		ابني ابنتي أولادي أطفالي طفلي طفلتي حفيدي بنتي`)
)

// children finds what tells who a child is: the name, the age, the school.
func (s *search) children() {
	for _, form := range []*regexp.Regexp{childForm, polishChild} {
		for _, m := range form.FindAllStringSubmatchIndex(s.plain, -1) {
			begins, ends := s.trim(m[2], m[3])
			s.hit(begins, ends, Child, Likely, ByRelation)
		}
	}
	about := s.sentencesWithChildren()
	if len(about) == 0 {
		return
	}
	for _, form := range []*regexp.Regexp{agedChild, polishAge, urduAge} {
		for _, m := range form.FindAllStringSubmatchIndex(s.low, -1) {
			for g := 2; g+1 < len(m); g += 2 {
				if m[g] >= 0 && about[s.sentenceAt(m[g])] && underAge(s.low[m[g]:m[g+1]]) {
					s.hit(m[g], m[g+1], Child, Likely, ByRelation)
				}
			}
		}
	}
	for _, m := range yearsOld.FindAllStringSubmatchIndex(s.low, -1) {
		if about[s.sentenceAt(m[2])] && (underAge(s.low[m[2]:m[3]]) || s.low[m[4]] != 'y') {
			s.hit(m[0], m[1], Child, Likely, ByRelation)
		}
	}
	for _, m := range schoolForm.FindAllStringSubmatchIndex(s.plain, -1) {
		if about[s.sentenceAt(m[2])] {
			s.hit(m[2], m[3], Child, Likely, ByRelation)
		}
	}
}

// underAge tells whether years, in digits or words, are those of a child.
func underAge(years string) bool {
	n, err := strconv.Atoi(years)
	return err != nil || n < 18
}

// sentencesWithChildren are those that speak of somebody's own child.
func (s *search) sentencesWithChildren() map[int]bool {
	found := map[int]bool{}
	for i, w := range s.words {
		if !myChild[w.low] {
			continue
		}
		for j := i; j >= 0 && j >= i-4 && s.words[j].sentence == w.sentence; j-- {
			if mine[s.words[j].low] {
				found[w.sentence] = true
			}
		}
		if i+1 < len(s.words) && parentOf[s.words[i+1].low] {
			found[w.sentence] = true
		}
	}
	return found
}

func (s *search) sentenceAt(at int) int {
	i, _ := slices.BinarySearchFunc(s.words, at, func(w word, at int) int {
		if w.ends <= at {
			return -1
		}
		return w.begins - at
	})
	if i < len(s.words) && s.words[i].begins <= at {
		return s.words[i].sentence
	}
	return -1
}
