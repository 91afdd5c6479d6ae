package identity

import (
	"context"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Ask is a request for a sign-in link.
type Ask struct {
	Email    string
	Browser  string // the secret in the asking browser's cookie; the link opens there without a code
	Language string // of the mail
}

// AskLink sends an officer a sign-in link and returns the code to show on the asking page, for opening the link elsewhere.
// An unknown address gets the same answer by the same number of reads and one write, and a code that opens nothing, so that nobody
// learns who works here (S18). Errors: Invalid for what is no address, Unavailable.
func (s *Service) AskLink(ctx context.Context, in Ask) (code string, err error) {
	const op = "ask for a sign-in link"
	email := normalEmail(in.Email)
	if !consult.ValidEmail(email) {
		return "", wrong(op, "email", "email")
	}
	officer, err := s.store.OfficerByEmail(ctx, email)
	if err != nil && consult.KindOf(err) != consult.NotFound {
		return "", err
	}
	open, err := s.openByMail(ctx, officer.ID)
	if err != nil {
		return "", err
	}
	code = newCode()
	if officer.ID == 0 || officer.Disabled || open >= s.limits.OpenLinks {
		return code, s.store.Note(ctx, s.change(consult.Actor{}, "link.refuse", officer.ID))
	}
	link := consult.Link{Purpose: consult.LinkSignIn, Officer: officer.ID, Browser: hash(in.Browser)}
	return code, s.mailLink(ctx, consult.Actor{}, link, code, s.limits.LinkLife, officer, in.Language)
}

// openByMail counts the sign-in links that were asked for by mail and still work.
func (s *Service) openByMail(ctx context.Context, officer consult.ID) (int, error) {
	links, err := s.store.LinksOf(ctx, officer, consult.LinkSignIn, s.clock())
	n := 0
	for _, l := range links {
		if l.Browser != "" {
			n++
		}
	}
	return n, err
}

var mailKinds = map[consult.LinkPurpose]consult.MailKind{
	consult.LinkSignIn: consult.MailSignIn, consult.LinkInvite: consult.MailInvite,
}

// mailLink keeps a new link and puts its mail into the outbox, in one transaction.
func (s *Service) mailLink(ctx context.Context, a consult.Actor, l consult.Link, code string, life time.Duration,
	to consult.Officer, language string) error {
	token := NewSecret()
	l.Hash, l.ExpiresAt = hash(token), s.clock().Add(life)
	if code != "" {
		l.CodeHash = hashCode(token, code)
	}
	ch := s.change(a, "link."+string(l.Purpose), to.ID)
	ch.Mails = []consult.Mail{{Kind: mailKinds[l.Purpose], To: to.Email, Language: language, Data: map[string]string{
		consult.DataToken: token, consult.DataExpires: l.ExpiresAt.Format(time.RFC3339),
	}}}
	return s.store.SaveLink(ctx, l, ch)
}

// LinkView is what the page of a link needs to know. Looking changes nothing, however often a mail scanner does it.
type LinkView struct {
	Purpose   consult.LinkPurpose
	Officer   consult.Officer // zero for set-up
	NeedsCode bool            // this browser did not ask for it
}

// Peek looks at a link. Closed when it is over, used, unknown, or has seen too many wrong codes.
func (s *Service) Peek(ctx context.Context, token, browser string) (LinkView, error) {
	const op = "look at a link"
	l, err := s.openLink(ctx, op, token)
	if err != nil {
		return LinkView{}, err
	}
	v := LinkView{Purpose: l.Purpose, NeedsCode: !ownBrowser(l, browser)}
	if v.NeedsCode && l.Tries >= s.limits.CodeTries {
		return LinkView{}, fail(consult.Closed, op)
	}
	if l.Purpose == consult.LinkSetUp {
		return v, s.nobodyYet(ctx, op)
	}
	v.Officer, err = s.officerOf(ctx, op, l)
	return v, err
}

// openLink finds a link that has not ended. Used and unknown ones are the same to whoever asks.
func (s *Service) openLink(ctx context.Context, op, token string) (consult.Link, error) {
	l, err := s.store.Link(ctx, hash(token))
	if consult.KindOf(err) == consult.NotFound && err != nil || err == nil && !s.clock().Before(l.ExpiresAt) {
		return consult.Link{}, fail(consult.Closed, op)
	}
	return l, err
}

// officerOf is whom a link is for: somebody who may sign in, or for an invitation somebody who has not yet.
func (s *Service) officerOf(ctx context.Context, op string, l consult.Link) (consult.Officer, error) {
	o, err := s.store.Officer(ctx, l.Officer)
	if err != nil {
		return consult.Officer{}, err
	}
	if l.Purpose == consult.LinkInvite && !Invited(o) || l.Purpose == consult.LinkSignIn && o.Disabled {
		return consult.Officer{}, fail(consult.Closed, op)
	}
	return o, nil
}

func ownBrowser(l consult.Link, browser string) bool {
	return l.Browser == "" || browser != "" && equal(l.Browser, hash(browser))
}

// Use is what a browser sends to use a link.
type Use struct {
	Token   string
	Browser string // the secret in its cookie
	Code    string // typed, where the link was asked for elsewhere
	Session string // the token of the session it has now, which ends; "" = none
	Agent   string // its User-Agent header
}

// SignIn uses a sign-in link: once, and only by POST. Errors: Closed as in Peek; Invalid with field "code".
func (s *Service) SignIn(ctx context.Context, in Use) (Entry, error) {
	const op = "sign in"
	l, err := s.openLink(ctx, op, in.Token)
	if err != nil {
		return Entry{}, err
	}
	if l.Purpose != consult.LinkSignIn {
		return Entry{}, fail(consult.Closed, op)
	}
	officer, err := s.officerOf(ctx, op, l)
	if err != nil {
		return Entry{}, err
	}
	if !ownBrowser(l, in.Browser) {
		if err := s.checkCode(ctx, op, l, in); err != nil {
			return Entry{}, err
		}
	}
	if err := s.consume(ctx, op, l, officer.Actor()); err != nil {
		return Entry{}, err
	}
	return s.begin(ctx, officer, in)
}

// checkCode counts the try before it looks at the code, and reads the count after counting, so that tries sent at the same moment
// are not free.
func (s *Service) checkCode(ctx context.Context, op string, l consult.Link, in Use) error {
	code := plainCode(in.Code)
	if code == "" {
		return wrong(op, "code", "required")
	}
	if err := s.store.LinkTried(ctx, l.Hash); err != nil {
		return err
	}
	counted, err := s.openLink(ctx, op, in.Token)
	if err != nil {
		return err
	}
	if counted.Tries > s.limits.CodeTries {
		return fail(consult.Closed, op)
	}
	if l.CodeHash == "" || !equal(l.CodeHash, hashCode(in.Token, code)) {
		if counted.Tries >= s.limits.CodeTries {
			return fail(consult.Closed, op)
		}
		return wrong(op, "code", "code")
	}
	return nil
}

// consume ends the link; of two who use it at once one comes too late.
func (s *Service) consume(ctx context.Context, op string, l consult.Link, a consult.Actor) error {
	err := s.store.ConsumeLink(ctx, l.Hash, s.change(a, "link.use", l.Officer))
	if err != nil && consult.KindOf(err) == consult.NotFound {
		return fail(consult.Closed, op)
	}
	return err
}

// normalEmail is how officers' addresses are kept and found.
func normalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
