package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// The comment form: what you think, your words, the place, your details, check. Each step is a page and a form that works without
// JavaScript; each is kept as a draft under an unguessable address, so that a lost connection or an empty battery loses nothing.

// commentStep is one page of the form.
type commentStep struct {
	Base
	Subject Link
	Window  Callout
	Promise promiseTerms
	Number  int // this step, from 1
	Steps   int
	Action  string // where the form is sent
	Return  bool   // go back to the check page afterwards
	Next    Button
	Key     string

	Stance, Topics       Choices        // step 1
	Texts                []TextArea     // step 2
	Place, Postcode      TextInput      // step 3; the postcode stands for a mark on the map
	Lat, Lon             TextInput      // step 3, by keyboard or filled by the map
	Sketch               *Sketch        // step 3
	Name, Home, Code     TextInput      // step 4
	Email                TextInput      // step 4
	ShowName             Choices        // step 4
	Check                SummaryList    // step 5
	Warned               *publicPreview // step 5: what will probably be taken out; nil = nothing
	PickerLat, PickerLon string         // step 3: where the map begins
	Basemap              Basemap        // step 3
	Watch                *factWatch     // step 2
	Facts                *factMatch     // step 5: what the authority knows about something in the words
}

const commentSteps = 5

// CommentStart asks what somebody thinks; sending it begins the draft.
func (w *Web) CommentStart(c *fiber.Ctx) error {
	if v, err := w.matter(c); err != nil || v != nil {
		if err != nil {
			return err
		}
		return w.responseStart(c, *v, nil, nil)
	}
	p, err := w.commentStart(c, nil, nil)
	return shown(w, c, "comment-start", p, err)
}

func (w *Web) commentStart(c *fiber.Ctx, f *Form, invalid error) (*commentStep, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	p := w.step(c, v, 1, "comment_new.start_title", invalid)
	p.Action = "/consultations/" + id.String() + "/comment"
	p.Stance, p.Topics = p.opinionFields(f)
	if v.Window.Status == consult.WindowClosed || v.Window.Status == consult.WindowNotYet {
		return nil, &consult.Error{Kind: consult.Closed, Op: "comment"}
	}
	return p, nil
}

func (b *Base) opinionFields(f *Form) (stance, topics Choices) {
	stance = Radios(b, f, "stance", "comment_new.stance", consult.Stances(), "stance.")
	topics = Checkboxes(b, f, "topics", "comment_new.topics", consult.Topics(), "topic.")
	return stance, topics
}

// step begins a page of the form.
func (w *Web) step(c *fiber.Ctx, v consult.CaseView, number int, titleKey string, invalid error) *commentStep {
	p := &commentStep{Base: w.Base(c, titleKey).WithErrors(invalid), Number: number, Steps: commentSteps}
	p.NoIndex, p.Demo = true, p.Demo || v.Consultation.Demo
	p.Subject = Link{Href: "/consultations/" + v.Consultation.ID.String(), Text: v.Consultation.Title}
	p.Window.Text = p.windowText(v.Window)
	p.Promise = p.promiseTerms(v.Terms)
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("site.back")}
	p.Next = Button{Text: p.T("site.continue")}
	return p
}

