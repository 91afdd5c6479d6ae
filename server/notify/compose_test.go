package notify

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// linkAfter finds the rest of the first address of the text that goes on after a path.
func linkAfter(t *testing.T, text, path string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, baseURL+path)
	if !found {
		t.Fatalf("no link to %s in:\n%s", path, text)
	}
	token, _, _ := strings.Cut(rest, "\n")
	return token
}

// only returns the one mail to an address.
func only(t *testing.T, list []Message, to string) Message {
	t.Helper()
	var found []Message
	for _, m := range list {
		if m.To == to {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d mails to %s, want 1", len(found), to)
	}
	return found[0]
}

// A resident's whole way, as mail: every kind, its links opened where they lead, in two languages at once.
func TestEveryMailOfAResident(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	english, urdu := h.comment("english@example.com", "en"), h.comment("urdu@example.com", "ur")
	inBoth := func(kind string) (en, ur Message) {
		t.Helper()
		list := h.flush()
		en, ur = only(t, list, "english@example.com"), only(t, list, "urdu@example.com")
		for language, m := range map[string]Message{"en": en, "ur": ur} {
			if m.Language != language {
				t.Errorf("%s: language %q, want %q", kind, m.Language, language)
			}
			checkMail(t, kind, m)
		}
		return en, ur
	}
	mine := func(m Message, of consult.Receipt) {
		t.Helper()
		if v, err := h.service.MyComment(ctx, linkAfter(t, m.Text, "/my-comment/")); err != nil || v.Comment.ID != of.Comment.ID {
			t.Errorf("the link leads to %v, %v", v.Comment.ID, err)
		}
		stop, ok := strings.CutSuffix(strings.TrimPrefix(m.Unsubscribe, baseURL+"/my-comment/"), "/stop-mail")
		if _, err := h.service.MyComment(ctx, stop); !ok || err != nil {
			t.Errorf("unsubscribe link %s: %v", m.Unsubscribe, err)
		}
	}

	en, ur := inBoth("receipt")
	mine(en, english)
	mine(ur, urdu)
	if en.Subject != "We have your comment on 2099/00001/PA" || !strings.Contains(en.Text, english.Comment.ID.String()) {
		t.Errorf("%s\n%s", en.Subject, en.Text)
	}

	h.publish(english)
	h.publish(urdu)
	en, ur = inBoth("published")
	mine(en, english)
	mine(ur, urdu)

	for _, r := range []consult.Receipt{english, urdu} {
		_, err := h.service.AnswerComment(ctx, officer, r.Comment.ID, consult.MessageInput{Body: "The daylight report is on page 12.", Language: "en"})
		h.fine(err)
	}
	en, ur = inBoth("answered")
	mine(en, english)
	mine(ur, urdu)
	if strings.Contains(en.Text+en.HTML, "daylight") || strings.Contains(en.Text+en.HTML, "kitchens") {
		t.Error("the mail repeats what belongs on the page")
	}

	h.now = h.now.AddDate(0, 0, 20)
	h.fine(h.service.Advance(ctx, officer, consult.Move{Consultation: h.kase, To: consult.ClosedState, Why: "The round is over."}))
	en, ur = inBoth("state-change")
	mine(en, english)
	mine(ur, urdu)
	if !strings.Contains(en.Text, "time for comments is over") {
		t.Errorf("text:\n%s", en.Text)
	}

	h.fine(h.service.RecordOutcome(ctx, officer, consult.Outcome{Consultation: h.kase, Topic: "light", YouSaid: "Light is lost.",
		WeDid: "The roof is lower.", Effect: consult.Changed}))
	_, err := h.service.PublishOutcomes(ctx, officer, h.kase)
	h.fine(err)
	en, ur = inBoth("outcome")
	mine(en, english)
	mine(ur, urdu)
}

func TestEveryMailOfAFollower(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	f := h.follow("follower@example.com", "ur")
	confirm := only(t, h.memory.Sent(), "follower@example.com")
	checkMail(t, "confirm", confirm)
	stops := func(m Message) {
		t.Helper()
		token, ok := strings.CutSuffix(strings.TrimPrefix(m.Unsubscribe, baseURL+"/follow/"), "/stop")
		if got, _, err := h.service.FollowOf(ctx, token); !ok || err != nil || got.ID != f.ID {
			t.Errorf("unsubscribe link %s: %v %v", m.Unsubscribe, got.ID, err)
		}
	}
	stops(confirm)

	started, err := h.service.StartThread(ctx, consult.Actor{Kind: consult.Visitor, ID: 11}, consult.ThreadInput{Consultation: h.kase,
		Title: "When does work begin?", First: consult.MessageInput{Body: "When does work begin?", Language: "en", Key: consult.NewKey()}})
	h.fine(err)
	_, err = h.service.PostMessage(ctx, officer, consult.MessageInput{Thread: started.Thread.ID, Body: "In May.", Key: consult.NewKey()})
	h.fine(err)
	m := only(t, h.flush(), "follower@example.com")
	checkMail(t, "reply", m)
	stops(m)
	if got := linkAfter(t, m.Text, "/threads/"); got != started.Thread.ID.String() {
		t.Errorf("the link leads to the thread %s, want %s", got, started.Thread.ID)
	}

	h.now = h.now.AddDate(0, 0, 20)
	h.fine(h.service.Advance(ctx, officer, consult.Move{Consultation: h.kase, To: consult.ClosedState, Why: "The round is over."}))
	m = only(t, h.flush(), "follower@example.com")
	checkMail(t, "state-change", m)
	stops(m)
	if got := linkAfter(t, m.Text, "/consultations/"); got != h.kase.String() {
		t.Errorf("the link leads to %s", got)
	}

	h.fine(h.service.RecordOutcome(ctx, officer, consult.Outcome{Consultation: h.kase, Topic: "light", YouSaid: "Light is lost.",
		WeDid: "The roof is lower.", Effect: consult.Changed}))
	_, err = h.service.PublishOutcomes(ctx, officer, h.kase)
	h.fine(err)
	m = only(t, h.flush(), "follower@example.com")
	checkMail(t, "outcome", m)
	stops(m)
	if got := linkAfter(t, m.Text, "/consultations/"); got != h.kase.String()+"/outcomes" {
		t.Errorf("the link leads to %s", got)
	}
}

var texts = lang.MustLoad(nil)

// messageKey is a key that the catalogue did not know.
var messageKey = regexp.MustCompile(`(^|\s)mail\.[a-z]`)

// checkMail holds a mail to what every one must be: whole, readable, with the same words in text and HTML, and one line per header.
func checkMail(t *testing.T, kind string, m Message) {
	t.Helper()
	if err := m.check(); err != nil {
		t.Errorf("%s: %v", kind, err)
	}
	if !regexp.MustCompile(`^[0-9a-z]{13}@consult\.example\.org$`).MatchString(m.ID) {
		t.Errorf("%s: Message-ID %q", kind, m.ID)
	}
	if strings.ContainsAny(m.Subject, "{}\r\n") || strings.Contains(m.Text, "{") || messageKey.MatchString(m.Text) {
		t.Errorf("%s: a text is missing a value or is missing itself: %s\n%s", kind, m.Subject, m.Text)
	}
	if strings.Contains(m.Text, "\nBcc:") || strings.Contains(m.HTML, "\nBcc:") {
		t.Errorf("%s: an imported title broke its line:\n%s", kind, m.Text)
	}
	doc, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	direction := texts.Get(m.Language).Dir
	var said, links []string
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" && n.Parent.Data != "title":
			said = append(said, strings.TrimSpace(n.Data))
		case n.Type == html.ElementNode && n.Data == "html":
			if attr(n, "lang") != m.Language || attr(n, "dir") != direction {
				t.Errorf("%s: lang=%q dir=%q", kind, attr(n, "lang"), attr(n, "dir"))
			}
		case n.Type == html.ElementNode && n.Data == "a":
			links = append(links, attr(n, "href"))
		case n.Type == html.ElementNode && (n.Data == "img" || n.Data == "script" || n.Data == "link"):
			t.Errorf("%s: a mail loads nothing, not even %s", kind, n.Data)
		}
	}
	for _, words := range append(said, links...) {
		if !strings.Contains(m.Text, words) {
			t.Errorf("%s: %q stands in the HTML but not in the text", kind, words)
		}
	}
	if len(links) == 0 || !strings.HasPrefix(links[0], baseURL+"/") {
		t.Errorf("%s: links %v", kind, links)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// More time is told in both languages with the new day; once comments are closed again the mail has lost its sense.
func TestMoreTimeIsTold(t *testing.T) {
	h := newHouse(t)
	h.comment("english@example.com", "en")
	f := h.follow("follower@example.com", "ur")
	h.fine(h.service.ExtendRound(t.Context(), officer, h.kase, "2026-04-27", "The site was down."))
	list := h.flush()
	en, ur := only(t, list, "english@example.com"), only(t, list, f.Email)
	checkMail(t, "extended", en)
	checkMail(t, "extended", ur)
	if !strings.Contains(en.Subject, "27 April 2026") || !strings.Contains(en.Text, "until the end of 27 April 2026") ||
		!strings.Contains(ur.Text, texts.Get("ur").Civil("2026-04-27")) {
		t.Errorf("the day is missing:\n%s\n%s\n%s", en.Subject, en.Text, ur.Text)
	}
	h.now = h.now.AddDate(0, 0, 40)
	h.fine(h.service.Advance(t.Context(), officer, consult.Move{Consultation: h.kase, To: consult.ClosedState, Why: "It is over."}))
	late := consult.Delivery{ID: 1, Kind: consult.MailExtended, To: "a@example.com", Language: "en", Consultation: h.kase,
		Data: map[string]string{consult.DataCloses: "2026-04-27"}}
	if _, err := h.composer.Compose(t.Context(), late); !permanent(err) {
		t.Errorf("more time for what is over: %v, want a permanent failure", err)
	}
}

// One-time links come through the outbox's data and are not sent once they are over.
func TestMailsOfOfficers(t *testing.T) {
	h := newHouse(t)
	expires := h.now.Add(10 * time.Minute)
	for kind, path := range map[consult.MailKind]string{consult.MailSignIn: "/sign-in/", consult.MailInvite: "/invite/"} {
		d := consult.Delivery{ID: consult.NewID(h.now), Kind: kind, To: "officer@example.org", Language: "en",
			Data: map[string]string{consult.DataToken: "secret", consult.DataExpires: expires.Format(time.RFC3339)}}
		for _, language := range []string{"en", "ur"} {
			d.Language = language
			m, err := h.composer.Compose(context.Background(), d)
			h.fine(err)
			checkMail(t, string(kind), m)
			if got := linkAfter(t, m.Text, path); got != "secret" {
				t.Errorf("%s: link %q", kind, got)
			}
			if m.Unsubscribe != "" {
				t.Errorf("%s: offers to unsubscribe from signing in", kind)
			}
		}
		for name, data := range map[string]map[string]string{
			"over":    {consult.DataToken: "secret", consult.DataExpires: h.now.Format(time.RFC3339)},
			"no link": {consult.DataExpires: expires.Format(time.RFC3339)},
			"emptied": nil,
		} {
			d.Data = data
			if _, err := h.composer.Compose(context.Background(), d); !permanent(err) {
				t.Errorf("%s, %s: %v, want a permanent failure", kind, name, err)
			}
		}
	}
}

// Every state that residents may know of has its sentence in every language, and a subject that names it.
func TestEveryStateHasItsMail(t *testing.T) {
	h := newHouse(t)
	for _, l := range lang.MustLoad(nil).Languages() {
		for _, state := range consult.States() {
			d := consult.Delivery{ID: 1, Kind: consult.MailStateChange, To: "a@example.com", Language: l.Code, Consultation: h.kase, Follow: 1,
				Data: map[string]string{consult.DataState: string(state)}}
			if !state.Public() {
				continue
			}
			m, err := h.composer.Compose(context.Background(), d)
			h.fine(err)
			checkMail(t, string(state), m)
			if !strings.Contains(m.Subject, l.T("state."+string(state))) || !strings.Contains(m.Text, l.T("mail.state_change."+string(state))) {
				t.Errorf("%s %s: %s\n%s", l.Code, state, m.Subject, m.Text)
			}
		}
	}
}

func TestComposeGivesUpWhatHasLostItsSense(t *testing.T) {
	h := newHouse(t)
	for name, d := range map[string]consult.Delivery{
		"unknown kind":    {ID: 1, Kind: "greeting", To: "a@example.com"},
		"no consultation": {ID: 1, Kind: consult.MailOutcome, To: "a@example.com", Consultation: 99},
	} {
		if _, err := h.composer.Compose(context.Background(), d); !permanent(err) {
			t.Errorf("%s: %v, want a permanent failure", name, err)
		}
	}
	h.fine(h.store.Close())
	d := consult.Delivery{ID: 1, Kind: consult.MailOutcome, To: "a@example.com", Consultation: h.kase}
	var f *Failure
	if _, err := h.composer.Compose(context.Background(), d); !errors.As(err, &f) || f.Permanent {
		t.Errorf("without a database: %v, want a failure to try again after", err)
	}
}

func TestComposerRefusesSettingsThatCannotWork(t *testing.T) {
	for _, site := range []Site{
		{BaseURL: baseURL, From: ""}, {BaseURL: baseURL, From: "nobody"}, {BaseURL: baseURL, From: "a@example.org, b@example.org"},
		{BaseURL: baseURL, From: "A <a@example.org>\r\nBcc: b@example.org"}, {BaseURL: "consult.example.org", From: "a@example.org"},
	} {
		if _, err := NewComposer(site, lang.MustLoad(nil), nil, nil, time.Now); err == nil {
			t.Errorf("%+v was taken", site)
		}
	}
}

func TestSubjectsStayReadable(t *testing.T) {
	long := strings.Repeat("لمبا عنوان ", 60)
	if got := shorten(oneLine(long), maxSubject); len([]rune(got)) > maxSubject || !strings.HasSuffix(got, "…") {
		t.Errorf("%q", got)
	}
	if got := oneLine(" two\r\n lines\tand\u2028more\x00 "); got != "two lines and more" {
		t.Errorf("%q", got)
	}
}
