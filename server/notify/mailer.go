package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Mailer hands a message over to whatever delivers it. A nil error means that the other side has taken responsibility for it.
// Every other result is a *Failure. It is safe for concurrent use.
type Mailer interface {
	Send(ctx context.Context, m Message) error
}

// Failure is why a mail was not handed over. It names the step and the server's codes, never an address or the server's words,
// which often repeat the address.
type Failure struct {
	Step      string // what was being done: "connection", "recipient", …
	Code      int    // the SMTP reply code (RFC 5321, 4.2.3); 0 = no reply
	Status    string // the enhanced status (RFC 3463), "5.1.1"; "" = none
	Permanent bool   // trying again cannot help
	Err       error  // cause, only where it can name no person: a refused connection, a bad certificate
}

func (f *Failure) Error() string {
	text := "mail: " + f.Step
	if f.Code != 0 {
		text += fmt.Sprintf(": refused with %d", f.Code)
	}
	if f.Status != "" {
		text += " " + f.Status
	}
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}

func (f *Failure) Unwrap() error { return f.Err }

// permanent tells whether trying again cannot help.
func permanent(err error) bool {
	var f *Failure
	return errors.As(err, &f) && f.Permanent
}

// Open chooses the mailer that an address names:
//
//	smtp://user:password@host:587    STARTTLS; required when there is a password, else used where the server offers it
//	smtps://user:password@host:465   TLS from the first byte
//	file:/path/to/folder             one .eml file per message, for development and the demonstration
func Open(address string) (Mailer, error) {
	scheme, rest, found := strings.Cut(address, ":")
	switch {
	case found && scheme == "file" && rest != "":
		return OpenFolder(strings.TrimPrefix(rest, "//"))
	case found && (scheme == "smtp" || scheme == "smtps"):
		u, err := url.Parse(address)
		if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" {
			return nil, errors.New("mail address: smtp needs the form smtp://user:password@host:port") // without the text: it holds a password
		}
		return newSMTP(u)
	}
	return nil, errors.New("mail address: must begin with one of smtp:, smtps: and file: before the place")
}
