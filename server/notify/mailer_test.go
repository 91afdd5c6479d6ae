package notify

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/notify/smtptest"
)

// mailbox is a mailer with the other end in view: received parses what arrived, in order.
type mailbox struct {
	mailer   Mailer
	received func(t *testing.T) []*mail.Message
}

// mailboxes opens one of each kind of mailer.
func mailboxes(t *testing.T) map[string]mailbox {
	memory := NewMemory()
	folder := t.TempDir()
	files, err := Open("file:" + folder)
	if err != nil {
		t.Fatal(err)
	}
	server := smtptest.Start(t, smtptest.Options{})
	smtp, err := Open("smtp://" + server.Address())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]mailbox{
		"memory": {memory, func(t *testing.T) []*mail.Message {
			var raw [][]byte
			for _, m := range memory.Sent() {
				b, err := m.MIME()
				if err != nil {
					t.Fatal(err)
				}
				raw = append(raw, b)
			}
			return parse(t, raw)
		}},
		"folder": {files, func(t *testing.T) []*mail.Message { return parse(t, readFolder(t, folder)) }},
		"smtp": {smtp, func(t *testing.T) []*mail.Message {
			var raw [][]byte
			for _, m := range server.Mails() {
				raw = append(raw, m.Raw)
			}
			return parse(t, raw)
		}},
	}
}

func readFolder(t *testing.T, folder string) [][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var raw [][]byte
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, b)
	}
	return raw
}

func parse(t *testing.T, raw [][]byte) []*mail.Message {
	t.Helper()
	var list []*mail.Message
	for _, b := range raw {
		m, err := mail.ReadMessage(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("not a mail: %v\n%s", err, b)
		}
		list = append(list, m)
	}
	return list
}

// alternatives reads the parts of a multipart/alternative by content type.
func alternatives(t *testing.T, m *mail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", m.Header.Get("Content-Type"), err)
	}
	parts := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
			t.Errorf("transfer encoding %q", got)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		parts[p.Header.Get("Content-Type")] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func decoded(t *testing.T, m *mail.Message, header string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(header))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var written = time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC)

func sample() Message {
	return Message{
		ID: "01hzx3v9k2m4p@consult.example.org", From: mail.Address{Name: "Räte & Cø, Example", Address: "noreply@example.org"},
		To: "resident@example.com", Subject: "آپ کی رائے \u20682099/00001/PA\u2069 ہمیں مل گئی ہے", Language: "ur",
		Text:        "First line\n.\n..dots at the beginning of lines\nFrom here = 50% long " + strings.Repeat("long ", 300) + "\nآخر\n",
		HTML:        "<!doctype html><p dir=\"rtl\">آپ کی رائے</p>",
		Unsubscribe: "https://consult.example.org/follow/0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjkmnpqrstvwxyz0123456789/stop",
		At:          written,
	}
}

// Every mailer hands over the same mail.
func TestMailersHandOverTheWholeMail(t *testing.T) {
	for name, box := range mailboxes(t) {
		t.Run(name, func(t *testing.T) {
			sent := sample()
			if err := box.mailer.Send(context.Background(), sent); err != nil {
				t.Fatal(err)
			}
			got := box.received(t)
			if len(got) != 1 {
				t.Fatalf("received %d mails, want 1", len(got))
			}
			m := got[0]
			for header, want := range map[string]string{
				"Message-Id": "<" + sent.ID + ">", "To": "<resident@example.com>", "Subject": sent.Subject, "Content-Language": "ur",
				"List-Unsubscribe": "<" + sent.Unsubscribe + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
				"Auto-Submitted": "auto-generated", "Date": written.Format(time.RFC1123Z), "User-Agent": "", "X-Mailer": "",
			} {
				if value := decoded(t, m, header); value != want {
					t.Errorf("%s: %q, want %q", header, value, want)
				}
			}
			from, err := mail.ParseAddress(m.Header.Get("From"))
			if err != nil || *from != sent.From {
				t.Errorf("From: %v %v", from, err)
			}
			parts := alternatives(t, m)
			if got := strings.TrimRight(parts["text/plain; charset=UTF-8"], "\n"); got != strings.TrimRight(sent.Text, "\n") {
				t.Errorf("text:\n%q", got)
			}
			if got := strings.TrimRight(parts["text/html; charset=UTF-8"], "\n"); got != sent.HTML {
				t.Errorf("html:\n%q", got)
			}
		})
	}
}

// Mails nobody subscribed to offer no unsubscribing.
func TestMailersLeaveUnsubscribeOut(t *testing.T) {
	for name, box := range mailboxes(t) {
		t.Run(name, func(t *testing.T) {
			m := sample()
			m.Unsubscribe = ""
			if err := box.mailer.Send(context.Background(), m); err != nil {
				t.Fatal(err)
			}
			got := box.received(t)[0].Header
			if got.Get("List-Unsubscribe") != "" || got.Get("List-Unsubscribe-Post") != "" {
				t.Errorf("headers %v", got)
			}
		})
	}
}

