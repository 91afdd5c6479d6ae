package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// redactionsPage lists what waits about redactions: decisions for a second officer, and what authors ask.
type redactionsPage struct {
	Base
	Looks       []waitingLook
	Corrections []waitingCorrection
	Pages       Pagination // of both lists
}

type waitingLook struct {
	consult.SecondLook
	Href, Comment, What, Note string
}

type waitingCorrection struct {
	consult.Correction
	Href, Comment string
}

const redactionsPerPage = 25

// Redactions shows it.
func (w *Web) Redactions(c *fiber.Ctx) error {
	ctx, actor := c.UserContext(), w.actor(c)
	number := PageNumber(ReadQuery(c))
	offset := (number - 1) * redactionsPerPage
	looks, waiting, err := w.Service.SecondLooks(ctx, actor, offset, redactionsPerPage)
	if err != nil {
		return err
	}
	questions, asked, err := w.Service.Corrections(ctx, actor, offset, redactionsPerPage)
	if err != nil {
		return err
	}
	p := drawRedactions(w.StaffBase(c, "officer_redactions.title"), looks, questions)
	p.Pages = Paginate(number, max(waiting, asked), redactionsPerPage, nil)
	return w.Pages.Page(c, fiber.StatusOK, "officer-redactions", p)
}

func drawRedactions(b Base, looks []consult.SecondLook, questions []consult.Correction) *redactionsPage {
	p := &redactionsPage{Base: b}
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	for _, l := range looks {
		v := waitingLook{SecondLook: l, Href: "/officer/comments/" + l.Comment.String() + "#publication", Comment: p.T("officer_redactions.comment", "reference", l.Comment.String())}
		v.What = p.T("officer_redactions.publish") + " · " + p.T("officer_redactions.places", "n", len(l.Publication.Redactions))
		if l.Publication.Withhold {
			v.What = p.T("officer_redactions.withhold")
		}
		switch {
		case l.Returned != "":
			v.Note = p.T("officer_redactions.returned")
		case l.Officer == p.Actor.ID:
			v.Note = p.T("officer_redactions.mine")
		}
		p.Looks = append(p.Looks, v)
	}
	for _, q := range questions {
		p.Corrections = append(p.Corrections, waitingCorrection{q, "/officer/comments/" + q.Comment.String() + "#publication",
			p.T("officer_redactions.comment", "reference", q.Comment.String())})
	}
	return p
}

// publishingPage is where an officer publishes the comments of one consultation in which nothing was found, and reads which need a look.
type publishingPage struct {
	Base
	Desk    caseDesk
	Action  string
	Clean   []cleanComment
	Look    []cleanComment
	Publish Button
	Rule    bool // a second officer looks at every decision
	RuleTo  string
	Switch  *Button // nil = not this officer's to change
	Next    string
	First   string
}

// cleanComment is one comment that waits, with its words or with what was found in it.
type cleanComment struct {
	ID, Href, Reference, Stance, Name string
	Points                            []pointView
	Found                             []string
}

// publishingPerPage is how many comments are opened at once: each is named, each leaves its row in the log.
const publishingPerPage = 20

// Publishing shows it.
func (w *Web) Publishing(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	ctx, actor := c.UserContext(), w.actor(c)
	v, err := w.Service.Case(ctx, actor, id)
	if err != nil {
		return err
	}
	after, err := consult.ParseID(c.Query("after"))
	if err != nil {
		after = 0 // from the oldest
	}
	files, err := w.Service.Unpublished(ctx, actor, id, after, publishingPerPage)
	if err != nil {
		return err
	}
	rule, err := w.Service.SecondLookAsked(ctx, actor, id)
	if err != nil {
		return err
	}
	p := drawPublishing(w.StaffBase(c, "officer_publishing.title", "title", v.Consultation.Title), v, files, after, rule)
	if n, err := strconv.Atoi(c.Query("done")); err == nil && n >= 0 {
		key := "officer_publishing.done"
		if rule {
			key = "officer_publishing.asked"
		}
		p.Notice = p.T(key, "n", n)
	}
	return w.Pages.Page(c, fiber.StatusOK, "officer-publishing", p)
}

func drawPublishing(b Base, v consult.CaseView, files []consult.CommentFile, after consult.ID, rule bool) *publishingPage {
	k := v.Consultation
	p := &publishingPage{Base: b.about(v.Subjects), Action: "/officer/consultations/" + k.ID.String() + "/redactions", Rule: rule}
	p.Demo = p.Demo || k.Demo
	p.Desk = p.caseDesk(k.ID, "redactions")
	for _, file := range files {
		if file.AsItIs(k) {
			p.Clean = append(p.Clean, p.cleanComment(file, k))
		} else {
			p.Look = append(p.Look, p.cleanComment(file, k))
		}
	}
	p.Publish = Button{Text: p.T("officer_publishing.publish")}
	p.RuleTo = "on"
	text := "officer_publishing.switch_on"
	if rule {
		p.RuleTo, text = "off", "officer_publishing.switch_off"
	}
	if consult.Can(p.Actor, consult.RecordOutcome) {
		p.Switch = &Button{Text: p.T(text), Secondary: true}
	}
	if len(files) == publishingPerPage {
		p.Next = p.Action + "?" + url.Values{"after": {files[len(files)-1].Comment.ID.String()}}.Encode()
	}
	if after != 0 {
		p.First = p.Action
	}
	return p
}

func (p *publishingPage) cleanComment(file consult.CommentFile, k consult.Consultation) cleanComment {
	id := file.Comment.ID.String()
	v := cleanComment{ID: id, Href: "/officer/comments/" + id, Reference: p.T("officer_redactions.comment", "reference", id), Stance: p.stance(file.Comment.Stance),
		Name: file.OriginalName}
	for _, t := range file.Find(k) {
		v.Points = append(v.Points, pointView{p.partLabel(t.Topic), t.Text})
		for _, f := range t.Findings {
			v.Found = append(v.Found, p.T("redaction_kind."+string(f.Kind)))
		}
	}
	for _, f := range file.NameHolds() {
		v.Found = append(v.Found, p.T("redaction_kind."+string(f.Kind)))
	}
	if len(v.Found) == 0 && !file.AsItIs(k) {
		v.Found = []string{p.T("officer_publishing.long")}
	}
	return v
}

// PublishAsTheyAre publishes the ticked comments unchanged.
func (w *Web) PublishAsTheyAre(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	var ids []consult.ID
	for _, v := range f.Values("comment") {
		one, err := consult.ParseID(v)
		if err != nil {
			return err
		}
		ids = append(ids, one)
	}
	done, err := w.Service.PublishAsTheyAre(c.UserContext(), w.actor(c), id, ids)
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+id.String()+"/redactions?done="+strconv.Itoa(done), fiber.StatusSeeOther)
}

// SetSecondLook asks for a second officer in a consultation, or no longer.
func (w *Web) SetSecondLook(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	to := Choose(f, "rule", []string{"on", "off"})
	f.Require("rule")
	if err := f.Err("set second look"); err != nil {
		return err
	}
	if err := w.Service.SetSecondLook(c.UserContext(), w.actor(c), id, to == "on"); err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+id.String()+"/redactions", fiber.StatusSeeOther)
}
