package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// Base is what every page shows; a page's view embeds it. Texts in it are already in the reader's language.
type Base struct {
	Title       string // of this page alone; the browser's title and, by convention, the h1
	Description string // for search engines and shared links; "" = none
	NoIndex     bool   // personal, token and staff pages are not for search engines

	Language  *lang.Language
	Languages []LanguageLink
	Path      string // the page's own path without the query
	Site      Site
	Demo      bool // set by a page whose subject is invented, or by Site.Demo
	Actor     consult.Actor
	Nav       []NavLink
	Back      *Link  // the link back, above the main part; nil = none
	Notice    string // one sentence about what just happened, above the h1; "" = none

	Share *Share // what other sites show of the page; nil = nothing
	Feeds []Link // what can be followed of this page, for the browser and feed readers to find

	Errors  []ErrorItem // broken rules, in the order of the fields; the part error-summary shows them
	Scripts []string    // islands the page needs beside its own, by built entry: "part/live-thread/live-thread.js"
	Styles  []string    // their styles: "part/map/map.css"

	subjects   consult.Subjects // what comments on this page are about; zero = the topics of planning
	errorTexts map[string]string
	token      func() string
}

// LanguageLink is one entry of the language switch.
type LanguageLink struct {
	Code, Dir, Name, Href string
	Current               bool
}

// NavLink is one entry of the navigation.
type NavLink struct {
	Href, Text string
	Current    bool
}

// Link is a place to go to.
type Link struct{ Href, Text string }

// ErrorItem is one line of the error summary: what is wrong and, where it has one, the field to go to.
type ErrorItem struct{ Href, Text string }

// View is any page's data: a pointer to a struct that embeds Base.
type View interface{ base() *Base }

func (b *Base) base() *Base { return b }

// CSRF is the token every form carries (part "csrf"). Asking for it gives the browser its cookie, so a page without a form stays
// free of cookies and may be cached.
func (b *Base) CSRF() string {
	if b.token == nil {
		return ""
	}
	return b.token()
}

// T is the text of a key in the reader's language.
func (b *Base) T(key string, args ...any) string { return b.Language.T(key, args...) }

// SignedIn says whether somebody with a role reads the page.
func (b *Base) SignedIn() bool { return b.Actor.Kind == consult.Signed }

// Can asks the domain's policy, so that a page offers nothing it would refuse.
func (b *Base) Can(action string) bool { return consult.Can(b.Actor, consult.Action(action)) }

// Base fills what every page shows. titleKey is the page's own title; args fill its placeholders.
func (w *Web) Base(c *fiber.Ctx, titleKey string, args ...any) Base {
	language := w.Language(c)
	actor := w.actor(c)
	b := Base{
		Title: language.T(titleKey, args...), Language: language, Path: c.Path(), Site: w.Site, Demo: w.Site.Demo,
		Actor: actor, token: func() string { return w.Guard.Token(c) },
	}
	b.Languages = w.languageLinks(c, language)
	b.Nav = navigation(&b)
	return b
}

// StaffBase is Base for officers' and analysts' pages: not for search engines, and in English, which is the language their texts
// are kept in.
func (w *Web) StaffBase(c *fiber.Ctx, titleKey string, args ...any) Base {
	b := w.Base(c, titleKey, args...)
	b.Language = w.Texts.Default()
	b.Title = b.Language.T(titleKey, args...)
	b.Languages, b.NoIndex = nil, true
	b.Nav = navigation(&b)
	return b
}

// WithErrors carries the broken rules of an Invalid error into the page: the summary, each field's own message and the title's
// prefix. Any other error, and nil, changes nothing.
func (b Base) WithErrors(err error) Base {
	for _, f := range consult.FieldsOf(err) {
		text := errorText(b.Language, f)
		if b.errorTexts[f.Field] != "" {
			continue // one message per field: the first rule that broke
		}
		if b.errorTexts == nil {
			b.errorTexts = map[string]string{}
		}
		b.errorTexts[f.Field] = text
		b.Errors = append(b.Errors, ErrorItem{Href: "#" + f.Field, Text: text})
	}
	return b
}

// ErrorOf is the message of a field, "" where it is right.
func (b *Base) ErrorOf(field string) string { return b.errorTexts[field] }

// errorText words a broken rule: "error.<rule>.<field>" where the catalogue has one (of the field text-design also
// "error.<rule>.text"), else "error.<rule>".
func errorText(l *lang.Language, f consult.FieldError) string {
	args := map[string]any{}
	for name, value := range f.Args {
		switch v := value.(type) {
		case consult.Date:
			value = l.Civil(string(v))
		case consult.Topic:
			if value = string(v); l.Has("topic." + string(v)) { // of a form it is the id of a question
				value = l.T("topic." + string(v))
			}
		}
		args[name] = value
	}
	group, _, _ := strings.Cut(f.Field, "-")
	for _, key := range []string{"error." + f.Rule + "." + f.Field, "error." + f.Rule + "." + group, "error." + f.Rule} {
		if l.Has(key) {
			return l.T(key, args)
		}
	}
	return l.T("error.invalid")
}

// menu is the navigation: who may do the action sees the link.
var menu = []struct {
	path, key string
	action    consult.Action
}{
	{"/", "nav.consultations", consult.Read},
	{"/officer", "nav.inbox", consult.WorkInbox},
	{deliveriesPath, "nav.deliveries", consult.WorkInbox},
	{repliesPath, "nav.replies", consult.Reply},
	{councillorsPath, "nav.councillors", consult.RecordOutcome},
	{flagsPath, "nav.flags", consult.Moderate},
	{"/analyst", "nav.reach", consult.ReadReach},
	{"/admin/officers", "nav.officers", consult.ManageOfficers},
	{webhooksPath, "nav.webhooks", consult.ManageWebhooks},
	{retentionPath, "nav.retention", consult.ManageOfficers},
}

// navigation lists the menu. Of two entries that lead towards the page, as the inbox and the mails below it do, the nearer one is where
// the reader is.
func navigation(b *Base) []NavLink {
	var links []NavLink
	nearest := -1
	for _, m := range menu {
		if !consult.Can(b.Actor, m.action) {
			continue
		}
		here := b.Path == m.path || m.path != "/" && strings.HasPrefix(b.Path, m.path+"/")
		links = append(links, NavLink{Href: m.path, Text: b.T(m.key)})
		if here && (nearest < 0 || len(m.path) > len(links[nearest].Href)) {
			nearest = len(links) - 1
		}
	}
	if nearest >= 0 {
		links[nearest].Current = true
	}
	return links
}

// languageLinks point at the same page in the other languages. Only GET pages can be asked for again; others lead home.
func (w *Web) languageLinks(c *fiber.Ctx, current *lang.Language) []LanguageLink {
	var links []LanguageLink
	for _, l := range w.Texts.Languages() {
		links = append(links, LanguageLink{Code: l.Code, Dir: l.Dir, Name: l.Name, Href: languageHref(c, l.Code), Current: l == current})
	}
	return links
}

func languageHref(c *fiber.Ctx, code string) string {
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil || c.Method() != fiber.MethodGet {
		query = url.Values{}
	}
	query.Set(languageQuery, code)
	return "?" + query.Encode()
}