// S29: nothing that reaches a header can begin another one, whatever the mailer.
func TestS29MailersRefuseHeaderInjection(t *testing.T) {
	breaks := []string{"\r\n", "\n", "\r", "\x00", "\u2028", "\u0085", "\x0b", "\xff"}
	for name, box := range mailboxes(t) {
		t.Run(name, func(t *testing.T) {
			for _, b := range breaks {
				evil := b + "Bcc: other@example.com"
				for field, change := range map[string]func(*Message){
					"subject":     func(m *Message) { m.Subject += evil },
					"to":          func(m *Message) { m.To += evil },
					"to display":  func(m *Message) { m.To = "X" + evil + " <resident@example.com>" },
					"from name":   func(m *Message) { m.From.Name += evil },
					"from":        func(m *Message) { m.From.Address += evil },
					"id":          func(m *Message) { m.ID += evil },
					"language":    func(m *Message) { m.Language += evil },
					"unsubscribe": func(m *Message) { m.Unsubscribe += evil },
				} {
					m := sample()
					change(&m)
					err := box.mailer.Send(context.Background(), m)
					if err == nil || !permanent(err) {
						t.Errorf("%s with %q: %v, want a permanent failure", field, b, err)
					}
				}
			}
			if got := box.received(t); len(got) != 0 {
				t.Errorf("%d mails got out", len(got))
			}
		})
	}
}

// One mail goes to one address.
func TestMailersRefuseListsAndNonsense(t *testing.T) {
	for name, box := range mailboxes(t) {
		t.Run(name, func(t *testing.T) {
			for _, to := range []string{"", "a@example.com,b@example.com", "a@example.com b@example.com", "nobody", "<a@example.com>", "a@b"} {
				m := sample()
				m.To = to
				if err := box.mailer.Send(context.Background(), m); !permanent(err) {
					t.Errorf("to %q: %v, want a permanent failure", to, err)
				}
			}
			for _, address := range []string{"javascript:alert(1)", "/follow/x/stop", "https://", "https://a b", "https://a/>,<mailto:x@example.com"} {
				m := sample()
				m.Unsubscribe = address
				if err := box.mailer.Send(context.Background(), m); !permanent(err) {
					t.Errorf("unsubscribe %q: %v, want a permanent failure", address, err)
				}
			}
			if got := box.received(t); len(got) != 0 {
				t.Errorf("%d mails got out", len(got))
			}
		})
	}
}

// A send that nobody waits for any more is a failure that can be tried again.
func TestMailersHeedTheContext(t *testing.T) {
	for name, box := range mailboxes(t) {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if err := box.mailer.Send(ctx, sample()); err == nil || permanent(err) {
				t.Errorf("error %v, want one to try again after", err)
			}
		})
	}
}

func TestFolderIsPrivateAndKeepsOneFilePerMail(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "deep", "mail")
	f, err := OpenFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second copy of a mail is the same file
		if err := f.Send(context.Background(), sample()); err != nil {
			t.Fatal(err)
		}
	}
	other := sample()
	other.ID = "01hzx3v9k2m4q@consult.example.org"
	if err := f.Send(context.Background(), other); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range files {
		names = append(names, e.Name())
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", e.Name(), info.Mode(), err)
		}
	}
	if strings.Join(names, " ") != "01hzx3v9k2m4p.eml 01hzx3v9k2m4q.eml" {
		t.Errorf("files %v", names)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v %v", info.Mode(), err)
	}
}

func TestMemoryWaitsForAMail(t *testing.T) {
	memory := NewMemory()
	go func() { _ = memory.Send(context.Background(), sample()) }()
	m, err := memory.Wait(t.Context(), func(m Message) bool { return m.To == "resident@example.com" })
	if err != nil || m.Subject != sample().Subject {
		t.Fatalf("%v %v", m, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := memory.Wait(ctx, func(m Message) bool { return m.To == "nobody@example.com" }); err == nil {
		t.Error("waiting for ever succeeded")
	}
}

func TestOpenRefusesWhatIsNoMailer(t *testing.T) {
	for _, address := range []string{"", "smtp", "smtp:", "smtp://", "http://example.org", "file:", "smtp://user@host", "smtp://:secret@host",
		"smtp://host:0", "smtp://host:99999", "smtp://host/path", "smtp://host?x=1", "smtp://us er:secret@host", "/tmp/mail"} {
		if m, err := Open(address); err == nil {
			t.Errorf("%q opened %v", address, m)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error repeats the password: %v", address, err)
		}
	}
}
