package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Message is a thread's message as programs read it, over HTTP and over the live socket.
type Message struct {
	ID       string `json:"id"`
	Thread   string `json:"thread"`
	Seq      int64  `json:"seq"`
	Author   string `json:"author"` // "resident", "officer" or "councillor"
	Name     string `json:"name,omitempty"`
	Service  string `json:"service,omitempty"`
	Title    string `json:"title,omitempty"`
	Body     string `json:"body,omitempty"` // absent while held or hidden
	Language string `json:"language,omitempty"`
	State    string `json:"state"`
	Rule     string `json:"rule,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Supports int    `json:"supports,omitempty"` // people who said that they agree
	Answer   string `json:"answer,omitempty"`   // the answer to a concern that it carries
	At       string `json:"at"`                 // RFC 3339, UTC
	// Facts are the fact cards pinned under it.
	Facts []FactUnder `json:"facts,omitempty"`
}

// MessageOf is the public form of a message that was redacted for its reader before (consult.Redact).
func MessageOf(m consult.Message) Message {
	answer := ""
	if m.Answer != 0 {
		answer = m.Answer.String()
	}
	return Message{
		Answer: answer, ID: m.ID.String(), Thread: m.Thread.String(), Seq: m.Seq, Author: string(m.Author), Name: m.Name, Service: m.Service,
		Title: m.Title, Body: m.Body, Language: m.Language, State: string(m.State), Rule: m.Rule, Reason: m.Reason, Supports: m.Supported.Count,
		At: m.CreatedAt.UTC().Format(time.RFC3339), Facts: factsUnder(m.Facts),
	}
}

// MessagePage is one page of a thread's messages, by seq. Seq is the number of the thread's last event when the page was read, so that
// a live socket can join after it; Earlier is the address of the messages before.
type MessagePage struct {
	Items   []Message `json:"items"`
	Epoch   string    `json:"epoch"`
	Seq     int64     `json:"seq"`
	Earlier string    `json:"earlier,omitempty"`
}

// Messages lists a thread's last messages, or those before a number.
func (a *API) Messages(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	q := readQuery(c)
	limit := min(q.number("limit"), maxMessages)
	v, err := a.service.Thread(c.UserContext(), anybody, id, int64(q.number("before")), limit)
	if err != nil {
		return err
	}
	page := MessagePage{Items: []Message{}, Epoch: v.Thread.Epoch, Seq: v.Thread.Seq}
	for _, m := range v.Messages {
		page.Items = append(page.Items, MessageOf(m))
	}
	if v.Earlier > 0 {
		page.Earlier = a.messagesBefore(id, v.Earlier, limit)
	}
	return a.show(c, page)
}

// maxMessages is the longest page of messages.
const maxMessages = 200

func (a *API) messagesBefore(thread consult.ID, before int64, limit int) string {
	address := fmt.Sprintf("%s%s/threads/%s/messages?before=%d", a.baseURL, Prefix, thread, before)
	if limit > 0 {
		address += "&limit=" + strconv.Itoa(limit)
	}
	return address
}

// readMessage reads what a message is made of. Who speaks is decided by the caller alone; officers' names are not asked.
func readMessage(d *document) consult.MessageInput {
	return consult.MessageInput{Name: d.line("name"), Body: d.text("body"), Language: d.language()}
}

// PostMessage receives a message. Its address is that of the page of one message that holds it.
func (a *API) PostMessage(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	d, err := readDocument(c)
	if err != nil {
		return err
	}
	in := readMessage(d)
	if err := d.err(); err != nil {
		return err
	}
	in.Thread = id
	if in.Key, err = idempotencyKey(c); err != nil {
		return err
	}
	posted, err := a.service.PostMessage(c.UserContext(), a.writer(c), in)
	if err != nil {
		return err
	}
	return made(c, posted.Again, a.messagesBefore(id, posted.Message.Seq+1, 1), MessageOf(posted.Message))
}
