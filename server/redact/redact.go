// Package redact finds what a public text should not hold: contact details, names of people, numbers that open accounts, health, faith
// and other special-category details, what tells about a child. It proposes; a person decides. It is pure, deterministic and local: no
// network, no clock, no state, and its time grows with the length of the text. docs/methodology.md says how well it does.
package redact

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what was found.
type Kind string

// The kinds. The special categories are those of Article 9 and 10 of the UK GDPR.
const (
	Phone      Kind = "phone"
	Email      Kind = "email"
	Postcode   Kind = "postcode" // of a home, not of a junction or the site
	Address    Kind = "address"  // a street with a house number, or a flat
	Profile    Kind = "profile"  // a page or handle in a social network
	Plate      Kind = "plate"    // of a vehicle
	Insurance  Kind = "insurance"
	HealthID   Kind = "nhs"
	Card       Kind = "card"
	Bank       Kind = "bank"
	Birth      Kind = "birth" // a date of birth
	Signature  Kind = "signature"
	Name       Kind = "name"   // the author's
	Person     Kind = "person" // somebody else's name
	Child      Kind = "child"  // a child's name, age or school
	Health     Kind = "health"
	Religion   Kind = "religion"
	Ethnicity  Kind = "ethnicity"
	Politics   Kind = "politics"
	Sexuality  Kind = "sexuality"
	Union      Kind = "union"
	Conviction Kind = "conviction"
)

// Kinds lists them in the order in which they are explained. Where two claim the same words with equal confidence and length, the
// earlier one has them.
func Kinds() []Kind {
	return []Kind{Phone, Email, Postcode, Address, Profile, Plate, Insurance, HealthID, Card, Bank, Birth, Signature, Name, Child, Person,
		Health, Religion, Ethnicity, Politics, Sexuality, Union, Conviction}
}

// reasons are why each kind is taken out, in the words of consult.RedactionReasons.
var reasons = map[Kind]string{
	Phone: "contact", Email: "contact", Postcode: "contact", Address: "contact", Profile: "contact",
	Plate: "third-party", Insurance: "security", HealthID: "special-category", Card: "financial", Bank: "financial", Birth: "security",
	Signature: "signature", Name: "name", Person: "third-party", Child: "child",
	Health: "special-category", Religion: "special-category", Ethnicity: "special-category", Politics: "special-category",
	Sexuality: "special-category", Union: "special-category", Conviction: "special-category",
}

// Reason is why a kind is taken out.
func (k Kind) Reason() string { return reasons[k] }

// Confidence is how much stands behind a finding.
type Confidence int

// The confidences. What is Possible is shown and not proposed.
const (
	Possible Confidence = iota + 1
	Likely
	Sure
)

// Finding is one place in a text. Begins and Ends count characters (code points); Ends is the first that stays.
type Finding struct {
	Begins, Ends int
	Kind         Kind
	Reason       string // Kind.Reason, or another one that fits better
	Confidence   Confidence
	Why          string // which rule found it, as a short word; see Rules
}

// Proposed tells whether it should be taken out unless somebody objects.
func (f Finding) Proposed() bool { return f.Confidence >= Likely }

// The rules that find something, as Finding.Why names them.
const (
	ByShape    = "shape"    // it is written like one
	ByChecksum = "checksum" // and its check digits are right
	ByCue      = "cue"      // a word beside it says what it is
	ByAuthor   = "author"   // the author gave it as their own
	ByScript   = "script"   // the author's name in another script
	ByTitle    = "title"    // after or before a title
	ByRelation = "relation" // after "my neighbour", "my son"
	ByFormula  = "formula"  // below a closing formula
	ByPerson   = "near"     // said of a person in the same sentence
	ByPublic   = "public"   // of an office or an elected member: usually public
)

// Rules lists them.
func Rules() []string {
	return []string{ByShape, ByChecksum, ByCue, ByAuthor, ByScript, ByTitle, ByRelation, ByFormula, ByPerson, ByPublic}
}

// About is what is known beside the text.
type About struct {
	Name       string // of the author
	NamePublic bool   // the author wants the name shown
	Email      string
	Phone      string
	Address    string
	Postcode   string
	Public     []string // addresses and postcodes that everybody knows: those of the site
}

// MaxLength is how many characters are looked at; what comes behind is not. No text of a comment is as long.
const MaxLength = 200_000

// Find lists what a text holds, in the order of the text; no two findings overlap.
func Find(text string, about About) []Finding {
	r := read(text)
	s := &search{reading: r, about: about}
	for _, detect := range []func(*search){
		(*search).numbers, (*search).emails, (*search).profiles, (*search).postcodes, (*search).addresses, (*search).plates, (*search).births,
		(*search).signatures, (*search).authorName, (*search).titles, (*search).relations, (*search).children, (*search).categories,
	} {
		detect(s)
	}
	return r.apart(s.found)
}

// Contacts lists the ways to reach or find somebody that a text holds: what a public message should never carry.
func Contacts(text string) []Finding {
	r := read(text)
	s := &search{reading: r}
	s.numbers()
	s.emails()
	s.postcodes()
	s.addresses()
	s.found = slices.DeleteFunc(s.found, func(h hit) bool { return h.sure < Likely })
	return r.apart(s.found)
}

// search is one text being looked at.
type search struct {
	*reading
	about About
	found []hit
}

// hit is a finding by its bytes in the reading.
type hit struct {
	begins, ends int
	kind         Kind
	sure         Confidence
	why          string
	reason       string // "" = the kind's
}

// holds tells whether a text can hold what needs one of these at all: it spares most texts most of the looking.
func (s *search) holds(any ...string) bool {
	return slices.ContainsFunc(any, func(a string) bool { return strings.Contains(s.low, a) })
}

func (s *search) hit(begins, ends int, kind Kind, sure Confidence, why string) {
	if begins < ends {
		s.found = append(s.found, hit{begins: begins, ends: ends, kind: kind, sure: sure, why: why})
	}
}

// apart turns hits into findings of which no two overlap: the surer, then the longer one has the words.
func (r *reading) apart(hits []hit) []Finding {
	order := map[Kind]int{}
	for i, k := range Kinds() {
		order[k] = i
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.sure, a.sure), cmp.Compare(b.ends-b.begins, a.ends-a.begins), cmp.Compare(order[a.kind], order[b.kind]),
			cmp.Compare(a.begins, b.begins))
	})
	taken := make([]bool, len(r.plain)+1)
	var found []Finding
	for _, h := range hits {
		if taken[h.begins] || taken[h.ends-1] || slices.Contains(taken[h.begins:h.ends], true) {
			continue
		}
		for i := h.begins; i < h.ends; i++ {
			taken[i] = true
		}
		f := Finding{Begins: r.at[h.begins], Ends: r.at[h.ends], Kind: h.kind, Reason: cmp.Or(h.reason, h.kind.Reason()), Confidence: h.sure, Why: h.why}
		if f.Begins < f.Ends {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b Finding) int { return cmp.Compare(a.Begins, b.Begins) })
	return found
}
