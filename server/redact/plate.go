package redact

import "regexp"

var (
	currentPlate = regexp.MustCompile(`\b[A-HJ-PR-Y][A-HJ-PR-Y]\d{2} ?[A-HJ-PR-Z]{3}\b`)
	prefixPlate  = regexp.MustCompile(`\b[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Y]{3}\b`)
	suffixPlate  = regexp.MustCompile(`\b[A-HJ-PR-Y]{3} ?\d{1,3} ?[A-HJ-NPR-TV-Y]\b`)
	oldPlate     = regexp.MustCompile(`\b(?:[A-Z]{1,3} ?\d{1,4}|\d{1,4} ?[A-Z]{1,3})\b`)
	lowerPlate   = regexp.MustCompile(`\b(?:[a-hj-pr-y][a-hj-pr-y]\d{2} ?[a-hj-pr-z]{3}|[a-hj-npr-tv-y]\d{1,3} ?[a-hj-pr-y]{3})\b`)
	plateCue     = regexp.MustCompile(foldAll(`(?:\b(?:reg|registration|registered|plate|plates|number plate|licence plate|rejestracj\p{L}*|numer rejestracyjny|tablic\p{L}*)|نمبر پلیٹ|گاڑی نمبر|لوحة|ਨੰਬਰ ਪਲੇਟ)(?:[.:]? (?:no|number|nr|is|was|mark|the|of))*[\s:.,(]*$`))
	vehicleCue   = regexp.MustCompile(`\b(?:car|van|lorry|truck|vehicle|bike|motorbike|moped|taxi|minibus|bmw|audi|ford|vauxhall|toyota|mercedes|transit|golf|corsa|fiesta|jeep|reg|registration|plate|samochod|auto)\b[^.\n]{0,36}$`)
)

// plateWords are three capital letters that mean something else: "M42 AND", "A45 THE".
var plateWords = set("the and for bus mph are was not you all can has had but our out per via new old who why how may men two one see set let any its air law tax act sat sun mon tue wed thu fri jan feb mar apr jun jul aug sep oct nov dec pdf jpg dwg rev hgv lgv ltn ulez pcn cpz uk eu ltd plc gas oil tv dvd nhs gp mp vat co2 sqm sqf mm km kg kw hse")

// plates finds vehicle registration marks: those of today, with a prefix, with a suffix, and older ones where a word says what they are
// (DVLA's INF104 lists the formats).
func (s *search) plates() {
	if !s.numbered {
		return
	}
	for _, form := range []*regexp.Regexp{currentPlate, prefixPlate, suffixPlate} {
		for _, m := range form.FindAllStringIndex(s.plain, -1) {
			letters := s.low[m[1]-3 : m[1]]
			if form == suffixPlate {
				letters = s.low[m[0] : m[0]+3]
			}
			before := s.before(m[0], 48)
			cued := plateCue.MatchString(before) || vehicleCue.MatchString(before)
			if plateWords[letters] && !cued || s.referenced(m[0]) && !cued || noHouse.MatchString(s.before(m[0], 24)) {
				continue
			}
			switch {
			case cued:
				s.hit(m[0], m[1], Plate, Sure, ByCue)
			case form == currentPlate:
				s.hit(m[0], m[1], Plate, Likely, ByShape)
			default: // "B42 ABC" may be a road, a block, a drawing
				s.hit(m[0], m[1], Plate, Possible, ByShape)
			}
		}
	}
	for _, m := range oldPlate.FindAllStringIndex(s.plain, -1) {
		if plateCue.MatchString(s.before(m[0], 48)) {
			s.hit(m[0], m[1], Plate, Likely, ByCue)
		}
	}
	for _, m := range lowerPlate.FindAllStringIndex(s.low, -1) {
		if plateCue.MatchString(s.before(m[0], 48)) {
			s.hit(m[0], m[1], Plate, Likely, ByCue)
		}
	}
}

const months = `(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrzesnia|pazdziernika|listopada|grudnia)`

var (
	dateForm = regexp.MustCompile(`\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:(?:19|20)\d{2}|\d{2})\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b|\b\d{1,2}(?:st|nd|rd|th)? (?:of )?` + months + `,? (?:19|20)\d{2}\b|\b` + months + ` \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d{2}\b`)
	birthCue = regexp.MustCompile(foldAll(`(?:\b(?:born|dob|d\.o\.b\.?|date of birth|birth date|birthdate|birthday|urodzon\p{L}*|urodzil\p{L}*|data urodzenia|daty urodzenia|ur\.)|تاریخ پیدائش|پیدا ہو\p{L}*|تاريخ (?:الميلاد|ميلاد\p{L}*)|ولدت|مواليد|ਜਨਮ(?: ਮਿਤੀ| ਤਾਰੀਖ)?)[^.!?\n]{0,20}$`))
	birthEnd = regexp.MustCompile(foldAll(`^[^.!?\n]{0,12}(?:کو پیدا|ਨੂੰ ਜਨਮ)`))
	bornIn   = regexp.MustCompile(`\bborn (?:here |there )?in ((?:19|20)\d{2})\b`)
)

// births finds dates of birth: dates that a word beside them says to be one.
func (s *search) births() {
	if !s.numbered {
		return
	}
	for _, m := range dateForm.FindAllStringIndex(s.low, -1) {
		if birthCue.MatchString(s.before(m[0], 72)) || birthEnd.MatchString(s.after(m[1], 48)) {
			s.hit(m[0], m[1], Birth, Sure, ByCue)
		}
	}
	for _, m := range bornIn.FindAllStringSubmatchIndex(s.low, -1) {
		s.hit(m[2], m[3], Birth, Likely, ByCue)
	}
}