// CommentBegin starts the draft, or changes stance and topics of the one named in the form.
func (w *Web) CommentBegin(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	if v, err := w.matter(c); err != nil || v != nil {
		if err != nil {
			return err
		}
		return w.responseBegin(c, *v, f)
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	stance, topics := readOpinion(f)
	draft := consult.Draft{}
	err = f.Err("begin comment")
	if err == nil {
		data := consult.DraftData{Stance: stance, Topics: topics, Key: f.Key()}
		draft, err = w.Service.StartDraft(c.UserContext(), w.actor(c), id, data)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.commentStart(c, f, err)
		return shown(w, c, "comment-start", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(stepHref(draft.Token, "words"), fiber.StatusSeeOther)
}

// readOpinion reads step 1 and holds it to the domain's rules.
func readOpinion(f *Form) (consult.Stance, []consult.Topic) {
	stance, topics := Choose(f, "stance", consult.Stances()), ChooseMany(f, "topics", consult.Topics())
	if f.Err("") == nil {
		f.Add(consult.CheckStance(stance))
	}
	if len(topics) == 0 {
		f.Fail("topics", "topics_required")
	}
	return stance, topics
}

func stepHref(draft, step string) string { return "/comment/" + url.PathEscape(draft) + "/" + step }

// draftSteps are the pages of a draft, in their order; each has a name in addresses, a template and functions to draw and read it.
var draftSteps = []struct {
	name, title string
	fill        func(*commentStep, *Form, consult.DraftData)
	read        func(*Form, *consult.DraftData)
}{
	{"opinion", "comment_new.start_title", fillOpinion, func(f *Form, d *consult.DraftData) { d.Stance, d.Topics = readOpinion(f) }},
	{"words", "comment_new.words_title", fillWords, readWords},
	{"place", "comment_new.place_title", fillPlace, readPlace},
	{"details", "comment_new.details_title", fillDetails, readDetails},
	{"check", "comment_new.check_title", fillCheck, func(*Form, *consult.DraftData) {}},
}

func draftStep(name string) int {
	for i, s := range draftSteps {
		if s.name == name {
			return i
		}
	}
	return -1
}

// CommentStep shows one page of a draft.
func (w *Web) CommentStep(c *fiber.Ctx) error {
	NoReferrer(c)
	d, err := w.Service.Draft(c.UserContext(), c.Params("draft"))
	if err != nil {
		return err
	}
	if d.Data.Form > 0 {
		return w.responseStep(c, d, nil, nil)
	}
	return w.showStep(c, fiber.StatusOK, d, nil, nil)
}

func (w *Web) showStep(c *fiber.Ctx, status int, d consult.Draft, f *Form, invalid error) error {
	i := draftStep(c.Params("step"))
	if i < 0 {
		return &consult.Error{Kind: consult.NotFound, Op: "comment step"}
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), d.Consultation)
	if err != nil {
		return err
	}
	s := draftSteps[i]
	p := w.step(c, v, i+1, s.title, invalid)
	p.Action, p.Key = stepHref(d.Token, s.name), d.Data.Key
	p.Return = c.Query("return") == "check" || f.Value("return") == "check"
	if i > 0 {
		p.Back.Href = stepHref(d.Token, draftSteps[i-1].name)
	}
	if p.Return {
		p.Back.Href = stepHref(d.Token, "check")
	}
	if s.name == "place" {
		p.Sketch = p.sketch(v.Current, geo.Point{}, false, p.T("sketch.alt", "title", v.Consultation.Title))
		p.PickerLat, p.PickerLon = coordinate(v.Consultation.Place.Lat), coordinate(v.Consultation.Place.Lon)
		p.Basemap = w.Map.basemap
	}
	s.fill(p, f, d.Data)
	if s.name == "check" {
		p.changeLinks(d.Token)
		p.Warned = w.publicPreview(&p.Base, commentOf(d), v.Consultation)
	}
	if err := w.commentFacts(c, p, s.name, d, f); err != nil {
		return err
	}
	return w.Pages.Page(c, status, "comment-"+stepTemplate(s.name), p)
}

// stepTemplate is the template of a step: changing the opinion looks as giving it did.
func stepTemplate(step string) string {
	if step == "opinion" {
		return "start"
	}
	return step
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }

// CommentSave keeps one page of a draft and goes on. The check page sends the comment instead.
func (w *Web) CommentSave(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	d, err := w.Service.Draft(c.UserContext(), c.Params("draft"))
	if err == nil && d.Data.Form > 0 {
		return w.responseSave(c, f, d)
	}
	i := draftStep(c.Params("step"))
	if i < 0 {
		return &consult.Error{Kind: consult.NotFound, Op: "comment step"}
	}
	if consult.KindOf(err) == consult.NotFound && draftSteps[i].name == "check" {
		return w.commentSent(c, f.Key(), err)
	}
	if err != nil {
		return err
	}
	if draftSteps[i].name == "check" {
		return w.commentSend(c, d)
	}
	f.Has("return")
	draftSteps[i].read(f, &d.Data)
	if draftSteps[i].name == "place" {
		if err := w.placeByPostcode(c, f, &d.Data); err != nil {
			return err
		}
	}
	// What was typed is kept even when a rule is broken: going away from an error page loses nothing either.
	if err := w.Service.SaveDraft(c.UserContext(), d); err != nil {
		return err
	}
	if err := f.Err("save draft"); err != nil {
		return w.showStep(c, fiber.StatusUnprocessableEntity, d, f, err)
	}
	next := draftSteps[i+1].name
	if f.Value("return") == "check" && draftSteps[i].name != "opinion" {
		next = "check"
	}
	return c.Redirect(stepHref(d.Token, next), fiber.StatusSeeOther)
}

// placeByPostcode puts the mark where a postcode lies, when one was typed instead of a place on the map.
func (w *Web) placeByPostcode(c *fiber.Ctx, f *Form, d *consult.DraftData) error {
	postcode := f.Line("place-postcode", 12)
	if postcode == "" {
		return nil
	}
	place, err := w.Service.Locate(c.UserContext(), postcode)
	switch consult.KindOf(err) {
	case consult.Invalid:
		f.Fail("place-postcode", "postcode")
	case consult.NotFound:
		f.Fail("place-postcode", "postcode_unknown")
	default:
		if err != nil {
			return err
		}
		d.Lat, d.Lon = coordinate(place.Lat), coordinate(place.Lon)
	}
	return nil
}

// commentSend sends the checked comment. A rule that is still broken leads to the step where it can be mended.
func (w *Web) commentSend(c *fiber.Ctx, d consult.Draft) error {
	in := commentOf(d)
	in.Language = w.Language(c).Code
	receipt, err := w.Service.SubmitComment(c.UserContext(), w.author(c), in)
	if consult.KindOf(err) == consult.Invalid {
		return w.showStep(c, fiber.StatusUnprocessableEntity, d, nil, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/my-comment/"+receipt.Token+"?new=1", fiber.StatusSeeOther)
}

// commentSent leads a form that is sent once more, because of a second tap or a lost answer, to the comment it has become: the draft
// went with the first sending.
func (w *Web) commentSent(c *fiber.Ctx, key string, gone error) error {
	receipt, err := w.Service.SentComment(c.UserContext(), consult.Actor{Kind: consult.Visitor}, key)
	if consult.KindOf(err) == consult.NotFound {
		return gone
	}
	if err != nil {
		return err
	}
	return c.Redirect("/my-comment/"+receipt.Token+"?new=1", fiber.StatusSeeOther)
}

// commentOf makes the comment a draft has become.
func commentOf(d consult.Draft) consult.CommentInput {
	in := consult.CommentInput{
		Consultation: d.Consultation, Stance: d.Data.Stance, PlaceText: d.Data.PlaceText, Contact: d.Data.Contact,
		ShowName: d.Data.ShowName, Channel: "web", Key: d.Data.Key, Draft: d.Token, Replaces: d.Data.Replaces,
	}
	for _, t := range d.Data.Topics {
		in.Points = append(in.Points, consult.CommentPoint{Topic: t, Text: d.Data.Texts[t]})
	}
	lat, errLat := strconv.ParseFloat(d.Data.Lat, 64)
	lon, errLon := strconv.ParseFloat(d.Data.Lon, 64)
	if errLat == nil && errLon == nil {
		in.Place, in.HasPlace = geo.Point{Lat: lat, Lon: lon}, true
	}
	return in
}
