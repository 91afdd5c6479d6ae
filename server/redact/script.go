package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sounds are what letters of other scripts are written as in Latin letters, by the readings that names have; the first byte '~' marks a
// vowel or half vowel that Latin spelling may leave out or write in many ways.
var sounds = map[rune]string{
	'ا': "~aeiou", 'ب': "b", 'پ': "p", 'ت': "t", 'ٹ': "t", 'ث': "s,th", 'ج': "j,g", 'چ': "ch,c", 'ح': "h", 'خ': "kh", 'د': "d", 'ڈ': "d", 'ذ': "z,dh,th",
	'ر': "r", 'ڑ': "r", 'ز': "z,s", 'ژ': "zh,j", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "z,d", 'ط': "t", 'ظ': "z", 'ع': "~aeiou", 'غ': "gh,g", 'ف': "f,ph",
	'ق': "q,k", 'ک': "k,c,q", 'گ': "g", 'ل': "l", 'م': "m", 'ن': "n", 'ں': "n", 'و': "~wvou", 'ہ': "~ha", 'ی': "~yiea", 'ے': "~eay",
	'ਅ': "~aeiou", 'ਆ': "~a", 'ਇ': "~ie", 'ਈ': "~ie", 'ਉ': "~u", 'ਊ': "~u", 'ਏ': "~e", 'ਐ': "~a", 'ਓ': "~o", 'ਔ': "~ao", 'ਾ': "~a", 'ਿ': "~ie", 'ੀ': "~ie", 'ੁ': "~u", 'ੂ': "~uo",
	'ੇ': "~ea", 'ੈ': "~ae", 'ੋ': "~o", 'ੌ': "~ao", 'ੰ': "n,m", 'ਂ': "n,m", 'ੱ': "~", 'ਸ': "s,sh", 'ਹ': "h", 'ਕ': "k,c", 'ਖ': "kh", 'ਗ': "g", 'ਘ': "gh,g", 'ਚ': "ch,c",
	'ਛ': "chh,ch", 'ਜ': "j,z", 'ਝ': "jh", 'ਟ': "t", 'ਠ': "th", 'ਡ': "d", 'ਢ': "dh", 'ਣ': "n", 'ਤ': "t", 'ਥ': "th", 'ਦ': "d", 'ਧ': "dh", 'ਨ': "n", 'ਪ': "p", 'ਫ': "ph,f",
	'ਬ': "b", 'ਭ': "bh", 'ਮ': "m", 'ਯ': "y", 'ਰ': "r", 'ਲ': "l", 'ਵ': "v,w", 'ੜ': "r", '੍': "~",
}

const vowels = "aeiouy"

// sameSound tells whether two words are one name in two scripts, one of them Latin: every consonant of either is in both, in order.
func sameSound(a, b string) bool {
	latinA, latinB := latin(a), latin(b)
	switch {
	case latinA == latinB:
		return false
	case latinA:
		return spells(a, []rune(b))
	}
	return spells(b, []rune(a))
}

func latin(word string) bool {
	for _, c := range word {
		if !unicode.Is(unicode.Latin, c) {
			return false
		}
	}
	return true
}

// spells tells whether Latin letters read the letters of another script. Only names of at least three sounds are compared: shorter
// ones sound like too many words.
func spells(latin string, other []rune) bool {
	if utf8.RuneCountInString(latin) < 4 || len(other) < 3 {
		return false
	}
	for _, c := range other {
		if _, known := sounds[c]; !known {
			return false
		}
	}
	return (&speller{latin: latin, other: other, tried: make([]bool, (len(latin)+1)*(len(other)+1))}).from(0, 0)
}

// speller remembers what it has tried, so that its time is the product of two words' lengths at most.
type speller struct {
	latin string
	other []rune
	tried []bool
}

func (p *speller) from(i, j int) bool {
	cell := i*(len(p.other)+1) + j
	if p.tried[cell] {
		return false
	}
	p.tried[cell] = true
	if j == len(p.other) {
		return strings.Trim(p.latin[i:], vowels+"h") == ""
	}
	sound := sounds[p.other[j]]
	if vowel, ok := strings.CutPrefix(sound, "~"); ok {
		if i < len(p.latin) && strings.IndexByte(vowel, p.latin[i]) >= 0 {
			k := i + 1
			for k < len(p.latin) && strings.IndexByte(vowels, p.latin[k]) >= 0 {
				if p.from(k, j+1) {
					return true
				}
				k++
			}
			if p.from(k, j+1) {
				return true
			}
		}
		if vowel == "" && p.from(i, j+1) {
			return true
		}
	} else if slices.ContainsFunc(strings.Split(sound, ","), func(way string) bool { return p.consonant(i, j, way) }) {
		return true
	}
	// Arabic script leaves short vowels out.
	return i < len(p.latin) && strings.IndexByte(vowels, p.latin[i]) >= 0 && p.from(i+1, j)
}

