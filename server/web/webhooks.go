package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const webhooksPath = "/admin/webhooks"

// webhooksPage lists the addresses that news is sent to, and takes a new one.
type webhooksPage struct {
	Base
	Hooks  []webhookLine
	Label  TextInput
	URL    TextInput
	Events Choices
	Submit Button
	Key    string
}

type webhookLine struct {
	Link  Link
	URL   string
	State Tag
}

// webhookPage is one of them: its secret right after it was made, its messages, and what can be done.
type webhookPage struct {
	Base
	Hook    SummaryList
	State   Tag
	Why     string // why it rests
	Secret  string // shown once; "" = not now
	Actions []webhookAction
	Lines   []webhookMessage
	Pages   Pagination
	Path    string
}

type webhookAction struct {
	Text   string
	Button Button
}

// webhookMessage is one line of its log.
type webhookMessage struct {
	ID, What string
	State    Tag
	Facts    []string
	Failed   string
	Again    Button
}

const webhookPerPage = 25

func drawWebhooks(b Base, hooks []consult.Webhook, f *Form) *webhooksPage {
	p := &webhooksPage{Base: b, Submit: Button{Text: b.T("webhooks.add")}, Key: NewKey()}
	if f != nil && f.Value(keyField) != "" {
		p.Key = f.Value(keyField)
	}
	p.Label, p.URL = p.TextInput(f, "label", "webhooks.label"), p.TextInput(f, "url", "webhooks.url")
	p.URL.Type = "url"
	p.Events = Checkboxes(&p.Base, f, "events", "webhooks.events", consult.NewsKinds(), "webhooks.event.")
	for _, h := range hooks {
		p.Hooks = append(p.Hooks, webhookLine{Link: Link{Href: webhooksPath + "/" + h.ID.String(), Text: h.Label}, URL: h.URL, State: p.restTag(h.Paused)})
	}
	return p
}

func (b *Base) restTag(p consult.Pause) Tag {
	switch p {
	case consult.PausedByOwner:
		return Tag{Text: b.T("webhooks.paused"), Kind: "wait"}
	case consult.PausedByMail:
		return Tag{Text: b.T("webhooks.stopped"), Kind: "closing"}
	}
	return Tag{Text: b.T("webhooks.runs"), Kind: "open"}
}

// Webhooks shows the list.
func (w *Web) Webhooks(c *fiber.Ctx) error { return w.webhooksPage(c, fiber.StatusOK, nil, nil) }

