package notify

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/notify/smtptest"
)

// dial opens a mailer to the server that trusts its certificate and is quick to lose patience.
func dial(t *testing.T, address string, roots *x509.CertPool) *SMTP {
	t.Helper()
	m, err := Open(address)
	if err != nil {
		t.Fatal(err)
	}
	s := m.(*SMTP)
	s.roots.RootCAs = roots
	s.timeout = 10 * time.Second
	return s
}

func TestSMTPEncryptsAndLogsIn(t *testing.T) {
	for name, c := range map[string]struct {
		offers smtptest.Options
		scheme string
		user   string
		secure bool
	}{
		"plain server":       {smtptest.Options{}, "smtp", "", false},
		"starttls offered":   {smtptest.Options{StartTLS: true}, "smtp", "", true},
		"starttls and login": {smtptest.Options{StartTLS: true, User: "post", Password: "pass word"}, "smtp", "post", true},
		"tls from the start": {smtptest.Options{TLS: true}, "smtps", "", true},
		"tls and login":      {smtptest.Options{TLS: true, User: "post", Password: "pass word"}, "smtps", "post", true},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.Start(t, c.offers)
			login := ""
			if c.user != "" {
				login = c.user + ":pass%20word@"
			}
			s := dial(t, c.scheme+"://"+login+server.Address(), server.Roots())
			if err := s.Send(context.Background(), sample()); err != nil {
				t.Fatal(err)
			}
			got := server.Mails()
			if len(got) != 1 || got[0].TLS != c.secure || got[0].User != c.user || got[0].From != "noreply@example.org" ||
				got[0].To != "resident@example.com" || got[0].Helo != "example.org" {
				t.Errorf("received %+v", got)
			}
		})
	}
}

// A password never travels in clear, not even when the server offers nothing else.
func TestSMTPKeepsThePasswordFromPlainConnections(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{User: "post", Password: "secret"})
	s := dial(t, "smtp://post:secret@"+server.Address(), server.Roots())
	if err := s.Send(context.Background(), sample()); err == nil || permanent(err) {
		t.Errorf("error %v, want one to try again after", err)
	}
	if got := server.Mails(); len(got) != 0 {
		t.Errorf("received %+v", got)
	}
	if text := fmt.Sprint(s); strings.Contains(text, "secret") {
		t.Errorf("printed as %q", text)
	}
}

func TestSMTPRefusesAForeignCertificate(t *testing.T) {
	for scheme, offers := range map[string]smtptest.Options{"smtps": {TLS: true}, "smtp": {StartTLS: true}} {
		server := smtptest.Start(t, offers)
		s := dial(t, scheme+"://"+server.Address(), x509.NewCertPool())
		if err := s.Send(context.Background(), sample()); err == nil || permanent(err) {
			t.Errorf("%s: error %v, want one to try again after", scheme, err)
		}
		if got := server.Mails(); len(got) != 0 {
			t.Errorf("%s: received %+v", scheme, got)
		}
	}
}

