package notify

import (
	"bytes"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"github.com/yousaid/yousaid/server/consult"
)

// Message is one mail to one address, ready to be handed over.
type Message struct {
	ID          string       // Message-ID without brackets: "<delivery>@<host>"; a second copy has the same
	From        mail.Address // the sender that readers see
	To          string       // one plain address
	Subject     string       // one line
	Text        string       // the plain part
	HTML        string       // the same in HTML
	Language    string       // BCP 47
	Unsubscribe string       // takes an RFC 8058 one-click POST; "" = a mail nobody subscribed to, such as a sign-in link
	At          time.Time    // when it was written
}

var messageID = regexp.MustCompile(`^[0-9A-Za-z._-]{1,100}@[0-9A-Za-z._-]{1,200}$`)

// check refuses what could break out of a header (S29). The composer never makes such a message; the mailers do not rely on it.
func (m Message) check() error {
	switch {
	case !messageID.MatchString(m.ID):
		return &Failure{Step: "message id", Permanent: true}
	case !consult.ValidEmail(m.To) || unprintable(m.To):
		return &Failure{Step: "recipient's address", Permanent: true}
	case !consult.ValidEmail(m.From.Address) || unprintable(m.From.Name):
		return &Failure{Step: "sender's address", Permanent: true}
	case m.Subject == "" || unprintable(m.Subject):
		return &Failure{Step: "subject", Permanent: true}
	case unprintable(m.Language):
		return &Failure{Step: "language", Permanent: true}
	case m.Unsubscribe != "" && !plainURL(m.Unsubscribe):
		return &Failure{Step: "unsubscribe link", Permanent: true}
	}
	return nil
}

// unprintable finds what may not stand in a header: control characters, CR and LF above all, and Unicode's own line ends.
func unprintable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
	})
}

func plainURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && !unprintable(s) && !strings.ContainsAny(s, " <>,\"")
}

// oneLine makes a header's text of any text: whatever breaks a line becomes a space.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unprintable(string(r)) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// encode is the message as MIME: text and HTML as alternatives, in UTF-8 as quoted-printable.
func (m Message) encode() (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(&m.From)
	msg.ToMailAddress(&mail.Address{Address: m.To})
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday replies, please
	if m.Language != "" {
		msg.SetGenHeader("Content-Language", m.Language)
	}
	if m.Unsubscribe != "" {
		msg.SetListUnsubscribe(m.Unsubscribe)
		msg.SetListUnsubscribePost()
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// MIME is the message as it goes over the wire, for files and tests.
func (m Message) MIME() ([]byte, error) {
	msg, err := m.encode()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, &Failure{Step: "encoding", Permanent: true}
	}
	return b.Bytes(), nil
}
