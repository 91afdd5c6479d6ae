package api

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Message is a thread's message as programs read it, over HTTP and over the live socket.
type Message struct {
	ID       string `json:"id"`
	Thread   string `json:"thread"`
	Seq      int64  `json:"seq"`
	Author   string `json:"author"` // "resident" or "officer"
	Name     string `json:"name,omitempty"`
	Service  string `json:"service,omitempty"`
	Title    string `json:"title,omitempty"`
	Body     string `json:"body,omitempty"` // absent while held or hidden
	Language string `json:"language,omitempty"`
	State    string `json:"state"`
	Rule     string `json:"rule,omitempty"`
	Reason   string `json:"reason,omitempty"`
	At       string `json:"at"` // RFC 3339, UTC
}

// MessageOf is the public form of a message that was redacted for its reader before (consult.Redact).
func MessageOf(m consult.Message) Message {
	return Message{
		ID: m.ID.String(), Thread: m.Thread.String(), Seq: m.Seq, Author: string(m.Author), Name: m.Name, Service: m.Service,
		Title: m.Title, Body: m.Body, Language: m.Language, State: string(m.State), Rule: m.Rule, Reason: m.Reason,
		At: m.CreatedAt.UTC().Format(time.RFC3339),
	}
}
