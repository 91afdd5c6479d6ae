package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/picture"
)

// factView is a fact card wherever it is named: its claim, who answers, and what in short. Part "fact".
type factView struct {
	ID, Href    string
	Kind        string // "Fact card" or "Correction"
	Says, Quote string // "People say", and the claim in quotation marks
	Service     string
	Short       string
	Language    string
	Everywhere  bool // it is about no single consultation
}

func (b *Base) factView(f consult.Fact) factView {
	return factView{ID: f.ID.String(), Href: factHref(f.ID), Kind: b.T("fact.kind_" + string(f.Kind)), Says: b.T("fact.says_" + string(f.Kind)),
		Quote: b.T("fact.quote", "claim", f.Claim), Service: f.Service, Short: f.Short, Language: f.Language, Everywhere: f.Consultation == 0}
}

func factHref(id consult.ID) string { return "/facts/" + id.String() }

func (b *Base) factViews(list []consult.Fact) []factView {
	views := make([]factView, len(list))
	for i, f := range list {
		views[i] = b.factView(f)
	}
	return views
}

// pinnedFact is a card under a message or a comment. Part "pinned".
type pinnedFact struct {
	Href, Claim, Short, Service, Language string
	Correction                            bool
}

func pinnedFacts(list []consult.Fact) []pinnedFact {
	var pinned []pinnedFact
	for _, f := range list {
		pinned = append(pinned, pinnedFact{Href: factHref(f.ID), Claim: f.Claim, Short: f.Short, Service: f.Service, Language: f.Language,
			Correction: f.Kind == consult.FactCorrection})
	}
	return pinned
}

// factPage is one card, whole.
type factPage struct {
	Base
	Card       factView
	Answer     []string
	Subject    *Link // the consultation; nil = it holds everywhere
	Sources    []factSource
	Written    string // when these words were written
	Review     string // when it is looked at again
	Overdue    bool   // that day is over
	Retired    string // why it was taken back; "" = it holds
	RetiredOn  string
	Versions   []factVersion
	Pictures   []factFile
	OnlyVector bool // there is no PNG: the built-in fonts lack its letters
}

type factSource struct {
	Title string
	Href  string // "" = it cannot be read any more
	Away  bool   // leads to another site
}

// factVersion is one wording in the card's history.
type factVersion struct {
	At, Changed, Quote, Short string
	Now                       bool
}

type factFile struct{ Href, Text, Name string }

// Fact shows a card.
func (w *Web) Fact(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f, k, err := w.Service.PublicFact(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	history, err := w.Service.FactHistory(c.UserContext(), id)
	if err != nil {
		return err
	}
	p := drawFact(w.Base(c, "fact.title", "claim", f.Claim), f, k, history, w.Service.Calendar().Day(w.Service.Now()))
	for _, source := range f.Sources {
		s := factSource{Title: source.Title, Href: source.URL, Away: true}
		if source.Document != 0 {
			s.Href, s.Away = "", false
			d, _, err := w.Service.PublishedDocument(c.UserContext(), w.actor(c), source.Document)
			if err != nil && consult.KindOf(err) != consult.NotFound {
				return err
			}
			if err == nil {
				s.Href = "/documents/" + d.ID.String()
			}
		}
		p.Sources = append(p.Sources, s)
	}
	if err := p.offerPictures(w, f, k); err != nil {
		return err
	}
	return shown(w, c, "fact", p, nil)
}

func drawFact(b Base, f consult.Fact, k consult.Consultation, history []consult.FactVersion, today consult.Date) *factPage {
	p := &factPage{Base: b, Card: b.factView(f), Answer: f.Paragraphs(), Overdue: f.Due(today)}
	p.Path = p.Card.Href
	p.Title, p.Description = p.Card.Quote, f.Short
	p.Written, p.Review = p.Language.Date(f.UpdatedAt), p.Language.Civil(string(f.ReviewOn))
	if k.ID != 0 {
		p.Demo, p.NoIndex = p.Demo || k.Demo, k.Demo
		p.Subject = &Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
		p.Back = &Link{Href: p.Subject.Href + "/facts", Text: p.T("fact.back")}
	}
	if f.State == consult.FactRetired {
		p.NoIndex = true
		p.Retired, p.RetiredOn = f.RetiredWhy, p.Language.Date(f.RetiredAt)
	}
	if len(history) > 1 {
		for _, v := range history {
			p.Versions = append(p.Versions, factVersion{At: p.Language.DateTime(v.PublicAt), Changed: v.Changed,
				Quote: p.T("fact.quote", "claim", v.Claim), Short: v.Short, Now: v.Version == f.Version})
		}
	}
	return p
}

// offerPictures lists what can be passed on, and shares the page with the card's own picture. A retired card is not passed on: who
// shared its address before shows that it was taken back.
func (p *factPage) offerPictures(w *Web, f consult.Fact, k consult.Consultation) error {
	if f.State != consult.FactPublished {
		p.sharing(p.Path, p.T("fact.retired_title", "claim", f.Claim), p.Retired, k)
		return nil
	}
	drawn, err := w.factPicture(f, picture.Wide)
	if err != nil {
		return err
	}
	p.OnlyVector = !drawn.Drawable()
	p.sharing(p.Path, p.Card.Kind+": "+p.Title, f.Short, k)
	if !p.OnlyVector {
		p.Share.Image, p.Share.Alt = p.Site.BaseURL+p.Card.Href+"/wide.png", p.T("fact.picture_alt", "claim", f.Claim, "answer", f.Short)
	}
	for _, name := range []string{"wide", "square"} {
		for _, format := range []string{"png", "svg"} {
			if format == "svg" || !p.OnlyVector {
				file := name + "." + format
				p.Pictures = append(p.Pictures, factFile{p.Card.Href + "/" + file, p.T("fact.picture_"+name, "format", strings.ToUpper(format)), file})
			}
		}
	}
	return nil
}

// factsPage lists the published cards of a consultation.
type factsPage struct {
	Base
	Subject Link
	Facts   []factView
}

// Facts lists.
func (w *Web) Facts(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	k, list, err := w.Service.PublicFacts(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	return shown(w, c, "facts", drawFacts(w.BaseOf(c, k.Kind, "fact.list_title", "title", k.Title), k, list), nil)
}

func drawFacts(b Base, k consult.Consultation, list []consult.Fact) *factsPage {
	p := &factsPage{Base: b, Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}, Facts: b.factViews(list)}
	p.Demo, p.NoIndex = p.Demo || k.Demo, k.Demo
	p.Path = p.Subject.Href + "/facts"
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("document.back")}
	p.Description = p.T("fact.list_lead")
	p.sharing(p.Path, p.Title, p.Description, k)
	return p
}

// shownFacts is how many cards a consultation's page shows; the rest are one link away.
const shownFacts = 3

// caseFacts is the section of a consultation's page.
type caseFacts struct {
	Facts []factView
	More  int // how many cards there are, where that is more than are shown; 0 = these are all
}

func (b *Base) caseFacts(list []consult.Fact) caseFacts {
	f := caseFacts{Facts: b.factViews(list[:min(len(list), shownFacts)])}
	if len(list) > shownFacts {
		f.More = len(list)
	}
	return f
}
