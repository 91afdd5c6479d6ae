package web

import "github.com/yousaid/yousaid/server/consult"

// caseDesk is what the pages share on which an officer works on one case: the part "case-desk" draws it.
type caseDesk struct {
	Public Link
	Pages  []deskLink
}

// deskLink is one of those pages.
type deskLink struct {
	Link
	Current bool
}

// caseDesk lists the pages of a case; current is the noun of the one being shown.
func (b Base) caseDesk(id consult.ID, current string) caseDesk {
	base := "/officer/consultations/" + id.String()
	var list []deskLink
	for _, page := range []struct{ noun, path string }{
		{"outcome", ""},
		{"cycle", "/cycle"},
		{"consulted", "/consulted"},
		{"consultees", "/consultees"},
		{"letters", "/letters"},
		{"facts", "/facts"},
		{"concerns", "/concerns"},
		{"weighing", "/weighing"},
		{"report", "/report"},
		{"redactions", "/redactions"},
		{"publicity", "/publicity"},
		{"influence", "/influence"},
		{"promise", "/promise"},
		{"versions", "/versions"},
		{"record", "/record"},
		{"signals", "/signals"},
		{"posting", "/posting"},
	} {
		list = append(list, deskLink{Link{Href: base + page.path, Text: b.T("officer_case." + page.noun)}, page.noun == current})
	}
	if !b.subjects.Kind.Planning() {
		for _, noun := range []string{"form", "response"} {
			list = append(list, deskLink{Link{Href: base + "/" + noun, Text: b.T("officer_case." + noun)}, noun == current})
		}
	}
	if b.subjects.Kind.Planning() {
		list = append(list, deskLink{Link: Link{Href: "/api/bops/consultations/" + id.String() + "/comments", Text: b.T("officer_case.bops")}})
	}
	list = append(list, deskLink{Link: Link{Href: "/officer?consultation=" + id.String(), Text: b.T("officer_case.inbox")}})
	return caseDesk{Public: Link{Href: "/consultations/" + id.String(), Text: b.T("officer_case.public")}, Pages: list}
}
