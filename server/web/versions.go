package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// versionsPage shows what changed between two versions of a proposal, and who decided what about each change.
type versionsPage struct {
	Base
	Subject    Link
	From, To   Select
	Show       Button
	Comparison *comparisonView // nil = there is only one version
	Amendments []amendmentView
}

// Versions shows it.
func (w *Web) Versions(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	amendments, err := w.Service.Amendments(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	p := drawVersions(w.Base(c, "versions.title", "title", v.Consultation.Title), v, amendments, ReadQuery(c), w.Service.Calendar())
	return w.Pages.Page(c, fiber.StatusOK, "versions", p)
}

func drawVersions(b Base, v consult.CaseView, amendments []consult.Amendment, f *Form, cal consult.Calendar) *versionsPage {
	k := v.Consultation
	p := &versionsPage{Base: b.about(v.Subjects), Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}}
	p.Demo, p.NoIndex = p.Demo || k.Demo, k.Demo
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("document.back")}
	p.Path = p.Subject.Href + "/versions"
	p.Amendments = p.amendmentViews(amendments, v.Versions, cal)
	from, to, ok := chosenVersions(f, v.Versions)
	if !ok {
		return p
	}
	p.From, p.To = p.versionSelect("from", v.Versions, from.Number), p.versionSelect("to", v.Versions, to.Number)
	p.Show = Button{Text: p.T("versions.show"), Secondary: true}
	p.Comparison = p.comparisonView(consult.Compare(from, to, v.Documents), k)
	p.Scripts = append(p.Scripts, "part/before-after/before-after.js")
	return p
}

// chosenVersions finds the two versions of the query, else the last two. Not ok when there are no two.
func chosenVersions(f *Form, versions []consult.ProposalVersion) (from, to consult.ProposalVersion, ok bool) {
	if len(versions) < 2 {
		return from, to, false
	}
	from, to = versions[len(versions)-2], versions[len(versions)-1]
	for _, v := range versions {
		n := strconv.Itoa(v.Number)
		if f.Value("from") == n {
			from = v
		}
		if f.Value("to") == n {
			to = v
		}
	}
	return from, to, true
}

func (b *Base) versionSelect(name string, versions []consult.ProposalVersion, chosen int) Select {
	s := Select{Field: b.field(name, "versions."+name)}
	for _, v := range versions {
		s.Options = append(s.Options, Choice{Value: strconv.Itoa(v.Number), Label: b.versionName(v), Checked: v.Number == chosen})
	}
	return s
}
