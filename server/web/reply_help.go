package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// replyHelp is what stands beside the box of an official reply: who else is at it, what a colleague has begun, texts to put in. Part
// "reply-help".
type replyHelp struct {
	Item   string
	Thread string // "" = there is none yet
	Seen   int64  // the highest number of the thread that the page shows
	Here   string // who else is here, in words; "" = nobody
	Drafts []string
	Picker *Select // nil = there is no text to put in
	Insert Button
	Warn   string // what the text that was put in lacks
}

const (
	seenField   = "seen"
	insertField = "insert"
	replyField  = "saved-reply"
)

const replyHelpScript = "part/reply-help/reply-help.js"

// helpReply completes the box of an official reply to an item. Who has begun to write goes on where they stopped.
func (w *Web) helpReply(c *fiber.Ctx, b *Base, m *messageForm, item consult.ID, thread consult.Thread, f *Form) error {
	if m == nil || !consult.Can(b.Actor, consult.Reply) {
		return nil
	}
	ctx, actor := c.UserContext(), w.actor(c)
	h := &replyHelp{Item: item.String(), Seen: thread.Seq, Insert: Button{Text: b.T("reply.insert"), Name: insertField, Value: "yes", Secondary: true}}
	if thread.ID != 0 {
		h.Thread = thread.ID.String()
	}
	here, err := w.Service.Attend(ctx, actor, item, 0, 0, false)
	if err != nil {
		return err
	}
	h.Here = b.whoIsHere(here.Others)
	if f == nil || f.Value("body") == "" {
		d, err := w.Service.ReplyDraft(ctx, actor, item)
		if err != nil {
			return err
		}
		m.Body.Value = d.Body
	}
	drafts, err := w.Service.ColleaguesDrafts(ctx, actor, item)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		h.Drafts = append(h.Drafts, d.Body)
	}
	usable, err := w.Service.UsableReplies(ctx, actor)
	if err != nil {
		return err
	}
	if len(usable) > 0 {
		h.Picker = &Select{Field: b.field(replyField, "reply.saved"), Options: []Choice{{Label: b.T("reply.saved_none")}}}
		for _, r := range usable {
			h.Picker.Options = append(h.Picker.Options, Choice{Value: r.ID.String(), Label: r.Name})
		}
	}
	m.Help = h
	b.Scripts = append(b.Scripts, replyHelpScript)
	return nil
}

// whoIsHere words colleagues at an item.
func (b *Base) whoIsHere(others []consult.Presence) string {
	var words []string
	for _, o := range others {
		key := "reply.here"
		if o.Writing {
			key = "reply.writing"
		}
		words = append(words, b.T(key, "name", o.Name, "service", o.Service))
	}
	return strings.Join(words, " ")
}

// readSeen reads which answers the writer of an official reply had seen.
func readSeen(f *Form, in *consult.MessageInput) {
	if !f.Has(seenField) {
		return
	}
	if n, ok := f.Int(seenField, 0, 1<<53); ok {
		in.Guarded, in.Seen = true, int64(n)
	}
}

// answeredMeanwhile words the refusal of a reply whose writer had not seen a colleague's; other errors stay as they are.
func answeredMeanwhile(err error, in consult.MessageInput) error {
	if in.Guarded && consult.KindOf(err) == consult.Conflict {
		return &consult.Error{Kind: consult.Conflict, Op: "reply", Fields: []consult.FieldError{{Field: "body", Rule: "answered_meanwhile"}}, Err: err}
	}
	return err
}

// insertReply puts a saved reply behind what was typed, where its button was pressed; done tells whether it was. The words to warn with
// name what has no value in this case.
func (w *Web) insertReply(c *fiber.Ctx, f *Form, consultation consult.ID, language string) (done bool, warn string, err error) {
	if !f.Has(insertField) {
		return false, "", nil
	}
	id, err := consult.ParseID(f.Value(replyField))
	if err != nil {
		return true, "", nil // nothing was chosen
	}
	l := w.Language(c)
	if language == "" {
		language = l.Code
	}
	filled, err := w.Service.UseSavedReply(c.UserContext(), w.actor(c), id, consultation, language, w.Site.BaseURL,
		func(d consult.Date) string { return l.Civil(string(d)) })
	if err != nil {
		return true, "", err
	}
	typed := strings.TrimRight(f.Value("body"), "\n ")
	if typed != "" {
		typed += "\n\n"
	}
	f.put("body", typed+filled.Text.Body)
	var lacks []string
	if len(filled.Missing) > 0 {
		lacks = append(lacks, l.T("reply.missing", "names", "[["+strings.Join(filled.Missing, "]], [[")+"]]"))
	}
	if !filled.Language {
		lacks = append(lacks, l.T("reply.other_language"))
	}
	return true, strings.Join(lacks, " "), nil
}

// hereAnswer is what an open page learns.
type hereAnswer struct {
	Here  string `json:"here"`
	Newer string `json:"newer"` // "Answered 12 s ago"; "" = nothing new
	Saved string `json:"saved"`
}

// OfficerHere is a sign of life of a page with an official reply: it keeps what is typed, and tells who else is there and whether a
// colleague was faster.
func (w *Web) OfficerHere(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	item, err := f.ID("item")
	if err != nil {
		return err
	}
	thread, _ := consult.ParseID(f.Value("thread"))
	seen, _ := f.Int(seenField, 0, 1<<53)
	ctx, actor, l := c.UserContext(), w.actor(c), w.Language(c)
	var out hereAnswer
	if f.Has("body") {
		body := f.Text("body", consult.MaxMessage)
		if err := f.Err("save reply draft"); err != nil {
			return err
		}
		if err := w.Service.SaveReplyDraft(ctx, actor, item, body); err != nil {
			return err
		}
		out.Saved = l.T("reply.saved_at", "at", l.Clock(w.Service.Now()))
	}
	here, err := w.Service.Attend(ctx, actor, item, thread, int64(seen), f.Value("writing") == "yes")
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "reply.title")
	out.Here = b.whoIsHere(here.Others)
	if m := here.Newer; m != nil {
		out.Newer = l.T("reply.newer", "service", m.Service, "n", int(max(w.Service.Now().Sub(m.CreatedAt), 0)/time.Second))
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.JSON(out)
}
