package hook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

// Limits of one call.
const (
	connectWithin = 5 * time.Second
	callWithin    = 10 * time.Second
	maxHead       = 64 << 10 // bytes of an answer's head
	maxAnswer     = 64 << 10 // bytes of an answer's body that are read, to be polite; nothing of it is kept
)

// Longest is how long a call takes at most.
const Longest = callWithin

// Call is one message.
type Call struct {
	URL     string
	ID      string // the message's; the same at every try
	At      time.Time
	Body    []byte // JSON
	Secrets [][]byte
}

// Failure is why a call failed, without anything the other side wrote.
type Failure struct {
	Step string // "address refused", "no connection", "timeout", …
	Code int    // status of the answer; 0 = there was none
}

func (f *Failure) Error() string {
	if f.Code != 0 {
		return f.Step + ": status " + strconv.Itoa(f.Code)
	}
	return f.Step
}

// errRefused marks an address that the policy refuses, found while connecting.
var errRefused = errors.New("address refused")

// Sender makes calls. It is safe for concurrent use.
type Sender struct {
	policy Policy
	client *http.Client
}

// NewSender holds every call to the policy. roots are the certificates it trusts besides the system's; nil = only those.
func NewSender(p Policy, tlsConfig *tls.Config) *Sender {
	dialer := &net.Dialer{Timeout: connectWithin, Control: func(_, address string, _ syscall.RawConn) error { return p.control(address) }}
	if tlsConfig == nil {
		tlsConfig = &tls.Config{}
	}
	tlsConfig.MinVersion = tls.VersionTLS12
	return &Sender{policy: p, client: &http.Client{
		Timeout: callWithin,
		// Every call connects anew, so that whom a name leads to is checked every time (DNS rebinding); no proxy of the environment
		// stands between, which would connect for us unchecked.
		Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, TLSClientConfig: tlsConfig,
			TLSHandshakeTimeout: connectWithin, ResponseHeaderTimeout: callWithin, MaxResponseHeaderBytes: maxHead, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// control is asked with the address that is about to be connected to, after the name was resolved.
func (p Policy) control(address string) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !p.Allowed(to.Addr()) || !p.portAllowed(to) {
		return errRefused
	}
	return nil
}

// Send makes one call. A nil error means that the answer's status was 2xx; code is that status, 0 = there was no answer. Every other
// result is a *Failure; a redirect is one.
func (s *Sender) Send(ctx context.Context, c Call) (code int, err error) {
	if err := s.policy.CheckURL(c.URL); err != nil {
		return 0, &Failure{Step: "address refused"}
	}
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		return 0, &Failure{Step: "address refused"}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "YouSaid-Webhook/1")
	r.Header.Set("webhook-id", c.ID)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(c.At.Unix(), 10))
	r.Header.Set("webhook-signature", signature(c.ID, c.At, c.Body, c.Secrets))
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, &Failure{Step: step(err)}
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer)
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return answer.StatusCode, &Failure{Step: "refused", Code: answer.StatusCode}
	}
	return answer.StatusCode, nil
}

// step names what failed. Errors of the library repeat the address; these do not.
func step(err error) string {
	var dns *net.DNSError
	var wrongHost *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var u *url.Error
	switch {
	case errors.Is(err, errRefused):
		return "address refused"
	case errors.As(err, &dns):
		return "name not found"
	case errors.As(err, &wrongHost), errors.As(err, &record):
		return "certificate refused"
	case errors.As(err, &u) && u.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	}
	return "no answer"
}
