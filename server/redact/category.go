package redact

import (
	_ "embed"
	"strings"
)

//go:embed words.txt
var wordList string

// phrase is a word or several of a special category.
type phrase struct {
	words    []string // folded, lower case; a star at the end stands for any ending
	kind     Kind
	language string
}

func (p phrase) matches(words []word) bool {
	if len(words) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		stem, any := strings.CutSuffix(w, "*")
		if w != words[i].low && !(any && strings.HasPrefix(words[i].low, stem)) || i > 0 && words[i].sentence != words[0].sentence {
			return false
		}
	}
	return true
}

// phrases are those of the list by their first word, stems by their first three letters: a text is walked through once.
var phrases = func() map[string][]phrase {
	m := map[string][]phrase{}
	for _, line := range strings.Split(wordList, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		kind, rest, _ := strings.Cut(line, " ")
		language, list, _ := strings.Cut(rest, " ")
		for _, entry := range strings.Split(list, ",") {
			p := phrase{kind: Kind(kind), language: language}
			for _, w := range strings.Fields(strings.ToLower(foldAll(entry))) {
				p.words = append(p.words, strings.Split(w, "'")...)
			}
			first := p.words[0]
			if stem, any := strings.CutSuffix(first, "*"); any {
				first = head(stem) + "*"
			}
			m[first] = append(m[first], p)
		}
	}
	return m
}()

// head is the first three letters of a word.
func head(w string) string {
	n := 0
	for i := range w {
		if n == 3 {
			return w[:i]
		}
		n++
	}
	return w
}

// categories finds words of the special categories where they are said of a person.
func (s *search) categories() {
	for i := 0; i < len(s.words); i++ {
		best := phrase{}
		for _, list := range [][]phrase{phrases[s.words[i].low], phrases[head(s.words[i].low)+"*"]} {
			for _, p := range list {
				if len(p.words) > len(best.words) && p.matches(s.words[i:]) {
					best = p
				}
			}
		}
		if best.words == nil {
			continue
		}
		last := i + len(best.words) - 1
		if s.ofPerson(i, last, best) {
			s.hit(s.words[i].begins, s.words[last].ends, best.kind, Likely, ByPerson)
		}
		i = last
	}
}

// ofPerson tells whether the sentence says a word of somebody.
func (s *search) ofPerson(first, last int, p phrase) bool {
	if p.language != "en" {
		return s.nearPerson(first, last)
	}
	if s.ofThing(last, p.kind) {
		return false
	}
	switch p.kind {
	case Religion, Ethnicity, Sexuality:
		return s.isOne(first)
	case Health:
		return s.owns(first, 3) || s.subject(first, 7) || s.followed(last)
	}
	return s.subject(first, 8) || s.begun(first)
}

// Words that make a person of what stands beside them, and those that say something else is meant.
var (
	pronouns   = set("i he she")
	plural     = set("we they")
	owner      = set("my his her")
	ownerToo   = set("our their")
	being      = set("am is are was were m s re being been a an as")
	having     = set("am is was were are have has had having m ve s suffer suffers suffered suffering suffers live lives lived living diagnosed got get gets use uses used with battling battle recovering developed became become take takes need needs fighting survived lost caught went been go spent served")
	relatives  = set("wife husband partner mother father mum mom mam dad parents parent son daughter child children baby boy girl grandmother grandfather gran nan grandad granddad grandparents grandson granddaughter sister brother aunt uncle cousin neighbour neighbor tenant friend carer nephew niece twins lodger landlord man woman lady couple family chap bloke guy lad lass")
	worries    = set("worried worry worries concerned concern concerns afraid fear fears about against cause causes causing caused lead leads leading risk risks increase increases increasing if clinic charity charities support supports because parking bays bay access ramp ramps toilet toilets people residents users pedestrians customers pupils patients facility facilities against near opposite beside behind by next think believe feel hear noise heard see sure aware object objecting this that these those your not")
	identities = set("practising practicing devout proud strict british born and or young old elderly single married retired working class local lifelong life long first second third generation disabled very also both former orthodox the only a an one of openly out")
	things     = set("church churches mosque temple gurdwara synagogue school schools shop shops takeaway takeaways restaurant restaurants cafe supermarket food foods centre center community communities festival cemetery burial heritage culture language faith charity market quarter area street road group groups association society street population business businesses owned cuisine grocery grocers newspaper translation speaking speakers saturday version week month history flag embassy style architecture plumber builder builders builder's delivery film music pride party councillor councillors council government manifesto policy policies mp mps club bar night venue")
	illThings  = set("parking bay bays space spaces access ramp ramps toilet toilets badge badges people users facilities facility lift entrance residents person persons services service charity charities unit ward clinic centre hospital hospice home homes housing research rates rate cases levels hotspots friendly corner bend junction summit exit driveway spot alley turning wall walls visitors pupils customers drivers passengers pedestrians rail rails campaign awareness")
)

