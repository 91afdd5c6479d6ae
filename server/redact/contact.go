package redact

import (
	"regexp"
	"strings"
	"unicode"
)

// Hint is what a browser looks for while a message is being written: a loose net, in syntax that Go and JavaScript share (with the flags
// i and u). Whatever Contacts finds of telephone numbers and e-mail addresses is caught in it; the rest is for the officers.
const Hint = `(?:\+|\p{Nd})(?:[\s().\-\/]{0,3}\p{Nd}){5,}|\S@\S|\bat\b.{0,40}\bdot\b|\(at\)|\[at\]|\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b`

var (
	emailForm = regexp.MustCompile(`[\p{L}\p{N}][\p{L}\p{N}._%+'-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}`)
	spelledAt = regexp.MustCompile(`\b[a-z0-9][a-z0-9._%+-]* ?(?:\(at\)|\[at\]|\{at\}|<at>| at | @ |@) ?[a-z0-9-]+(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.) ?[a-z0-9-]+)+\b`)
	spelled   = regexp.MustCompile(`\(at\)|\[at\]|\{at\}|<at>| @ | dot |\(dot\)|\[dot\]|\{dot\}`)
	plainDot  = regexp.MustCompile(` dot |\(dot\)|\[dot\]|\{dot\}`)
)

// office are names before the @ that stand for a place of work.
var office = set("info planning enquiries enquiry contact contactus office admin hello post mail consultation consultations comments team press foi licensing highways support help feedback")

// emails finds addresses, also spelled out: "name at example dot org".
func (s *search) emails() {
	if !s.holds("@", " at ", "(at)", "[at]", "{at}", "<at>") {
		return
	}
	for _, m := range emailForm.FindAllStringIndex(s.low, -1) {
		local, domain, _ := strings.Cut(s.low[m[0]:m[1]], "@")
		sure, why := Sure, ByShape
		if office[local] || strings.HasSuffix(domain, ".gov.uk") && office[strings.Split(local, ".")[0]] {
			sure, why = Possible, ByPublic
		}
		s.hit(m[0], m[1], Email, sure, why)
	}
	for _, m := range spelledAt.FindAllStringIndex(s.low, -1) {
		found := s.low[m[0]:m[1]]
		if !spelled.MatchString(found) {
			continue
		}
		local, _, _ := strings.Cut(found, " ")
		if strings.Contains(found, " at ") && (!plainDot.MatchString(found) || local == "look" || local == "meet") {
			continue // "the plans at example.org"
		}
		s.hit(m[0], m[1], Email, Likely, ByShape)
	}
}

var (
	profileForm = regexp.MustCompile(`(?:https?://)?(?:[a-z0-9-]+\.)?\b(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|snapchat|threads|bsky|t|wa|telegram|youtube|reddit|vk|nextdoor|mastodon)\.(?:com|net|me|app|social|co\.uk|online)/[^\s,;)\]>"']*[^\s,;)\]>"'.!?]`)
	handleForm  = regexp.MustCompile(`(?:^|[\s(:,;])(@[a-z][a-z0-9_.]{2,29})\b`)
	handleCue   = regexp.MustCompile(`\b(?:insta|instagram|ig|twitter|tiktok|facebook|fb|snapchat|snap|handle|follow|dm|message|threads|mastodon|bluesky|telegram)\b[^.\n]{0,20}$`)
	namedHandle = regexp.MustCompile(`\b(?:insta|instagram|snapchat|snap|tiktok|telegram)(?: (?:is|handle|name|me at))*[: ]+@?([a-z0-9]+[._][a-z0-9_.]{1,28}[a-z0-9]|[a-z]+\d[a-z0-9_]*)\b`)
)

// profiles finds pages and handles in social networks.
func (s *search) profiles() {
	if !s.holds("@", "/", "insta", "snap", "tiktok", "telegram") {
		return
	}
	for _, m := range profileForm.FindAllStringIndex(s.low, -1) {
		sure := Sure
		if path := s.low[m[0]:m[1]]; strings.Contains(path, "/groups/") || strings.Contains(path, "/events/") || strings.Contains(path, "/watch") {
			sure = Possible
		}
		s.hit(m[0], m[1], Profile, sure, ByShape)
	}
	for _, m := range handleForm.FindAllStringSubmatchIndex(s.low, -1) {
		sure, why := Possible, ByShape
		if handleCue.MatchString(s.before(m[2], 40)) {
			sure, why = Sure, ByCue
		}
		s.hit(m[2], m[3], Profile, sure, why)
	}
	for _, m := range namedHandle.FindAllStringSubmatchIndex(s.low, -1) {
		s.hit(m[2], m[3], Profile, Likely, ByCue)
	}
}

