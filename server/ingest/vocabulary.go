package ingest

import "strings"

// padsTypes maps PADS application types (the codelist application-type) to Open Digital Planning's, which this program speaks.
var padsTypes = map[string]string{
	"advertising": "advertConsent", "approval-condition": "approval.conditions", "consent-under-tpo": "wtt.consent",
	"demolition-con-area": "pp.full.demolition", "extraction-oil-gas": "onshoreExtractionOilAndGas", "full": "pp.full",
	"hedgerow-removal": "hedgerowRemovalNotice", "hh": "pp.full.householder", "lbc": "listed", "ldc": "ldc",
	"ldc-existing-use": "ldc.existing", "ldc-proposed-work-lb": "ldc.listedBuildingWorks", "ldc-prospective-use": "ldc.proposed",
	"non-material-amendment": "amendment.nonMaterial", "notice-trees-in-con-area": "wtt.notice", "outline": "pp.outline",
	"outline-all": "pp.outline.all", "outline-some": "pp.outline.some", "pa-build-agri-forest": "pa.part6", "pa-extension": "pa.part1.classA",
	"pa-storey": "pa.part1.classAA", "pip": "pp.pip", "prior-approval": "pa", "reserved-matters": "approval.reservedMatters",
	"s73": "amendment.minorMaterial", "technical-details-consent": "pp.full.minor.technicalDetails",
}

// lgaTypes maps the labels councils commonly write into ServiceTypeLabel of the LGA schema, which prescribes none.
var lgaTypes = map[string]string{
	"ful": "pp.full", "full": "pp.full", "fullplanningpermission": "pp.full", "hou": "pp.full.householder", "hse": "pp.full.householder",
	"householder": "pp.full.householder", "out": "pp.outline", "outline": "pp.outline", "res": "approval.reservedMatters",
	"reservedmatters": "approval.reservedMatters", "var": "amendment.minorMaterial", "s73": "amendment.minorMaterial",
	"nma": "amendment.nonMaterial", "lbc": "listed", "adv": "advertConsent", "ldc": "ldc", "cond": "approval.conditions",
	"disc": "approval.conditions", "tpo": "wtt.consent", "tca": "wtt.notice", "pip": "pp.pip", "prior": "pa", "pan": "pa",
}

// withScale makes "pp.full" and "major" into "pp.full.major".
func withScale(kind, scale string) string {
	if kind == "pp.full" && scale != "" {
		return kind + "." + scale
	}
	return kind
}

// scaleOf is the scale that a type tells, "" for none.
func scaleOf(kind string) string {
	for _, scale := range []string{"major", "minor"} {
		if strings.HasPrefix(kind, "pp.full."+scale) || strings.HasPrefix(kind, "pp.outline."+scale) {
			return scale
		}
	}
	return ""
}

// meaning is what a word of a file stands for; plain is false when it is a usual variant instead of the word its schema asks for.
type meaning struct {
	value string
	plain bool
}

var lgaStatus = map[string]meaning{
	"pending": {"", true}, "withdrawn": {string(statusWithdrawn), true}, "decided": {string(statusDecided), true},
	"appealed": {string(statusAppealed), true}, "live": {"", false}, "registered": {"", false}, "open": {"", false},
	"determined": {string(statusDecided), false}, "appeal": {string(statusAppealed), false},
}

var lgaDecision = map[string]meaning{
	"approve": {"granted", true}, "refuse": {"refused", true}, "priornotrequired": {"granted", true}, "priorgranted": {"granted", true},
	"priorrefused": {"refused", true}, "priorrefusedpermissionrequired": {"refused", true},
	"approved": {"granted", false}, "granted": {"granted", false}, "grant": {"granted", false}, "permitted": {"granted", false},
	"refused": {"refused", false},
}

var lgaDecider = map[string]meaning{
	"delegatedpowers": {"planning-officer", true}, "caseofficer": {"planning-officer", true}, "planningcommittee": {"committee", true},
	"delegated": {"planning-officer", false}, "officer": {"planning-officer", false}, "committee": {"committee", false},
}

// padsEvents are usual variants of the codelist's events.
var padsEvents = map[string]string{"application-received": "application-submitted", "found-valid": "valid-from"}

// codelists holds the values PADS columns may have. A codelist given in the same import replaces ours.
type codelists map[string]map[string]bool

const (
	listEvents      = "permission-process-event"
	listDeciders    = "decision-maker"
	listScales      = "development-scale"
	listStatuses    = "public-register-status"
	listAuthorities = "planning-authority" // none of ours: unknown authorities are taken when no list was given
)

func ownCodelists() codelists {
	of := func(words string) map[string]bool {
		set := map[string]bool{}
		for _, w := range strings.Fields(words) {
			set[w] = true
		}
		return set
	}
	return codelists{
		listEvents: of(`application-submitted invalid-from valid-from validation-completed application-published publicity-start
			additional-information-requested additional-information-received consultation-start consultation-end consultees-contacted
			call-in-direction-issued committee-date resolution-to-grant resolution-to-refuse time-extension-agreed`),
		listDeciders: of("planning-officer committee secretary-of-state pins mayor"),
		listScales:   of("major minor"),
		listStatuses: of("publish withhold not-assessed"),
	}
}

// codelistName tells which codelist a table is, by a value only that list has; "" for one nothing here needs.
func codelistName(t *table) string {
	telling := map[string]string{"valid-from": listEvents, "planning-officer": listDeciders, "minor": listScales, "withhold": listStatuses}
	for _, r := range t.rows {
		ref := t.get(r, "reference")
		if name, ok := telling[ref]; ok {
			return name
		}
		if strings.HasPrefix(ref, "local-authority:") || strings.HasPrefix(ref, "national-park-authority:") {
			return listAuthorities
		}
	}
	return ""
}

// take replaces a list by the values of a table.
func (c codelists) take(name string, t *table) {
	set := map[string]bool{}
	for _, r := range t.rows {
		if ref := t.get(r, "reference"); ref != "" {
			set[ref] = true
		}
	}
	c[name] = set
}

// knows tells whether a value is on a list; without a list every value is.
func (c codelists) knows(name, value string) bool {
	set, ok := c[name]
	return !ok || set[value]
}