// consonant reads one consonant, which Latin spelling may double.
func (p *speller) consonant(i, j int, way string) bool {
	if !strings.HasPrefix(p.latin[i:], way) {
		return false
	}
	i += len(way)
	if p.from(i, j+1) {
		return true
	}
	return strings.HasPrefix(p.latin[i:], way) && p.from(i+len(way), j+1)
}

// Titles that stand before a name, and those behind one, in scripts without capital letters.
var (
	titleBefore = set(`جناب محترم محترمہ مسٹر مسز ڈاکٹر پروفیسر مولانا حاجی چوہدری السيد السيدة الدكتور الدكتورة الأستاذ الأستاذة الحاج الشيخ للسيد والسيد
		ਸ੍ਰੀ ਸ਼੍ਰੀ ਸ੍ਰੀਮਤੀ ਸ਼੍ਰੀਮਤੀ ਸਰਦਾਰ ਡਾਕਟਰ ਡਾ ਬੀਬੀ`)
	titleBehind = set(`صاحب صاحبہ بیگم بھائی آنٹی انکل ਸਾਹਿਬ`)
	// function are words that are no names: particles, pronouns, forms of "to be", offices.
	function = set(`کے کی کا نے سے کو میں پر اور ہے ہیں تھا تھی تھے کہ یہ وہ بھی نہیں جو تک ہی تو اگر لیکن مگر ایک کچھ سب ہر بہت آپ ہم ان اس جس کیا کون کہاں کیوں جب تب اب یہاں وہاں گا گی گے ہو ہوں
		صدر افسر کونسلر کمشنر امام مولوی وزیر میئر چیئرمین کونسل محترم جناب ڈاکٹر صاحب صاحبہ عالی خانہ
		في من إلى على عن مع هذا هذه ذلك التي الذي هو هي هم نحن أنا كان كانت لا ما لم لن قد أن إن كل بعض رئيس مدير المدير الرئيس المجلس العام المحترم المحترمة
		ਦੇ ਦਾ ਦੀ ਨੇ ਤੋਂ ਨੂੰ ਵਿੱਚ ਵਿਚ ਹੈ ਹਨ ਸੀ ਤੇ ਅਤੇ ਇਹ ਉਹ ਕਿ ਜੋ ਜੀ ਕੌਂਸਲਰ ਅਫ਼ਸਰ ਗੁਰਦੁਆਰਾ ਗੁਰਦੁਆਰੇ ਗ੍ਰੰਥ ਕੋਲ ਦੀਆਂ`)
)

// scriptTitles finds people by titles in scripts without capital letters: one word behind a title, two where a title stands on either side.
func (s *search) scriptTitles() {
	name := func(i int) bool {
		return i >= 0 && i < len(s.words) && !function[s.words[i].low] && !cased(s.words[i].low) && !unicode.IsDigit([]rune(s.words[i].low)[0])
	}
	for i, w := range s.words {
		beside := func(j int) bool { return name(j) && s.words[j].sentence == w.sentence }
		switch {
		case titleBefore[w.low] && beside(i+1) && !titleBefore[s.words[i+1].low]:
			last := i + 1
			if beside(i+2) && i+3 < len(s.words) && (titleBehind[s.words[i+3].low] || function[s.words[i+3].low]) && !titleBehind[s.words[i+2].low] {
				last = i + 2
			}
			s.hit(s.words[i+1].begins, s.words[last].ends, Person, Likely, ByTitle)
		case titleBehind[w.low] && beside(i-1) && !titleBefore[s.words[i-1].low]:
			s.hit(s.words[i-1].begins, s.words[i-1].ends, Person, Likely, ByTitle)
		}
	}
	for _, m := range calledScript.FindAllStringSubmatchIndex(s.low, -1) {
		s.hit(m[2], m[3], Name, Likely, ByTitle)
	}
}
