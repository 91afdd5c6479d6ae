package hook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var at = time.Unix(1_775_136_600, 0)

func call(url string) Call {
	return Call{URL: url, ID: "msg_1", At: at, Body: []byte(`{"type":"webhook.test"}`), Secrets: [][]byte{[]byte("new secret"), []byte("old secret")}}
}

// A message arrives whole, and its receiver can check it with either secret, as the specification writes it.
func TestAMessageArrivesSigned(t *testing.T) {
	var got *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	code, err := NewSender(Policy{Loopback: true}, nil).Send(t.Context(), call(server.URL+"/hook"))
	if err != nil || code != http.StatusAccepted {
		t.Fatalf("%d %v", code, err)
	}
	if got.Method != http.MethodPost || got.URL.Path != "/hook" || got.Header.Get("Content-Type") != "application/json" ||
		got.Header.Get("webhook-id") != "msg_1" || got.Header.Get("webhook-timestamp") != "1775136600" || string(body) != `{"type":"webhook.test"}` {
		t.Errorf("%s %s %v %s", got.Method, got.URL, got.Header, body)
	}
	signatures := strings.Fields(got.Header.Get("webhook-signature"))
	for i, secret := range []string{"new secret", "old secret"} {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte("msg_1.1775136600." + string(body)))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); len(signatures) != 2 || signatures[i] != want {
			t.Errorf("signatures %v, want %s at %d", signatures, want, i)
		}
	}
}

// The example of the specification's reference libraries: key, id, time and body give this signature.
func TestSignatureIsThatOfTheSpecification(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := signature("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`), [][]byte{key})
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// S12: without the operator's word nothing listens to us on this machine, whatever name leads to it.
func TestS12ThisMachineIsNotCalled(t *testing.T) {
	var called atomic.Bool
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Store(true) }))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	s := NewSender(Policy{}, &tls.Config{RootCAs: roots})
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	// The form is refused first; connecting is refused again for a name that passed the form.
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		var failed *Failure
		if _, err := s.Send(t.Context(), call("https://"+host+":"+port+"/")); !errors.As(err, &failed) || failed.Step != "address refused" {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := s.client.Get(server.URL); !errors.Is(err, errRefused) {
		t.Errorf("connecting past the form: %v", err)
	}
	if called.Load() {
		t.Error("the server was called")
	}
}

// S12: a redirect is a failure, and where it leads is never asked.
func TestS12RedirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Bool
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Store(true) }))
	defer inside.Close()
	server := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	code, err := NewSender(Policy{Loopback: true}, nil).Send(t.Context(), call(server.URL))
	if code != http.StatusTemporaryRedirect || err == nil || followed.Load() {
		t.Errorf("%d %v, followed: %v", code, err, followed.Load())
	}
}

func TestFailuresNameTheStepAndNeverTheAddress(t *testing.T) {
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "CANARY from the other side", http.StatusInternalServerError)
	}))
	defer refusing.Close()
	strange := httptest.NewTLSServer(http.NotFoundHandler())
	defer strange.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 4096 { // 4 MB: more than is read
			if _, err := w.Write(make([]byte, 1024)); err != nil {
				return
			}
		}
	}))
	defer endless.Close()
	s := NewSender(Policy{Loopback: true}, nil)
	for _, row := range []struct {
		url, step string
		code      int
	}{
		{refusing.URL, "refused: status 500", 500}, {strange.URL, "certificate refused", 0}, {closed.URL, "connection refused", 0},
		{"https://no-such-name.invalid/", "name not found", 0}, {endless.URL, "", 200},
	} {
		code, err := s.Send(t.Context(), call(row.url))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != row.step || code != row.code {
			t.Errorf("%s: %d %q, want %d %q", row.url, code, got, row.code, row.step)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	release := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer silent.Close()
	defer close(release)
	if _, err := s.Send(ctx, call(silent.URL)); err == nil || err.Error() != "timeout" {
		t.Errorf("a server that does not answer: %v", err)
	}
}
