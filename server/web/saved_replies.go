package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const repliesPath = "/officer/replies"

// repliesPage lists the texts that officers use again and again.
type repliesPage struct {
	Base
	List []replyRow
	Add  Link
}

type replyRow struct {
	Link
	State  Tag
	Whose  string
	Uses   string
	Policy string
}

// SavedReplies shows the list.
func (w *Web) SavedReplies(c *fiber.Ctx) error {
	list, err := w.Service.SavedReplies(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "officer-replies", drawReplies(w.StaffBase(c, "officer_reply.list"), list))
}

func drawReplies(b Base, list []consult.SavedReply) *repliesPage {
	p := &repliesPage{Base: b, Add: Link{Href: repliesPath + "/" + newRecord, Text: b.T("officer_reply.add")}}
	for _, r := range list {
		row := replyRow{Link: Link{Href: repliesPath + "/" + r.ID.String(), Text: r.Name}, State: p.replyTag(r), Whose: r.Service, Policy: r.Policy,
			Uses: p.T("officer_reply.uses", "n", r.Uses)}
		if row.Whose == "" {
			row.Whose = p.T("officer_reply.everybody")
		}
		p.List = append(p.List, row)
	}
	return p
}

func (b *Base) replyTag(r consult.SavedReply) Tag {
	switch {
	case !r.RetiredAt.IsZero():
		return Tag{Text: b.T("officer_reply.retired"), Kind: "held"}
	case r.ApprovedAt.IsZero():
		return Tag{Text: b.T("officer_reply.waits"), Kind: "wait"}
	}
	return Tag{Text: b.T("officer_reply.approved"), Kind: "done"}
}

// replyPage is one of them being written.
type replyPage struct {
	Base
	Path      string
	State     Tag
	By        string // who approved it, and when; "" = nobody
	Version   int
	Meanwhile bool // somebody else changed it: what is kept now stands on the page of the list
	Kept      []consult.SavedText
	Name      TextInput
	Policy    TextInput
	Own       Choices
	Texts     []TextArea
	Variables string
	Save      Button
	Approve   *Button
	Retire    *Button
}

// SavedReply shows one, or the form of a new one.
func (w *Web) SavedReply(c *fiber.Ctx) error { return w.savedReply(c, nil, nil) }

func (w *Web) savedReply(c *fiber.Ctx, f *Form, wrong error) error {
	var r consult.SavedReply
	if c.Params("id") != newRecord {
		id, err := consult.ParseID(c.Params("id"))
		if err != nil {
			return err
		}
		if r, err = w.Service.SavedReply(c.UserContext(), w.actor(c), id); err != nil {
			return err
		}
	}
	title := "officer_reply.title"
	if r.ID == 0 {
		title = "officer_reply.add"
	}
	p := drawReply(w.StaffBase(c, title, "name", r.Name).WithErrors(wrong), r, w.replyLanguages(), f)
	if consult.KindOf(wrong) == consult.Conflict {
		p.Meanwhile, p.Kept = true, r.Texts
		return w.Pages.Page(c, fiber.StatusConflict, "officer-reply", p)
	}
	return shown(w, c, "officer-reply", p, nil)
}

// replyLanguages are those of the site.
func (w *Web) replyLanguages() []Choice {
	var all []Choice
	for _, l := range w.Texts.Languages() {
		all = append(all, Choice{Value: l.Code, Label: l.Name})
	}
	return all
}

func drawReply(b Base, r consult.SavedReply, languages []Choice, f *Form) *replyPage {
	p := &replyPage{Base: b, Path: repliesPath + "/" + newRecord, Version: r.Version, Variables: "[[" + strings.Join(consult.ReplyVariables(), "]] [[") + "]]"}
	p.Back = &Link{Href: repliesPath, Text: p.T("officer_reply.list")}
	typed := map[string]string{"name": r.Name, "policy": r.Policy}
	if r.Version == 0 || r.Service != "" {
		typed["own"] = "yes"
	}
	for _, t := range r.Texts {
		typed["text-"+t.Language] = t.Body
	}
	if r.Version > 0 {
		p.Path, p.State = repliesPath+"/"+r.ID.String(), p.replyTag(r)
		if !r.Usable() {
			p.Approve = &Button{Text: p.T("officer_reply.approve"), Name: "do", Value: "approve"}
		}
		if r.RetiredAt.IsZero() {
			p.Retire = &Button{Text: p.T("officer_reply.retire"), Name: "do", Value: "retire", Warning: true}
		}
	}
	if r.Usable() {
		p.By = p.T("officer_reply.by", "who", r.ApprovedBy, "date", p.Language.Date(r.ApprovedAt))
	}
	f = values(f, typed)
	p.Name, p.Policy = p.TextInput(f, "name", "officer_reply.name"), p.TextInput(f, "policy", "officer_reply.policy")
	p.Own = Checkboxes(&p.Base, f, "own", "officer_reply.own", []string{"yes"}, "officer_reply.own_")
	for i, l := range languages {
		name := "text-" + l.Value
		field := Field{Name: name, Label: p.T("officer_reply.text", "language", l.Label), Error: p.ErrorOf(name)}
		if i == 0 && field.Error == "" {
			field.Error = p.ErrorOf("text")
		}
		p.Texts = append(p.Texts, TextArea{Field: field, Value: f.Value(name), Max: consult.MaxMessage})
	}
	p.Save = Button{Text: p.T("officer_reply.save"), Name: "do", Value: "save"}
	return p
}

// WriteSavedReply keeps, approves or retires one.
func (w *Web) WriteSavedReply(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	r := consult.SavedReply{Version: versionOf(f)}
	if c.Params("id") != newRecord {
		if r.ID, err = consult.ParseID(c.Params("id")); err != nil {
			return err
		}
	}
	ctx, actor := c.UserContext(), w.actor(c)
	switch Choose(f, "do", []string{"save", "approve", "retire"}) {
	case "approve":
		err = w.Service.ApproveSavedReply(ctx, actor, r.ID, r.Version)
	case "retire":
		err = w.Service.RetireSavedReply(ctx, actor, r.ID, r.Version)
	default:
		r.Name, r.Policy = f.Line("name", consult.MaxReplyName), f.Line("policy", consult.MaxReplyPolicy)
		if len(ChooseMany(f, "own", []string{"yes"})) > 0 {
			r.Service = actor.Service
		}
		for _, l := range w.replyLanguages() {
			if body := f.Text("text-"+l.Value, consult.MaxMessage); body != "" {
				r.Texts = append(r.Texts, consult.SavedText{Language: l.Value, Body: body})
			}
		}
		if err = f.Err("write saved reply"); err == nil {
			_, err = w.Service.WriteSavedReply(ctx, actor, r)
		}
	}
	if refused(err) {
		return w.savedReply(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(repliesPath, fiber.StatusSeeOther)
}
