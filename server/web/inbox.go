package web

import (
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// inboxPage is the officers' desk: what waits, the oldest promise first.
type inboxPage struct {
	Base
	Views  []inboxTab
	Saved  []inboxTab
	Filter deskFilter
	Items  []inboxItem
	Pages  Pagination
	Total  int
	View   consult.InboxView
	Desk   string // the stream that announces what comes in
	Head   int64
	Epoch  string
	deskTools
	Bulk     []Kept // the view and its filter, for an act on all of it
	BulkAll  string // "All 240 of this view"
	BulkDo   []Button
	SaveName TextInput
	Share    Choices
	SaveGo   Button
	News     *newsSince
	Away     string // until when the officer is away; "" = here
}

type inboxTab struct {
	NavLink
	Count int
	Key   string // after g
}

// inboxItem is one line of the desk.
type inboxItem struct {
	ID, Item                      string // of the line on the page, and of what is worked on
	Href, About, Heading, Excerpt string
	HeadingHref                   string
	Reply                         string // where it is answered
	DeskHref                      string // assign, snooze, notes
	Stance                        string
	Since                         string
	Due                           Tag
	Rule                          string
	With                          string // to whom it belongs
	Mine                          bool
	Rests                         string // until when it is snoozed; "" = awake
	Reopened                      string // why its author says that the answer is none
}

// newsSince is what changed since the officer left.
type newsSince struct {
	Since string
	Lines []Link // what can be gone to
	Facts []string
}

// viewKeys are the letters that lead to the views, after g.
var viewKeys = map[consult.InboxView]string{consult.InboxUnanswered: "u", consult.InboxMine: "m", consult.InboxService: "t", consult.InboxDue: "d",
	consult.InboxHeld: "h", consult.InboxMentions: "n", consult.InboxPublish: "p", consult.InboxSnoozed: "s"}

// deskRead is everything a page of the inbox is drawn from.
type deskRead struct {
	Found   consult.InboxPage
	Saved   []consult.SavedView
	Choices choicesOf
	Desk    consult.OfficerDesk
	News    consult.DeskNews
	Now     time.Time
}

// Inbox lists one view of the desk.
func (w *Web) Inbox(c *fiber.Ctx) error {
	p, err := w.inboxView(c, ReadQuery(c), nil)
	return shown(w, c, "inbox", p, err)
}

// inboxView reads and draws a view; typed and invalid are of the form that saves it.
func (w *Web) inboxView(c *fiber.Ctx, f *Form, invalid error) (*inboxPage, error) {
	number := PageNumber(f)
	read := deskRead{Now: w.now()}
	var err error
	if read.Desk, read.News, err = w.Service.LookIn(c.UserContext(), w.actor(c)); err != nil {
		return nil, err
	}
	if read.Choices, err = w.choices(c); err != nil {
		return nil, err
	}
	if read.Saved, err = w.Service.SavedViews(c.UserContext(), w.actor(c)); err != nil {
		return nil, err
	}
	var saved []consult.InboxFilter
	for _, v := range read.Saved {
		_, filter := savedFilter(v)
		saved = append(saved, filter)
	}
	read.Found, err = w.Service.Inbox(c.UserContext(), w.actor(c), inboxFilter(f), (number-1)*consult.InboxPerPage, saved...)
	if err != nil {
		return nil, err
	}
	p := drawInbox(w.StaffBase(c, "inbox.title").WithErrors(invalid), read, f, number, w.Service)
	p.Done, err = w.doneOf(c, f)
	return p, err
}

// promises tells how a promise stands.
type promises interface {
	DueIn(item consult.InboxItem) (workingDays int, known bool)
}

func drawInbox(b Base, read deskRead, f *Form, number int, due promises) *inboxPage {
	view := inboxFilter(f).View
	p := &inboxPage{Base: b, View: view, Total: read.Found.Counts[view], Desk: consult.DeskThread.String(), Head: read.Found.Head, Epoch: read.Found.Epoch}
	filter := filterQuery(f)
	for _, v := range consult.InboxViews() {
		query := url.Values{"view": {string(v)}}
		for name, values := range filter {
			query[name] = values
		}
		p.Views = append(p.Views, inboxTab{NavLink{Href: "/officer?" + query.Encode(), Text: b.viewText(v), Current: v == view},
			read.Found.Counts[v], viewKeys[v]})
	}
	here := viewQuery(f)
	for i, v := range read.Saved {
		saved, _ := savedFilter(v)
		tab := inboxTab{NavLink: NavLink{Href: "/officer?" + viewQuery(saved).Encode(), Text: v.Name, Current: viewQuery(saved).Encode() == here.Encode() && len(filter) > 0}}
		if i < len(read.Found.Saved) {
			tab.Count = read.Found.Saved[i]
		}
		p.Saved = append(p.Saved, tab)
	}
	p.Filter = p.drawFilter(f, read.Choices)
	p.deskTools = p.tools(read, "/officer?"+pageQuery(here, number))
	for _, item := range read.Found.Items {
		p.Items = append(p.Items, p.item(item, read, due))
	}
	p.Pages = Paginate(number, p.Total, consult.InboxPerPage, here)
	p.drawBulk(f)
	p.drawNews(read)
	p.Scripts = append(p.Scripts, liveScript, deskScript)
	return p
}

// pageQuery is a view's address with its page.
func pageQuery(query url.Values, number int) string {
	q := url.Values{}
	for name, values := range query {
		q[name] = values
	}
	if number > 1 {
		q.Set("page", strconv.Itoa(number))
	}
	return q.Encode()
}

func (p *inboxPage) item(k consult.InboxItem, read deskRead, due promises) inboxItem {
	v := inboxItem{Item: k.Item.String(), Heading: k.Heading, HeadingHref: "/officer/consultations/" + k.Consultation.String(), Excerpt: k.Excerpt, Reopened: k.Reason,
		Since: p.Language.DateTime(k.Since), DeskHref: itemHref(k.Item) + "?" + url.Values{"back": {p.Here}}.Encode()}
	switch {
	case k.Message != 0:
		v.ID, v.Href, v.About, v.Rule = k.Message.String(), "/officer/messages/"+k.Message.String(), p.T("inbox.message"), p.T("rule."+k.Rule)
		v.Reply = v.Href + "#reason"
	case k.Comment != 0:
		v.ID, v.Href, v.About, v.Stance = k.Comment.String(), "/officer/comments/"+k.Comment.String(), p.T("inbox.comment"), p.stance(k.Stance)
		v.Reply = v.Href + "#body"
		if !k.Kind.Planning() {
			v.About += " · " + p.T("inbox.answers", "n", len(k.Topics))
			break
		}
		for _, t := range k.Topics {
			v.About += " · " + p.topic(t)
		}
	default:
		v.ID, v.Href, v.About = k.Thread.String(), threadHref(k.Thread, 0), k.Title
		if v.About == "" {
			v.About = p.T("thread.on_comment")
		}
		v.Reply = v.Href + "#body"
	}
	v.With, v.Mine = p.with(k.Assignment, read.Choices.Colleagues), k.Assignment.Officer == p.Actor.ID && p.Actor.ID != 0
	if k.Assignment.Snoozed.After(read.Now) {
		v.Rests = p.T("desk.rests", "at", p.Language.DateTime(k.Assignment.Snoozed))
	}
	if days, known := due.DueIn(k); known {
		v.Due = p.dueTag(days)
	}
	if k.Paused != "" {
		v.Due = Tag{Text: p.T("officer_promise.rests", "why", p.T("pause_reason."+k.Paused)), Kind: "held"}
	}
	return v
}

// with says to whom an item belongs: the service, and the officer, whom only staff see by name.
func (b *Base) with(a consult.Assignment, colleagues []consult.Colleague) string {
	for _, c := range colleagues {
		switch {
		case c.ID != a.Officer || a.Officer == 0:
		case c.Gone:
			return b.T("desk.with_gone", "name", c.Name, "service", a.Service)
		case c.ID == b.Actor.ID:
			return b.T("desk.with_me", "service", a.Service)
		case !c.Away.IsZero():
			return b.T("desk.with_away", "name", c.Name, "service", a.Service, "day", b.Language.Date(c.Away.Add(-1)))
		default:
			return b.T("desk.with_officer", "name", c.Name, "service", a.Service)
		}
	}
	if a.Service == "" {
		return b.T("desk.with_nobody")
	}
	return b.T("desk.with_service", "service", a.Service)
}

// drawBulk draws what can be done with ticked lines, or with all of the view.
func (p *inboxPage) drawBulk(f *Form) {
	for _, name := range append([]string{"view"}, filterNames...) {
		if v := viewQuery(f).Get(name); v != "" {
			p.Bulk = append(p.Bulk, Kept{Name: name, Value: v})
		}
	}
	p.BulkAll = p.T("desk.all", "n", min(p.Total, consult.MaxBulk))
	for _, do := range []consult.DeskActKind{consult.ActAssign, consult.ActSnooze, consult.ActOff} {
		p.BulkDo = append(p.BulkDo, Button{Text: p.T("desk.bulk_" + string(do)), Name: "do", Value: string(do), Secondary: true})
	}
	if len(filterQuery(f)) > 0 {
		p.SaveName = p.TextInput(f, "name", "desk.view_name")
		p.Share = Checkboxes(&p.Base, f, "share", "desk.view_share", []string{"yes"}, "desk.view_share_")
		p.SaveGo = Button{Text: p.T("desk.view_save"), Secondary: true}
	}
}

// drawNews says what changed since the officer left.
func (p *inboxPage) drawNews(read deskRead) {
	if !read.Desk.Away.IsZero() && read.Desk.Away.After(read.Now) {
		p.Away = p.Language.Date(read.Desk.Away.Add(-1))
	}
	n := read.News
	if n.Came+n.Answered+n.Assigned+n.Returned+n.Mentions == 0 {
		return
	}
	p.News = &newsSince{Since: p.Language.DateTime(n.Since)}
	for _, line := range []struct {
		n    int
		key  string
		view consult.InboxView
	}{{n.Mentions, "desk.news_mentions", consult.InboxMentions}, {n.Assigned, "desk.news_assigned", consult.InboxMine},
		{n.Returned, "desk.news_returned", consult.InboxMine}, {n.Came, "desk.news_came", consult.InboxUnanswered}} {
		if line.n > 0 {
			p.News.Lines = append(p.News.Lines, Link{Href: "/officer?view=" + string(line.view), Text: p.T(line.key, "n", line.n)})
		}
	}
	if n.Answered > 0 {
		p.News.Facts = append(p.News.Facts, p.T("desk.news_answered", "n", n.Answered))
	}
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

func (b *Base) viewText(v consult.InboxView) string {
	if v == consult.InboxDue { // the key by its name says when a promise is due
		return b.T("inbox.due_soon")
	}
	return b.T("inbox." + string(v))
}