// ofThing tells whether the word behind makes a thing of it: "Polish shop", "disabled bays", "blind corner".
func (s *search) ofThing(last int, kind Kind) bool {
	if last+1 >= len(s.words) || s.words[last+1].sentence != s.words[last].sentence || s.plain[s.words[last].ends:s.words[last+1].begins] != " " {
		return false
	}
	next := s.words[last+1].low
	if kind == Health {
		return illThings[next]
	}
	return things[next]
}

// back is the i-th word before another one in the same sentence, "" where there is none.
func (s *search) back(first, i int) string {
	if first-i < 0 || s.words[first-i].sentence != s.words[first].sentence {
		return ""
	}
	return s.words[first-i].low
}

// isOne is "I am a practising …", "as a … woman", "my … neighbours", "we are …".
func (s *search) isOne(first int) bool {
	if b := s.back(first, 1); owner[b] || ownerToo[b] {
		return true
	}
	for i := 1; i <= 6; i++ {
		w := s.back(first, i)
		switch {
		case w == "":
			return false
		case w == "as", being[w] && w != "a" && w != "an" && w != "been" && w != "being" && s.someone(first, i+1):
			return i > 1 || w != "as"
		case !identities[w] && !being[w]:
			return false
		}
	}
	return false
}

// someone tells whether a person stands i words before: a pronoun, a relative.
func (s *search) someone(first, i int) bool {
	w := s.back(first, i)
	return pronouns[w] || plural[w] || relatives[w] || relatives[strings.TrimSuffix(w, "s")]
}

// owns is "my severe asthma": a person's word at most n words before.
func (s *search) owns(first, n int) bool {
	for i := 1; i <= n; i++ {
		w := s.back(first, i)
		if w == "" || worries[w] {
			return false
		}
		if owner[w] {
			return true
		}
	}
	return false
}

// subject is "he has", "my wife suffers from": a person, a verb within four words, and the word within n more.
func (s *search) subject(first, n int) bool {
	for i := 1; i <= n; i++ {
		w := s.back(first, i)
		if w == "" || worries[w] && !relatives[s.back(first, i-1)] {
			return false
		}
		if !having[w] {
			continue
		}
		for j := i + 1; j <= i+4; j++ {
			p := s.back(first, j)
			if p == "" || worries[p] {
				break
			}
			if pronouns[p] || relatives[p] || relatives[strings.TrimSuffix(p, "s")] {
				return true
			}
		}
		if w == "is" || w == "are" || w == "was" || w == "were" { // something else is: "… and the corner is blind"
			return false
		}
	}
	return false
}

// followed is "asthma, which my son has".
func (s *search) followed(last int) bool {
	for i := 1; i <= 4 && last+i+1 < len(s.words) && s.words[last+i+1].sentence == s.words[last].sentence; i++ {
		if (owner[s.words[last+i].low] || ownerToo[s.words[last+i].low]) && relatives[s.words[last+i+1].low] {
			return i <= 2
		}
	}
	return false
}

// begun is "I vote …", "I voted …": the person right before.
func (s *search) begun(first int) bool {
	for i := 1; i <= 2; i++ {
		if w := s.back(first, i); pronouns[w] || plural[w] || relatives[w] {
			return true
		}
	}
	return false
}

// beside are persons in other languages: "my", "I have", relatives. Word order is free there, so that a person within a few words will do.
var beside = set(`مجھے میرا میری میرے ہمارا ہماری ہمارے ہوں بیٹا بیٹے بیٹی بیوی شوہر والدہ والد امی ابو ماں باپ بھائی بہن دادی دادا نانی نانا پڑوسی پڑوسن خاوند بچے بچی بچہ ہمیں
	ja moj moja moje mojego mojej mam jestem jestesmy choruje cierpie maz zona syn syna corka corki matka matki mama ojciec ojca tata brat siostra sasiad sasiadka babcia dziadek partner partnerka zony meza mezem naszego naszej nasz nasza
	ਮੈਨੂੰ ਮੇਰਾ ਮੇਰੀ ਮੇਰੇ ਸਾਡਾ ਸਾਡੀ ਸਾਡੇ ਹਾਂ ਪੁੱਤਰ ਧੀ ਪਤਨੀ ਪਤੀ ਮਾਂ ਪਿਤਾ ਬੇਟਾ ਬੇਟੀ ਦਾਦੀ ਦਾਦਾ ਗੁਆਂਢੀ ਮੈਂ
	أنا ابني ابنتي أمي والدتي والدي أبي زوجي زوجتي لدي عندي أعاني أخي أختي جدتي جدي جاري جارتي طفلي طفلتي نحن لأني`)

func (s *search) nearPerson(first, last int) bool {
	for i := max(0, first-6); i < min(len(s.words), last+5); i++ {
		if (i < first || i > last) && s.words[i].sentence == s.words[first].sentence && beside[s.words[i].low] {
			return true
		}
	}
	return false
}