func (w *Web) webhooksPage(c *fiber.Ctx, status int, f *Form, invalid error) error {
	hooks, err := w.Service.Webhooks(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	return w.Pages.Page(c, status, "webhooks", drawWebhooks(w.StaffBase(c, "webhooks.title").WithErrors(invalid), hooks, f))
}

// AddWebhook registers an address. The answer is the page itself and no redirect: it shows the secret, once.
func (w *Web) AddWebhook(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	in := consult.WebhookInput{Label: f.Line("label", 100), URL: f.Line("url", 500), Events: ChooseMany(f, "events", consult.NewsKinds()), Key: f.Key()}
	if w.CheckWebhook != nil && in.URL != "" {
		if err := w.CheckWebhook(in.URL); err != nil {
			f.Fail("url", "webhook_url")
		}
	}
	var made consult.Webhook
	var secret string
	if err = f.Err("add webhook"); err == nil {
		made, secret, err = w.Service.AddWebhook(c.UserContext(), w.actor(c), in)
	}
	if consult.KindOf(err) == consult.Invalid {
		return w.webhooksPage(c, fiber.StatusUnprocessableEntity, f, err)
	}
	if err != nil {
		return err
	}
	return w.webhookPage(c, made, secret)
}

// Webhook shows one.
func (w *Web) Webhook(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	h, err := w.Service.Webhook(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	return w.webhookPage(c, h, "")
}

func (w *Web) webhookPage(c *fiber.Ctx, h consult.Webhook, secret string) error {
	number := PageNumber(ReadQuery(c))
	log, total, err := w.Service.WebhookLog(c.UserContext(), w.actor(c), h.ID, (number-1)*webhookPerPage, webhookPerPage)
	if err != nil {
		return err
	}
	p := drawWebhook(w.StaffBase(c, "webhooks.one_title", "label", h.Label), h, log, secret, w.now())
	p.Pages = Paginate(number, total, webhookPerPage, nil)
	return w.Pages.Page(c, fiber.StatusOK, "webhook", p)
}

func drawWebhook(b Base, h consult.Webhook, log []consult.WebhookDelivery, secret string, now time.Time) *webhookPage {
	p := &webhookPage{Base: b, State: b.restTag(h.Paused), Secret: secret, Path: webhooksPath + "/" + h.ID.String()}
	p.Back = &Link{Href: webhooksPath, Text: p.T("webhooks.title")}
	events := ""
	for i, e := range h.Events {
		if i > 0 {
			events += ", "
		}
		events += string(e)
	}
	p.Hook.Rows = []SummaryRow{{Key: p.T("webhooks.url"), Value: h.URL, Typed: true}, {Key: p.T("webhooks.events"), Value: events},
		{Key: p.T("webhooks.made"), Value: p.Language.DateTime(h.CreatedAt)}}
	if end := h.RotatedAt.Add(consult.SecretOverlap); h.Generation > 1 && now.Before(end) {
		p.Hook.Rows = append(p.Hook.Rows, SummaryRow{Key: p.T("webhooks.both"), Value: p.T("webhooks.both_until", "at", p.Language.DateTime(end))})
	}
	rest := "pause"
	if h.Paused != "" {
		rest = "resume"
		p.Why = p.T("webhooks.why."+string(h.Paused), "at", p.Language.DateTime(h.PausedAt))
	}
	for _, do := range []string{"test", rest, "rotate", "remove"} {
		p.Actions = append(p.Actions, webhookAction{p.T("webhooks." + do + "_text"), Button{Text: p.T("webhooks." + do), Name: "do", Value: do,
			Secondary: do != "remove", Warning: do == "remove"}})
	}
	for _, d := range log {
		p.Lines = append(p.Lines, p.message(d))
	}
	return p
}

func (p *webhookPage) message(d consult.WebhookDelivery) webhookMessage {
	kinds := map[consult.DeliveryState]string{consult.DeliveryGivenUp: "closing", consult.DeliveryFailing: "held", consult.DeliveryWaiting: "wait",
		consult.DeliverySent: "done"}
	v := webhookMessage{ID: d.ID.String(), What: p.T("webhooks.event." + string(d.Kind)), State: Tag{Text: p.T("deliveries.state." + string(d.State())), Kind: kinds[d.State()]},
		Failed: d.Failed, Again: Button{Text: p.T("webhooks.again"), Name: "do", Value: "again", Secondary: true}}
	v.Facts = append(v.Facts, p.T("webhooks.happened", "at", p.Language.DateTime(d.At)))
	if d.Tries > 0 {
		v.Facts = append(v.Facts, p.T("deliveries.tries", "n", d.Tries))
	}
	if d.Code != 0 {
		v.Facts = append(v.Facts, p.T("webhooks.code", "code", strconv.Itoa(d.Code)))
	}
	switch d.State() {
	case consult.DeliverySent:
		v.Facts = append(v.Facts, p.T("webhooks.sent", "at", p.Language.DateTime(d.SentAt)))
	case consult.DeliveryGivenUp:
		v.Facts = append(v.Facts, p.T("deliveries.given_up", "at", p.Language.DateTime(d.GivenUpAt)))
	default:
		v.Facts = append(v.Facts, p.T("deliveries.next", "at", p.Language.DateTime(d.NextTry)))
	}
	return v
}

// ChangeWebhook does what one of the page's buttons says.
func (w *Web) ChangeWebhook(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	ctx, a := c.UserContext(), w.actor(c)
	switch Choose(f, "do", []string{"test", "pause", "resume", "rotate", "remove", "again"}) {
	case "test":
		err = w.Service.TestWebhook(ctx, a, id)
	case "pause":
		err = w.Service.PauseWebhook(ctx, a, id)
	case "resume":
		err = w.Service.ResumeWebhook(ctx, a, id)
	case "rotate":
		h, secret, err := w.Service.RotateWebhook(ctx, a, id)
		if err != nil {
			return err
		}
		return w.webhookPage(c, h, secret)
	case "remove":
		if err := w.Service.RemoveWebhook(ctx, a, id); err != nil {
			return err
		}
		return c.Redirect(webhooksPath, fiber.StatusSeeOther)
	case "again":
		message, failed := f.ID("message")
		if failed != nil {
			return failed
		}
		err = w.Service.RetryWebhook(ctx, a, id, message)
	default:
		f.Fail("do", "choice")
		err = f.Err("change webhook")
	}
	if err != nil {
		return err
	}
	return c.Redirect(webhooksPath+"/"+id.String(), fiber.StatusSeeOther)
}
