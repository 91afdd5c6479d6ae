package notify

import (
	"context"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// Site is who writes, and where links lead.
type Site struct {
	Authority string // the authority's name
	BaseURL   string // https://host[:port], no slash at the end
	From      string // sender: "Name <address>" or an address
}

// Cases reads the consultation that a mail is about; the store does.
type Cases interface {
	Consultation(ctx context.Context, id consult.ID) (consult.Consultation, error)
	AlertMail(ctx context.Context, delivery consult.ID) (consult.AlertMail, error)
	Answer(ctx context.Context, id consult.ID) (consult.Answer, error)
}

// Composer words deliveries. It is safe for concurrent use.
type Composer struct {
	site   Site
	host   string // right part of every Message-ID
	from   mail.Address
	texts  *lang.Catalogue
	cases  Cases
	tokens Tokens
	clock  func() time.Time
}

// NewComposer holds the site's settings to their form; its error is for the operator.
func NewComposer(site Site, texts *lang.Catalogue, cases Cases, tokens Tokens, clock func() time.Time) (*Composer, error) {
	from, err := mail.ParseAddress(site.From)
	if err != nil || !consult.ValidEmail(from.Address) {
		return nil, &Failure{Step: "settings: the sender is not one mail address", Permanent: true}
	}
	base, err := url.Parse(site.BaseURL)
	if err != nil || base.Hostname() == "" {
		return nil, &Failure{Step: "settings: the base URL has no host", Permanent: true}
	}
	return &Composer{site: site, host: base.Hostname(), from: *from, texts: texts, cases: cases, tokens: tokens, clock: clock}, nil
}

// maxSubject keeps a subject readable in a list of mails; titles of applications can be long.
const maxSubject = 150

// Compose words one delivery in its reader's language. A permanent Failure means that the mail has lost its sense: its link is
// over, or what it was about is gone.
func (c *Composer) Compose(ctx context.Context, d consult.Delivery) (Message, error) {
	write, known := kinds[d.Kind]
	if !known {
		return Message{}, &Failure{Step: "unknown kind of mail", Permanent: true}
	}
	in := writing{Composer: c, Delivery: d, l: c.texts.Get(d.Language)}
	if err := in.load(ctx); err != nil {
		return Message{}, err
	}
	out, err := write(in)
	if err != nil {
		return Message{}, err
	}
	out.Subject = shorten(oneLine(out.Subject), maxSubject)
	out.Language = in.l
	out.Footer = append(out.Footer, in.footer()...)
	oneClick, page := c.stopping(d)
	if page != "" {
		out.Stop = link{in.l.T("mail.stop"), page}
	}
	html, err := out.html()
	if err != nil {
		return Message{}, &Failure{Step: "template", Permanent: true}
	}
	return Message{
		ID: d.ID.String() + "@" + c.host, From: c.from, To: d.To, Subject: out.Subject, Text: out.text(), HTML: html,
		Language: in.l.Code, Unsubscribe: oneClick, At: c.clock(),
	}, nil
}

// writing is one delivery being worded.
type writing struct {
	*Composer
	consult.Delivery
	l       *lang.Language
	subject consult.Consultation // zero for mails about none
	found   consult.AlertMail    // zero for mails that are no alert's
	answer  consult.Answer       // of letters that bring one along
	paper   bool                 // a letter: what it says is read without pressing anything
}

// kinds finds what words a kind of mail.
var kinds = map[consult.MailKind]func(writing) (letter, error){
	consult.MailReceipt:       receipt,
	consult.MailPublished:     published,
	consult.MailAnswered:      answered,
	consult.MailReply:         reply,
	consult.MailOutcome:       outcome,
	consult.MailConfirm:       confirm,
	consult.MailSignIn:        signIn,
	consult.MailInvite:        invite,
	consult.MailStateChange:   stateChange,
	consult.MailAlert:         alert,
	consult.MailAlertConfirm:  alertConfirm,
	consult.MailAmendment:     amendment,
	consult.MailConsultee:     consultee,
	consult.MailNeighbour:     neighbour,
	consult.MailExtended:      extended,
	consult.MailPromise:       promise,
	consult.MailConcernAnswer: concernAnswer,
	consult.MailHidden:        hidden,
	consult.MailRestored:      restored,
	consult.MailUpheld:        upheld,

	consult.MailCouncillor:       councillorLink,
	consult.MailCouncillorAsked:  councillorAsked,
	consult.MailCouncillorPassed: councillorPassed,
	consult.MailFact:             fact,
}

// load reads the consultation; one that is gone ends the mail, a database that does not answer delays it.
func (w *writing) load(ctx context.Context) error {
	if w.Consultation == 0 {
		return w.loadAlert(ctx)
	}
	k, err := w.cases.Consultation(ctx, w.Consultation)
	switch {
	case consult.KindOf(err) == consult.NotFound:
		return &Failure{Step: "consultation is gone", Permanent: true}
	case err != nil:
		return &Failure{Step: "reading the consultation", Err: err}
	}
	w.subject = k
	if !k.Kind.Planning() {
		w.l = w.l.Variant("matter") // nobody applies for it, nothing is granted
	}
	if w.paper && w.Kind == consult.MailConcernAnswer {
		return w.loadAnswer(ctx)
	}
	return nil
}

// loadAnswer reads the answer that a letter brings.
func (w *writing) loadAnswer(ctx context.Context) error {
	id, err := consult.ParseID(w.Data[consult.DataAnswer])
	if err == nil {
		w.answer, err = w.cases.Answer(ctx, id)
	}
	switch {
	case consult.KindOf(err) == consult.NotFound:
		return &Failure{Step: "the answer is gone", Permanent: true}
	case err != nil:
		return &Failure{Step: "reading the answer", Err: err}
	}
	return nil
}

// about names the consultation in a subject: by its reference, which mail programs sort by, else its title.
func (w writing) about() string {
	if ref := w.subject.Application.Reference; ref != "" {
		return ref
	}
	return w.subject.Title
}

// matter is the consultation in lines of its own.
func (w writing) matter() []string {
	var lines []string
	for _, line := range []string{w.subject.Title, w.subject.Application.Reference, w.subject.Address} {
		if line = oneLine(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// service is who answers: the consultation's service, else the authority.
func (w writing) service() string {
	if w.subject.Service != "" {
		return w.subject.Service
	}
	return w.site.Authority
}

// ownPage leads a commenter to the comment's own page and a follower to the given one.
func (w writing) ownPage(key, elsewhere string) link {
	if w.Comment != 0 {
		return link{w.l.T("mail.see_comment"), w.myComment(w.Comment)}
	}
	return link{w.l.T(key), elsewhere}
}

func (w writing) footer() []string {
	lines := []string{w.l.T("mail.sent_by", "authority", w.site.Authority)}
	switch {
	case w.Kind == consult.MailAlertConfirm:
		lines = append(lines, w.l.T("mail.because_alert_asked"))
	case w.Alert != 0:
		lines = append(lines, w.l.T("mail.because_alert"))
	case w.Follow != 0:
		lines = append(lines, w.l.T("mail.because_follow"))
	case w.Comment != 0:
		lines = append(lines, w.l.T("mail.because_comment"))
	}
	if w.subject.Demo {
		lines = append(lines, w.l.T("site.demo"))
	}
	return append(lines, w.l.T("mail.no_reply"))
}

func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:limit-1])) + "…"
}
