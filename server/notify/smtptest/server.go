// Package smtptest is a small real SMTP server on the loopback that can be told to misbehave: refuse, fall silent, trickle, take a
// mail and hang up. Tests see what reached it, byte for byte.
package smtptest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// Stage is a moment of an SMTP session at which the server can be told what to do.
type Stage string

// The stages.
const (
	Greeting  Stage = "greeting"
	Sender    Stage = "sender"    // MAIL FROM
	Recipient Stage = "recipient" // RCPT TO
	Data      Stage = "data"      // DATA
	Content   Stage = "content"   // the end of the mail: from here on the server has it
	Quit      Stage = "quit"
)

// Action is what the server does at a stage.
type Action struct {
	reply   string // "" = nothing is said
	drop    bool   // hang up, after the reply if there is one
	silent  bool   // say nothing and keep the line open
	trickle bool   // send a reply that never ends, a byte at a time
}

// Refuse answers with a code and a text, "4.3.0 try later".
func Refuse(code int, text string) Action { return Action{reply: fmt.Sprintf("%d %s", code, text)} }

// Silence answers nothing and keeps the line open: a tarpit.
func Silence() Action { return Action{silent: true} }

// Trickle begins a reply and never ends it.
func Trickle() Action { return Action{trickle: true} }

// Drop hangs up. At Content the mail has been taken: accept, then drop.
func Drop() Action { return Action{drop: true} }

// AcceptAndDrop accepts, says so and hangs up at once.
func AcceptAndDrop() Action { return Action{reply: "250 2.0.0 taken", drop: true} }

// Mail is what reached the server at Content.
type Mail struct {
	From, To string
	Raw      []byte // as sent, dots unstuffed
	TLS      bool   // the connection was encrypted
	User     string // who had logged in
	Helo     string // how the client named itself
}

// Message parses what was sent.
func (m Mail) Message() (*mail.Message, error) { return mail.ReadMessage(bytes.NewReader(m.Raw)) }

// Server is a running one. It offers no login and no TLS unless Options say so.
type Server struct {
	listener net.Listener
	options  Options
	config   *tls.Config
	roots    *x509.CertPool

	mu      sync.Mutex
	mails   []Mail
	next    map[Stage][]Action
	always  map[Stage]Action
	open    map[net.Conn]bool
	serving sync.WaitGroup
}

// Options are what the server offers.
type Options struct {
	TLS      bool   // from the first byte (smtps)
	StartTLS bool   // on request
	User     string // a login is required, by AUTH PLAIN
	Password string
}

// Start listens on a free port of the loopback until the test ends.
func Start(t testing.TB, options Options) *Server {
	t.Helper()
	s := &Server{options: options, next: map[Stage][]Action{}, always: map[Stage]Action{}, open: map[net.Conn]bool{}}
	if err := s.makeCertificate(); err != nil {
		t.Fatalf("smtptest: %v", err)
	}
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatalf("smtptest: %v", err)
	}
	if options.TLS {
		s.listener = tls.NewListener(s.listener, s.config)
	}
	s.serving.Add(1)
	go s.accept()
	t.Cleanup(s.Close)
	return s
}

// Close hangs up on everybody and stops listening; closing again does nothing.
func (s *Server) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.serving.Wait()
}

// Address is host:port.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Roots trusts the server's certificate.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// Next queues actions for a stage, one per time it is reached.
func (s *Server) Next(stage Stage, actions ...Action) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next[stage] = append(s.next[stage], actions...)
}

// Always sets the action of a stage once the queue is empty.
func (s *Server) Always(stage Stage, a Action) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always[stage] = a
}

// Behave makes the server well again.
func (s *Server) Behave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.next)
	clear(s.always)
}

// Mails lists what reached the server, refused afterwards or not.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Connections counts those open now.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *Server) accept() {
	defer s.serving.Done()
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[c] = true
		s.mu.Unlock()
		s.serving.Go(func() {
			defer func() {
				_ = c.Close()
				s.mu.Lock()
				delete(s.open, c)
				s.mu.Unlock()
			}()
			(&session{server: s, conn: c, text: textproto.NewConn(c), encrypted: s.options.TLS}).run()
		})
	}
}

