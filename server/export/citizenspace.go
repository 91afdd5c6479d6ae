package export

import (
	"html"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// CitizenFields is how much of an activity is told, as Citizen Space's API names it.
type CitizenFields string

// The choices.
const (
	CitizenBasic    CitizenFields = "basic"
	CitizenExtended CitizenFields = "extended"
	CitizenAll      CitizenFields = "all"
)

// CitizenActivity is a consultation as Citizen Space's API 2.4 tells of an activity. Which members are there depends on the fields asked
// for; those of staff are always empty.
type CitizenActivity map[string]any

// CitizenSpace writes consultations as a Citizen Space hub would list them. Site is this site's address.
type CitizenSpace struct{ Site string }

// CitizenStatus is what that API calls the state of a round on a day.
func CitizenStatus(r consult.Round, today consult.Date) string {
	switch {
	case today < r.Opens:
		return "forthcoming"
	case today <= r.Closes:
		return "open"
	}
	return "closed"
}

// CitizenDepartment is a service's name as that API writes ids: small letters and hyphens.
func CitizenDepartment(service string) string {
	words := strings.FieldsFunc(strings.ToLower(service), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if len(words) == 0 {
		return "consultations"
	}
	return strings.Join(words, "-")
}

// CitizenType is the activity type of every consultation here.
const CitizenType = "consultation"

// Activity tells of a consultation and its latest round. Ward is the name of its ward; documents are needed for CitizenAll only.
func (s CitizenSpace) Activity(k consult.Consultation, r consult.Round, ward string, documents []consult.Document, f CitizenFields,
	today consult.Date) CitizenActivity {
	page := s.Site + "/consultations/" + k.ID.String()
	out := CitizenActivity{
		"id": k.ID.String(), "title": k.Title, "url": page, "status": CitizenStatus(r, today), "overview": paragraphs(k.Summary),
		"startdate": slashed(r.Opens), "enddate": slashed(r.Closes), "activity_type": CitizenType,
	}
	if f == CitizenBasic {
		return out
	}
	department := CitizenDepartment(k.Service)
	for name, value := range map[string]string{
		"workspace_title": k.Service, "workspace_id": department, "department": k.Service, "dept": department, "type_string": "Consultation",
		"type": "QuickConsult", "participate_url": page + "/comment", "progress": "published", "visibility": "public",
	} {
		out[name] = value
	}
	if f == CitizenExtended {
		return out
	}
	papers := []map[string]any{}
	for _, d := range documents {
		address := d.URL
		if address == "" {
			address = s.Site + "/documents/" + d.ID.String()
		}
		papers = append(papers, map[string]any{"url": address, "title": d.Name, "size": len(d.Text)})
	}
	for name, value := range map[string]any{
		"why": orNull(paragraphs(r.Question)), "what_happens_next": orNull(paragraphs(k.Influence.When)), "feedbackdate": "", "resultdate": "",
		"contact_name": "", "contact_jobtitle": "", "contact_team": k.Service, "contact_phone": "", "contact_email": "",
		"related_links": []any{}, "related_consultations": []any{}, "supporting_documents": papers, "audiences": []any{}, "interests": []any{},
		"areas": areasOf(k, ward),
	} {
		out[name] = value
	}
	return out
}

func areasOf(k consult.Consultation, ward string) []map[string]string {
	if k.WardCode == "" {
		return []map[string]string{}
	}
	return []map[string]string{{"id": k.WardCode, "name": ward}}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// slashed writes a day as that API does: yyyy/mm/dd.
func slashed(d consult.Date) string { return strings.ReplaceAll(string(d), "-", "/") }

// paragraphs writes plain text as HTML: a paragraph for every blank line, a break for every other line.
func paragraphs(text string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(part), "\n", "<br>") + "</p>")
		}
	}
	return b.String()
}