// F24: what a server says decides whether the mail is tried again; what it says about a person is not kept.
func TestF24SMTPRefusals(t *testing.T) {
	type row struct {
		stage     smtptest.Stage
		code      int
		text      string
		permanent bool
		want      string
	}
	for _, c := range []row{
		{smtptest.Greeting, 421, "4.3.2 too busy", false, "connection: refused with 421"},
		{smtptest.Greeting, 554, "5.7.1 your network is blocked", false, "connection: refused with 554"},
		{smtptest.Sender, 451, "4.7.1 greylisted", false, "sender: refused with 451 4.7.1"},
		{smtptest.Sender, 550, "5.7.1 resident@example.com may not send", false, "sender: refused with 550 5.7.1"},
		{smtptest.Recipient, 450, "4.2.1 resident@example.com busy", false, "recipient: refused with 450 4.2.1"},
		{smtptest.Recipient, 550, "5.1.1 <resident@example.com> unknown", true, "recipient: refused with 550 5.1.1"},
		{smtptest.Recipient, 553, "no such mailbox resident", true, "recipient: refused with 553"},
		{smtptest.Recipient, 550, "5.7.1 relaying denied", false, "recipient: refused with 550 5.7.1"},
		{smtptest.Recipient, 552, "5.2.2 mailbox of resident full", false, "recipient: refused with 552 5.2.2"},
		{smtptest.Data, 451, "4.3.0 disk full", false, "content: refused with 451 4.3.0"},
		{smtptest.Content, 452, "4.3.1 disk full", false, "content: refused with 452 4.3.1"},
		{smtptest.Content, 554, "5.7.1 looks like spam to resident@example.com", false, "content: refused with 554 5.7.1"},
	} {
		t.Run(fmt.Sprint(c.stage, " ", c.code, " ", c.text), func(t *testing.T) {
			server := smtptest.Start(t, smtptest.Options{})
			server.Next(c.stage, smtptest.Refuse(c.code, c.text))
			s := dial(t, "smtp://"+server.Address(), nil)
			err := s.Send(context.Background(), sample())
			if err == nil || permanent(err) != c.permanent {
				t.Fatalf("error %v, want permanent %v", err, c.permanent)
			}
			if got := err.Error(); got != "mail: "+c.want {
				t.Errorf("reason %q, want %q", got, "mail: "+c.want)
			}
			if err := s.Send(context.Background(), sample()); err != nil {
				t.Errorf("the next mail: %v", err)
			}
		})
	}
}

// F24: a server that falls silent or trickles is left after the limit, its connection closed, and the mail tried again.
func TestF24SMTPTarpit(t *testing.T) {
	for _, stage := range []smtptest.Stage{smtptest.Greeting, smtptest.Sender, smtptest.Recipient, smtptest.Data, smtptest.Content} {
		for name, action := range map[string]smtptest.Action{"silence": smtptest.Silence(), "trickle": smtptest.Trickle(), "drop": smtptest.Drop()} {
			t.Run(string(stage)+" "+name, func(t *testing.T) {
				t.Parallel()
				server := smtptest.Start(t, smtptest.Options{})
				server.Always(stage, action)
				s := dial(t, "smtp://"+server.Address(), nil)
				s.timeout = 150 * time.Millisecond
				err := s.Send(context.Background(), sample())
				if err == nil || permanent(err) {
					t.Fatalf("error %v, want one to try again after", err)
				}
				var f *Failure
				if !errors.As(err, &f) || strings.Contains(err.Error(), "resident") {
					t.Errorf("reason %q", err)
				}
				for server.Connections() > 0 { // fails by the test's own deadline when a connection is kept
					time.Sleep(time.Millisecond)
				}
			})
		}
	}
}

// A server that has accepted a mail and then breaks off has it: a second copy would be our mistake.
func TestF24SMTPAcceptedIsSent(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	s := dial(t, "smtp://"+server.Address(), nil)
	for name, misbehave := range map[string]func(){
		"hangs up after its answer": func() { server.Next(smtptest.Content, smtptest.AcceptAndDrop()) },
		"hangs up at QUIT":          func() { server.Next(smtptest.Quit, smtptest.Drop()) },
		"refuses QUIT":              func() { server.Next(smtptest.Quit, smtptest.Refuse(421, "4.3.0 no")) },
	} {
		misbehave()
		if err := s.Send(context.Background(), sample()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := len(server.Mails()); got != 3 {
		t.Errorf("received %d mails, want 3", got)
	}
}

// No server at all.
func TestF24SMTPUnreachable(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	server.Close()
	s := dial(t, "smtp://"+server.Address(), nil)
	if err := s.Send(context.Background(), sample()); err == nil || permanent(err) {
		t.Errorf("error %v, want one to try again after", err)
	}
}
