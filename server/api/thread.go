package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Anchor is what a thread hangs on.
type Anchor struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Thread is a live dialogue. Epoch and Seq are where a live socket joins it (docs/live-protocol.md).
type Thread struct {
	ID           string  `json:"id"`
	Consultation string  `json:"consultation"`
	Anchor       Anchor  `json:"anchor"`
	Title        string  `json:"title,omitempty"`
	Epoch        string  `json:"epoch"`
	Seq          int64   `json:"seq"`
	Open         bool    `json:"open"`                 // residents may post
	Messages     int     `json:"messages"`             // that can be read
	AnswerDue    *string `json:"answer_due,omitempty"` // the promise; absent = nothing waits
	CreatedAt    *string `json:"created_at"`
	Page         string  `json:"page"`
}

func (a *API) thread(t consult.Thread, open bool) Thread {
	return Thread{ID: t.ID.String(), Consultation: t.Consultation.String(), Anchor: Anchor{string(t.Anchor), t.AnchorID.String()},
		Title: t.Title, Epoch: t.Epoch, Seq: t.Seq, Open: open, Messages: t.Messages, AnswerDue: moment(t.AnswerDue),
		CreatedAt: moment(t.CreatedAt), Page: a.baseURL + "/threads/" + t.ID.String()}
}

// ThreadList is a consultation's threads by latest activity, those about comments left out: a comment names its own.
type ThreadList struct {
	Items []Thread `json:"items"`
	Limit int      `json:"limit"`
}

// Threads lists the threads of a consultation.
func (a *API) Threads(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	limit, _ := consult.ClampPage(readQuery(c).number("limit"), 0)
	views, err := a.service.Threads(c.UserContext(), anybody, id, limit)
	if err != nil {
		return err
	}
	list := ThreadList{Items: []Thread{}, Limit: limit}
	for _, v := range views {
		list.Items = append(list.Items, a.thread(v.Thread, v.Open))
	}
	return a.show(c, list)
}

// Thread shows one.
func (a *API) Thread(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	v, err := a.service.Thread(c.UserContext(), anybody, id, 0, 1)
	if err != nil {
		return err
	}
	return a.show(c, a.thread(v.Thread, v.Open))
}

// StartThread opens a thread about a consultation or one of its documents, and answers with its first message.
func (a *API) StartThread(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	d, err := readDocument(c)
	if err != nil {
		return err
	}
	in := consult.ThreadInput{Consultation: id, Title: d.line("title"), First: readMessage(d)}
	if document := d.line("document"); document != "" {
		in.Anchor = consult.OnDocument
		if in.AnchorID, err = consult.ParseID(document); err != nil {
			d.fail("document", "id")
		}
	}
	if err := d.err(); err != nil {
		return err
	}
	if in.First.Key, err = idempotencyKey(c); err != nil {
		return err
	}
	posted, err := a.service.StartThread(c.UserContext(), a.writer(c), in)
	if err != nil {
		return err
	}
	return made(c, posted.Again, a.baseURL+Prefix+"/threads/"+posted.Thread.ID.String(), MessageOf(posted.Message))
}
