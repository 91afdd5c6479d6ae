package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/static/lang"
)

// The addresses of feeds and calendars. Each takes lang, and those of the list its filters.
const (
	feedPath     = "/feed.atom"
	calendarPath = "/deadlines.ics"
)

// feedLanguage is the language of what programs fetch: ?lang=, else Accept-Language. No cookie counts, and none is set.
func (w *Web) feedLanguage(c *fiber.Ctx) *lang.Language {
	c.Vary(fiber.HeaderAcceptLanguage)
	return w.Texts.Match(c.Get(fiber.HeaderAcceptLanguage), "", c.Query(languageQuery))
}

// programHref is the address of a feed or calendar in the reader's language.
func (b *Base) programHref(path string, query url.Values) string {
	asked := url.Values{}
	for name, values := range query {
		asked[name] = values
	}
	asked.Set(languageQuery, b.Language.Code)
	return path + "?" + asked.Encode()
}

// followSearch offers a search to feed readers and calendars.
func (p *consultationsPage) followSearch(query url.Values) {
	p.FeedHref, p.DaysHref = p.programHref(feedPath, query), p.programHref(calendarPath, query)
	p.Feeds = []Link{{Href: p.FeedHref, Text: p.T("feed.title", "authority", p.Site.Authority)}}
}

// Feed tells what happens to the consultations a search finds, as Atom.
func (w *Web) Feed(c *fiber.Ctx) error {
	f := ReadQuery(c)
	filter, err := w.consultationFilter(c, f)
	if err != nil {
		return err
	}
	entries, err := w.Service.Feed(c.UserContext(), filter)
	if err != nil {
		return err
	}
	l := w.feedLanguage(c)
	feed := export.AtomFeed{ID: w.tag("feed", w.searchQuery(f)), Title: l.T("feed.title", "authority", w.Site.Authority)}
	if query := w.searchQuery(f); len(query) > 0 {
		feed.Title = l.T("feed.title_search", "authority", w.Site.Authority)
		feed.Page = w.Site.BaseURL + "/?" + query.Encode()
	}
	return w.sendFeed(c, l, feed, entries)
}

// ConsultationFeed tells what happens to one consultation: moves, answers, outcomes.
func (w *Web) ConsultationFeed(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	k, entries, err := w.Service.FeedOf(c.UserContext(), id)
	if err != nil {
		return err
	}
	return w.sendFeed(c, w.feedLanguage(c), export.AtomFeed{ID: w.tag("consultation/"+id.String()+"/feed", nil), Title: k.Title,
		Page: w.Site.BaseURL + "/consultations/" + id.String(), Updated: k.CreatedAt}, entries)
}

func (w *Web) sendFeed(c *fiber.Ctx, l *lang.Language, feed export.AtomFeed, entries []consult.FeedEntry) error {
	feed.Language, feed.Author, feed.Self = l.Code, w.Site.Authority, w.Site.BaseURL+c.OriginalURL()
	if feed.Page == "" {
		feed.Page = w.Site.BaseURL + "/"
	}
	for _, e := range entries {
		entry := w.feedEntry(l, e)
		feed.Entries = append(feed.Entries, entry)
		if entry.Updated.After(feed.Updated) {
			feed.Updated = entry.Updated
		}
	}
	if feed.Updated.IsZero() { // nothing has happened yet, and a feed must say when
		feed.Updated = time.Unix(0, 0)
	}
	var body bytes.Buffer
	if err := export.Atom(&body, feed); err != nil {
		return err
	}
	return sendFile(c, "application/atom+xml; charset=utf-8", body.Bytes(), feed.Updated)
}

// tag is a name that stays whatever moves (RFC 4151).
func (w *Web) tag(what string, query url.Values) string {
	if len(query) > 0 {
		what += "?" + query.Encode()
	}
	return "tag:" + w.host() + ",2026:" + what
}

// host is the site's name, for what must be unique in the world.
func (w *Web) host() string {
	if u, err := url.Parse(w.Site.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "localhost"
}

func (w *Web) feedEntry(l *lang.Language, e consult.FeedEntry) export.AtomEntry {
	k := e.Consultation
	l = worded(l, k.Kind)
	at := "consultation/" + k.ID.String() + "/"
	page := w.Site.BaseURL + "/consultations/" + k.ID.String()
	out := export.AtomEntry{Page: page, Published: e.At, Updated: e.At, Language: l.Code}
	switch e.Kind {
	case consult.FeedAnswer:
		m := e.Message
		out.ID, out.Category, out.Page = w.tag(at+"answer/"+m.ID.String(), nil), "answer", w.Site.BaseURL+threadHref(m.Thread, m.Seq)
		out.Title, out.Text, out.Language = l.T("feed.answer", "service", m.Service, "title", k.Title), m.Body, m.Language
	case consult.FeedOutcome:
		o := e.Outcome
		out.ID, out.Category, out.Page = w.tag(at+"outcome/"+string(o.Topic), nil), "outcome", page+"#outcomes"
		out.Title = l.T("feed.outcome", "topic", l.T("topic."+string(o.Topic)), "title", k.Title)
		out.Text, out.Language = l.T("feed.said_did", "said", o.YouSaid, "did", o.WeDid), l.Code
		if o.UpdatedAt.After(out.Updated) {
			out.Updated = o.UpdatedAt
		}
	default:
		out.ID, out.Category = w.tag(at+"move/"+strconv.Itoa(e.Number), nil), string(e.To)
		out.Title, out.Text = moveTitle(l, e), moveText(l, k)
	}
	return out
}

// moveTitle says in a line what a move means to somebody who did not know of the case.
func moveTitle(l *lang.Language, e consult.FeedEntry) string {
	if e.Number == 0 || !e.From.Public() {
		return l.T("feed.new", "title", e.Consultation.Title)
	}
	state := l.T("state." + string(e.To))
	decision := "decision." + e.Consultation.Application.Decision
	if e.To == consult.Decided && e.Consultation.Application.Decision != "" && l.Has(decision) {
		state = l.T("feed.decided", "decision", l.T(decision))
	}
	return l.T("feed.move", "state", state, "title", e.Consultation.Title)
}

func moveText(l *lang.Language, k consult.Consultation) string {
	lines := []string{}
	for _, text := range []string{k.Summary, k.Address} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	if k.Application.Reference != "" {
		lines = append(lines, l.T("feed.reference", "reference", k.Application.Reference))
	}
	return strings.Join(lines, "\n")
}

// sendFile answers with what programs fetch again and again: who has it already is told so. Any site's page may read it.
func sendFile(c *fiber.Ctx, kind string, body []byte, changed time.Time) error {
	sum := sha256.Sum256(body)
	tag := `W/"` + hex.EncodeToString(sum[:16]) + `"`
	changed = changed.UTC().Truncate(time.Second)
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderLastModified, changed.Format(http.TimeFormat))
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlExposeHeaders, "ETag, Last-Modified, Retry-After")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if unchanged(c, tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(body)
}

// unchanged compares tags only (RFC 9110, 13.1.2): a day taken away again, or another language, changes the file and not its latest
// moment, so that If-Modified-Since would keep an old one. Who sends no tag gets the file.
func unchanged(c *fiber.Ctx, tag string) bool {
	for one := range strings.SplitSeq(c.Get(fiber.HeaderIfNoneMatch), ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