var (
	postcodeForm = regexp.MustCompile(`\b([a-z]{1,2})(\d[a-z\d]?) ?(\d)([abd-hjlnp-uw-z]{2})\b`)
	publicPlace  = regexp.MustCompile(`^['s]{0,2}\W{0,2}(?:\w+ )?(?:junction|roundabout|crossing|interchange|corner|lights|traffic lights|site|area|district|neighbourhood|station|bus stop|stop|car park|park|development|proposal|site|surgery|library|school|centre|center|shops|estate|ward)\b`)
	publicBefore = regexp.MustCompile(`\b(?:site|application|development|proposal|land|scheme|junction|roundabout|crossing|station|library|surgery|school|centre|church|park|shop)(?: (?:at|in|on|near|of|opposite))*,? $`)
	postAreas    = set(`ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en ex fa fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze`)
	ordinals     = set("st nd rd th ft hr pp ly")
)

// postcodes finds whole British postcodes that tell where somebody lives. One that names a junction or the site tells nothing.
func (s *search) postcodes() {
	if !s.numbered {
		return
	}
	own := packed(s.about.Postcode)
	for _, m := range postcodeForm.FindAllStringSubmatchIndex(s.low, -1) {
		area, inward := s.low[m[2]:m[3]], s.low[m[8]:m[9]]
		if !postAreas[area] || ordinals[inward] && s.plain[m[8]:m[9]] == inward {
			continue // "the B9 2nd exit"
		}
		code := packed(s.low[m[0]:m[1]])
		switch {
		case own != "" && code == own:
			s.hit(m[0], m[1], Postcode, Sure, ByAuthor)
		case s.known(code):
		case publicPlace.MatchString(s.after(m[1], 40)) || publicBefore.MatchString(s.before(m[0], 48)):
		default:
			s.hit(m[0], m[1], Postcode, Likely, ByShape)
		}
	}
}

// packed is a text without anything but letters and digits, to compare addresses.
func packed(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, foldAll(text))
}

// known tells whether what was found belongs to what everybody knows: the address of the site.
func (s *search) known(found string) bool {
	wanted := packed(found)
	for _, public := range s.about.Public {
		p := packed(public)
		i := strings.Index(p, wanted)
		if wanted != "" && i >= 0 && (i == 0 || p[i-1] < '0' || p[i-1] > '9') { // 12 is not 112
			return true
		}
	}
	return false
}

const streets = `(?:Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Close|Cl|Drive|Crescent|Cres|Grove|Gardens|Gdns|Way|Court|Ct|Place|Terrace|Terr|Square|Sq|Hill|Mews|Walk|Row|Green|Parade|Rise|View|Croft|Drift|Bank|Wharf|Villas|Buildings)`

var (
	addressForm = regexp.MustCompile(`(?:\b(?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|[Rr]oom) ?[0-9A-Za-z]{1,4},? (?:[A-Z][\p{L}'-]+ (?:House|Court|Tower|Point|Heights|Lodge|Mansions),? )?)?\b(?:[Nn]o\.? ?|[Nn]umber |[Nn]umbers )?(\d{1,4})[A-Za-z]?(?: ?[-/&] ?\d{1,4}[A-Za-z]?)?,? (?:[A-Z][\p{L}'.-]+ ){1,4}` + streets + `\b`)
	lowerForm   = regexp.MustCompile(`\b(?:live|lives|living|lived|reside|resides|residing|stay|staying|home|house|address|neighbour|neighbours|neighbor|family|owner|tenant|people|based)(?: (?:is|are|at|on|in|next|door|of|,))* ?(?:at |is |in |on |: ?)?((?:flat \d{1,3}[a-z]?,? )?(?:no\.? ?|number )?(\d{1,4})[a-z]?,? (?:[\p{L}'-]+ ){1,3}(?:road|rd|street|st|lane|avenue|ave|close|drive|crescent|grove|gardens|way|court|place|terrace|square|hill|mews|walk|row))\b`)
	flatForm    = regexp.MustCompile(`\b[Ff]lat (?:\d{1,3}[A-Za-z]?|[A-Z])(?:,? [A-Z][\p{L}'-]+ (?:House|Court|Tower|Point|Heights|Lodge|Mansions))?\b`)
	houseForm   = regexp.MustCompile(`\b(?:neighbours?|neighbors?|couple|family|people|man|woman|lady|tenants?|resident|owner) (?:at|in|of|from) (?:number|no\.?|house) ?(\d{1,4}[a-z]?)\b`)
	personAt    = regexp.MustCompile(`[A-Z]\p{Ll}+ at (?:number|no\.?) ?(\d{1,4}[A-Za-z]?)\b`)
	noHouse     = regexp.MustCompile(`\b(?:phase|policy|policies|figure|fig|table|plot|page|pages|pp|p|condition|paragraph|para|section|appendix|version|stage|block|class|grade|route|bus|buses|buses no|bus no|bus number|drawing|chapter|part|day|days|platform|gate|schedule|article|use class|zone)\.? $`)
	noAddress   = regexp.MustCompile(`^['s]{0,2} (?:bus|buses|bus stop|stop|route|tram|service|roundabout|junction|island|crossing)\b`)
	noStreet    = regexp.MustCompile(`^(?:\d{1,4}[A-Za-z]?,? )(?:The|New|Storey|Storeys|Homes|Houses|Flats|Metre|Metres|Mile|Miles|Minute|Minutes|Years?|January|February|March|April|May|June|July|August|September|October|November|December|Per|Mph|Mature|Car|Parking|Trees) `)
)