func (s *Server) action(stage Stage, usual string) Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	if queue := s.next[stage]; len(queue) > 0 {
		s.next[stage] = queue[1:]
		return queue[0]
	}
	if a, set := s.always[stage]; set {
		return a
	}
	return Action{reply: usual}
}

// session is one connection.
type session struct {
	server    *Server
	conn      net.Conn
	text      *textproto.Conn
	encrypted bool
	mail      Mail
}

// run speaks until one side has had enough.
func (c *session) run() {
	if !c.at(Greeting, "220 smtptest ready") {
		return
	}
	for {
		line, err := c.text.ReadLine()
		if err != nil || !c.command(line) {
			return
		}
	}
}

// at does what was ordered for a stage, else says the usual; false ends the session.
func (c *session) at(stage Stage, usual string) bool { return c.perform(c.server.action(stage, usual)) }

func (c *session) perform(a Action) bool {
	switch {
	case a.silent:
		_, _ = io.Copy(io.Discard, c.conn) // until the client gives up
		return false
	case a.trickle:
		return c.trickle()
	case a.reply != "":
		if c.say(a.reply) != nil {
			return false
		}
	}
	return !a.drop
}

func (c *session) say(reply string) error { return c.text.PrintfLine("%s", reply) }

// trickle keeps the client reading without ever finishing a line, until it hangs up.
func (c *session) trickle() bool {
	for {
		if _, err := c.conn.Write([]byte("2")); err != nil {
			return false
		}
		time.Sleep(time.Millisecond)
	}
}

func (c *session) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		return c.hello(rest)
	case "STARTTLS":
		return c.startTLS()
	case "AUTH":
		return c.login(rest)
	case "MAIL":
		if c.server.options.User != "" && c.mail.User == "" {
			return c.say("530 5.7.0 log in first") == nil
		}
		c.mail.From = address(rest)
		return c.at(Sender, "250 2.1.0 ok")
	case "RCPT":
		c.mail.To = address(rest)
		return c.at(Recipient, "250 2.1.5 ok")
	case "DATA":
		return c.data()
	case "QUIT":
		c.at(Quit, "221 2.0.0 bye")
		return false
	case "NOOP", "RSET":
		return c.say("250 2.0.0 ok") == nil
	}
	return c.say("500 5.5.1 what?") == nil
}

func (c *session) hello(name string) bool {
	c.mail.Helo = name
	lines := []string{"smtptest", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8"}
	if c.server.options.StartTLS && !c.encrypted {
		lines = append(lines, "STARTTLS")
	}
	if c.server.options.User != "" {
		lines = append(lines, "AUTH PLAIN")
	}
	for i, line := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		if c.say("250"+mark+line) != nil {
			return false
		}
	}
	return true
}

func (c *session) startTLS() bool {
	if c.say("220 2.0.0 go") != nil {
		return false
	}
	c.conn = tls.Server(c.conn, c.server.config)
	c.text = textproto.NewConn(c.conn)
	c.encrypted = true
	return true
}

func (c *session) login(rest string) bool {
	_, encoded, _ := strings.Cut(rest, " ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	parts := strings.Split(string(raw), "\x00")
	if err != nil || len(parts) != 3 || parts[1] != c.server.options.User || parts[2] != c.server.options.Password {
		return c.say("535 5.7.8 wrong user or password") == nil
	}
	c.mail.User = parts[1]
	return c.say("235 2.7.0 welcome") == nil
}

func (c *session) data() bool {
	a := c.server.action(Data, "354 go on")
	if !c.perform(a) || !strings.HasPrefix(a.reply, "354") {
		return a.reply != "" && !a.drop // refused; the client may go on with another command
	}
	raw, err := c.text.ReadDotBytes()
	if err != nil {
		return false
	}
	c.mail.Raw, c.mail.TLS = raw, c.encrypted
	c.server.mu.Lock()
	c.server.mails = append(c.server.mails, c.mail)
	c.server.mu.Unlock()
	return c.at(Content, "250 2.0.0 taken")
}

// address takes "a@b" out of "FROM:<a@b> BODY=8BITMIME".
func address(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

func (s *Server) makeCertificate() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(cert)
	s.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	return nil
}
