package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// inboxPage is the officers' desk: what waits, the oldest promise first.
type inboxPage struct {
	Base
	Views []inboxTab
	Items []inboxItem
	Pages Pagination
	View  consult.InboxView
	Desk  string // the stream that announces what comes in
	Head  int64
	Epoch string
}

type inboxTab struct {
	NavLink
	Count int
}

// inboxItem is one line of the desk.
type inboxItem struct {
	Href, About, Heading, Excerpt string
	HeadingHref                   string
	Stance                        string
	Since                         string
	Due                           Tag
	Rule                          string
}

const inboxPerPage = 25

// Inbox lists one view of the desk.
func (w *Web) Inbox(c *fiber.Ctx) error {
	f := ReadQuery(c)
	number := PageNumber(f)
	view := consult.InboxView(f.Value("view"))
	found, err := w.Service.Inbox(c.UserContext(), w.actor(c), consult.InboxFilter{View: view}, (number-1)*inboxPerPage)
	if err != nil {
		return err
	}
	p := drawInbox(w.StaffBase(c, "inbox.title"), found, view, number, w.Service)
	return w.Pages.Page(c, fiber.StatusOK, "inbox", p)
}

// promises tells how a promise stands.
type promises interface {
	DueIn(item consult.InboxItem) (workingDays int, known bool)
}

func drawInbox(b Base, found consult.InboxPage, view consult.InboxView, number int, due promises) *inboxPage {
	p := &inboxPage{Base: b, View: view, Desk: consult.DeskThread.String(), Head: found.Head, Epoch: found.Epoch}
	views := []consult.InboxView{consult.InboxUnanswered, consult.InboxPublish, consult.InboxHeld}
	if view != consult.InboxPublish && view != consult.InboxHeld {
		p.View = consult.InboxUnanswered
	}
	for _, v := range views {
		p.Views = append(p.Views, inboxTab{NavLink{Href: "/officer?view=" + string(v), Text: b.T("inbox." + string(v)), Current: v == p.View}, found.Counts[v]})
	}
	for _, item := range found.Items {
		p.Items = append(p.Items, p.item(item, due))
	}
	p.Pages = Paginate(number, found.Counts[p.View], inboxPerPage, map[string][]string{"view": {string(p.View)}})
	p.Scripts = append(p.Scripts, liveScript)
	return p
}

func (p *inboxPage) item(k consult.InboxItem, due promises) inboxItem {
	v := inboxItem{Heading: k.Heading, HeadingHref: "/officer/consultations/" + k.Consultation.String(), Excerpt: k.Excerpt,
		Since: p.Language.DateTime(k.Since)}
	switch {
	case k.Message != 0:
		v.Href, v.About, v.Rule = "/officer/messages/"+k.Message.String(), p.T("inbox.message"), p.T("rule."+k.Rule)
	case k.Comment != 0:
		v.Href, v.About, v.Stance = "/officer/comments/"+k.Comment.String(), p.T("inbox.comment"), p.stance(k.Stance)
		if !k.Kind.Planning() {
			v.About += " · " + p.T("inbox.answers", "n", len(k.Topics))
			break
		}
		for _, t := range k.Topics {
			v.About += " · " + p.topic(t)
		}
	default:
		v.Href, v.About = threadHref(k.Thread, 0), k.Title
	}
	if days, known := due.DueIn(k); known {
		v.Due = p.dueTag(days)
	}
	return v
}

// dueTag words how a promise stands: never by colour alone.
func (b *Base) dueTag(days int) Tag {
	switch {
	case days < 0:
		return Tag{Text: b.T("inbox.overdue", "n", -days), Kind: "closing"}
	case days == 0:
		return Tag{Text: b.T("inbox.today"), Kind: "closing"}
	}
	return Tag{Text: b.T("inbox.due", "n", days), Kind: "wait"}
}