// addresses finds streets with house numbers, and flats.
func (s *search) addresses() {
	if !s.numbered && !s.holds("flat ") {
		return
	}
	for _, m := range addressForm.FindAllStringSubmatchIndex(s.plain, -1) {
		s.address(m[0], m[1], s.plain[m[2]:m[3]])
	}
	for _, m := range lowerForm.FindAllStringSubmatchIndex(s.low, -1) {
		if s.low[m[2]:m[3]] == s.plain[m[2]:m[3]] { // else the capitals have found it
			s.address(m[2], m[3], s.low[m[4]:m[5]])
		}
	}
	for _, m := range flatForm.FindAllStringIndex(s.plain, -1) {
		sure := Possible
		if m[1]-m[0] > 9 || homeCue.MatchString(s.before(m[0], 24)) {
			sure = Likely
		}
		s.hit(m[0], m[1], Address, sure, ByShape)
	}
	for _, m := range houseForm.FindAllStringSubmatchIndex(s.low, -1) {
		s.found = append(s.found, hit{begins: m[2], ends: m[3], kind: Address, sure: Likely, why: ByRelation, reason: "third-party"})
	}
	for _, m := range personAt.FindAllStringSubmatchIndex(s.plain, -1) {
		s.found = append(s.found, hit{begins: m[2], ends: m[3], kind: Address, sure: Likely, why: ByRelation, reason: "third-party"})
	}
	for _, form := range addressForms {
		for _, m := range form.FindAllStringSubmatchIndex(s.plain, -1) {
			s.hit(m[len(m)-2], m[len(m)-1], Address, Likely, ByShape)
		}
	}
	s.ownAddress()
}

var (
	homeCue   = regexp.MustCompile(`\b(?:live|living|lives|home|house|address|our|my|reside|i am|we are)(?: (?:in|at|is|own|on))*,? $`)
	othersCue = regexp.MustCompile(`\b(?:neighbour|neighbours|neighbor|neighbors|he|she|they|family|tenant|tenants|owner|owners|couple|lives|landlord)\b[^.\n]{0,24}$`)
)

// address weighs one that was found by its shape.
func (s *search) address(begins, ends int, number string) {
	if len(number) == 4 && (number[:2] == "19" || number[:2] == "20") || noHouse.MatchString(s.before(begins, 24)) ||
		noAddress.MatchString(s.after(ends, 24)) || noStreet.MatchString(s.plain[begins:ends]) || s.known(s.low[begins:ends]) {
		return
	}
	h := hit{begins: begins, ends: ends, kind: Address, sure: Likely, why: ByShape}
	before := s.before(begins, 48)
	switch {
	case homeCue.MatchString(before) && !othersCue.MatchString(before):
		h.sure, h.why = Sure, ByCue
	case othersCue.MatchString(before):
		h.reason = "third-party"
	}
	s.found = append(s.found, h)
}

// addressForms are how homes are written in other languages.
var addressForms = []*regexp.Regexp{
	regexp.MustCompile(`\b(?:ul\.|ulica|ulicy|al\.|aleja|os\.|osiedle|osiedlu) ?[A-Z][\p{L}.-]+(?: [A-Z][\p{L}-]+)? \d{1,4}[A-Za-z]?(?: ?(?:/|m\.?) ?\d{1,3})?`),
	regexp.MustCompile(foldAll(`(?:مکان|گھر|فلیٹ|کوٹھی) نمبر:? ?\d{1,4}(?:,? (?:\p{L}+ ){1,2}(?:روڈ|سٹریٹ|اسٹریٹ|لین|ایونیو|گلی))?`)),
	regexp.MustCompile(foldAll(`\d{1,4},? (?:\p{L}+ ){1,2}(?:روڈ|سٹریٹ|اسٹریٹ|ایونیو)`)),
	regexp.MustCompile(foldAll(`(?:^|[^\p{L}])((?:منزل|بيت|شقة) رقم ?\d{1,4}(?:,? (?:في )?شارع \p{L}+)?|شارع \p{L}+(?: \p{L}+)?,? رقم ?\d{1,4})`)),
	regexp.MustCompile(foldAll(`(?:ਮਕਾਨ|ਘਰ|ਫਲੈਟ) ਨੰਬਰ ?\d{1,4}`)),
}

// ownAddress finds the first line of the address that the author gave.
func (s *search) ownAddress() {
	line, _, _ := strings.Cut(foldAll(s.about.Address), ",")
	line = strings.ToLower(strings.TrimSpace(line))
	if len(line) < 6 || !strings.ContainsFunc(line, unicode.IsDigit) {
		return
	}
	for from := 0; ; {
		i := strings.Index(s.low[from:], line)
		if i < 0 {
			return
		}
		i += from
		s.hit(i, i+len(line), Address, Sure, ByAuthor)
		from = i + len(line)
	}
}
