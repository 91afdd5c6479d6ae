package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// smtpTimeout bounds each half of a hand-over: connecting with greeting, TLS and login, then sending. A server that trickles its
// answers gains nothing, because the bound is a moment and not a pause.
const smtpTimeout = 20 * time.Second

// SMTP hands messages to a mail server, one connection each.
type SMTP struct {
	host, user, password string
	port                 int
	encrypted            bool          // TLS from the first byte
	timeout              time.Duration // of each half
	roots                *tls.Config   // whom to trust
}

// newSMTP reads smtp://user:password@host:port.
func newSMTP(u *url.URL) (*SMTP, error) {
	s := &SMTP{host: u.Hostname(), encrypted: u.Scheme == "smtps", timeout: smtpTimeout}
	s.user = u.User.Username()
	s.password, _ = u.User.Password()
	if (s.user == "") != (s.password == "") {
		return nil, errors.New("mail address: a user needs a password, and a password a user")
	}
	s.roots = &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	switch {
	case u.Port() != "":
		port, err := strconv.Atoi(u.Port())
		if err != nil || port < 1 || port > 65535 {
			return nil, errors.New("mail address: the port is a number from 1 to 65535")
		}
		s.port = port
	case s.encrypted:
		s.port = gomail.DefaultPortSSL
	case s.user != "":
		s.port = gomail.DefaultPortTLS
	default:
		s.port = gomail.DefaultPort
	}
	return s, nil
}

// Send delivers the message to the server. Once the server has accepted it, nothing that follows makes it a failure.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := m.encode()
	if err != nil {
		return err
	}
	_, domain, _ := strings.Cut(m.From.Address, "@")
	client, hangUp, err := s.client(domain)
	if err != nil {
		return &Failure{Step: "settings", Err: err}
	}
	defer hangUp()
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		return nil
	}
	return explain(err)
}

// client makes a client of its own for each message, and the means to close its connection whatever happened to it.
func (s *SMTP) client(helo string) (*gomail.Client, func(), error) {
	var open net.Conn
	hangUp := func() {
		if open != nil {
			_ = open.Close() // mostly closed already, after QUIT
		}
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		if s.encrypted {
			open, err = (&tls.Dialer{Config: s.roots}).DialContext(ctx, network, address)
		} else {
			open, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		return open, err
	}
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(s.timeout), gomail.WithHELO(helo), gomail.WithTLSConfig(s.roots),
		gomail.WithDialContextFunc(dial), gomail.WithTLSPolicy(s.policy()),
	}
	if s.user != "" {
		options = append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(s.host, options...)
	return client, hangUp, err
}

// policy never lets a password travel in clear.
func (s *SMTP) policy() gomail.TLSPolicy {
	switch {
	case s.encrypted:
		return gomail.NoTLS // the connection is TLS already
	case s.user != "":
		return gomail.TLSMandatory
	default:
		return gomail.TLSOpportunistic
	}
}

var steps = map[gomail.SendErrReason]string{
	gomail.ErrSMTPMailFrom: "sender", gomail.ErrSMTPRcptTo: "recipient", gomail.ErrSMTPData: "content",
	gomail.ErrWriteContent: "content", gomail.ErrSMTPDataClose: "content", gomail.ErrConnCheck: "connection",
}

// explain keeps of an error what helps an operator and names nobody.
func explain(err error) *Failure {
	var sending *gomail.SendError
	if errors.As(err, &sending) {
		f := &Failure{Step: steps[sending.Reason], Code: sending.ErrorCode(), Status: sending.EnhancedStatusCode()}
		if f.Step == "" {
			f.Step = "sending"
		}
		if f.Code == 0 {
			f.Err = errors.New("no answer")
		}
		f.Permanent = sending.Reason == gomail.ErrSMTPRcptTo && aboutAddress(f.Code, f.Status)
		return f
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &Failure{Step: "connection", Code: reply.Code}
	}
	return &Failure{Step: "connection", Err: err}
}

// aboutAddress tells whether a refused recipient is the address's own fault: status 5.1.x (RFC 3463, 3.2), or without a status the
// codes for a mailbox that does not exist. Every other refusal may be about us (a block list, a missing login), and a mail thrown
// away for our own fault would be lost.
func aboutAddress(code int, status string) bool {
	if status != "" {
		return strings.HasPrefix(status, "5.1.")
	}
	return code == 550 || code == 551 || code == 553
}

// String names the server without its password.
func (s *SMTP) String() string {
	return fmt.Sprintf("smtp server %s", net.JoinHostPort(s.host, strconv.Itoa(s.port)))
}
