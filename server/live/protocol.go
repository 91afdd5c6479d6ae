package live

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"

	"github.com/yousaid/yousaid/server/consult"
)

// Subprotocol is the version of the protocol, as named in the handshake.
const Subprotocol = "yousaid.v1"

// The close codes of the protocol. docs/live-protocol.md says for each whether to come back.
const (
	CloseNormal   = 1000 // the client went away
	CloseShutdown = 1001 // this node stops; a retry frame said when to come back
	CloseProtocol = 1002 // not WebSocket
	CloseBinary   = 1003 // a binary message
	CloseText     = 1007 // text that is not UTF-8
	ClosePolicy   = 1008 // silence at the start, five bad requests, too many fragments
	CloseTooBig   = 1009 // a message over the limit
	CloseInternal = 1011 // our fault
	ClosePing     = 4000 // no answer to a ping
	CloseGap      = 4001 // events would not have followed each other; resume
	CloseReset    = 4002 // resets went unheeded; reload
	CloseSlow     = 4003 // the client did not read fast enough; resume
	CloseSession  = 4004 // the session ended or changed; sign in again
	CloseRate     = 4008 // too many messages

	// closeGone stands in Stats for connections that ended without a close. It is never sent.
	closeGone = 1006
)

// The codes of error frames.
const (
	codeBadRequest  = "bad_request"
	codeNotFound    = "not_found"
	codeLimit       = "limit"
	codeRate        = "rate"
	codeUnavailable = "unavailable"
)

// kindNone is the kind of an event that this reader does not get to see.
const kindNone = "none"

// request is any message of a client.
type request struct {
	Type   string          `json:"type"`
	Thread string          `json:"thread"`
	Since  json.RawMessage `json:"since"`
	Epoch  string          `json:"epoch"`
	Render string          `json:"render"`
	Key    string          `json:"key"`
}

// decodeRequest reads a client's message. It is strict: a misspelt key is an answer to its author now instead of a
// riddle later.
func decodeRequest(message []byte) (request, bool) {
	var r request
	d := json.NewDecoder(bytes.NewReader(message))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, false
	}
	if _, err := d.Token(); err != io.EOF {
		return r, false
	}
	switch r.Type {
	case "join":
		return r, r.Thread != "" && (r.Render == "" || r.Render == "html")
	case "leave", "typing":
		return r, r.Thread != ""
	default:
		return r, false
	}
}

// start finds the number after which a joining client continues. It is false for a position that does not exist in
// this log, or not any more: the client must start over.
func (r request) start(head Head, replay int) (int64, bool) {
	if r.Since == nil || string(r.Since) == "null" {
		return head.Seq, true
	}
	var since int64
	if err := json.Unmarshal(r.Since, &since); err != nil {
		return 0, false
	}
	if since < 0 || since > head.Seq || head.Seq-since > int64(replay) {
		return 0, false
	}
	fromTheStart := since == 0 && r.Epoch == ""
	return since, fromTheStart || r.Epoch == head.Epoch
}

// reply is any message to a client but an event. Pointers tell "absent" from zero.
type reply struct {
	Type    string      `json:"type"`
	Thread  *consult.ID `json:"thread,omitempty"`
	Epoch   *string     `json:"epoch,omitempty"`
	Seq     *int64      `json:"seq,omitempty"`
	Code    string      `json:"code,omitempty"`
	Officer *bool       `json:"officer,omitempty"`
	RetryMS *int64      `json:"retry_ms,omitempty"`
}

func (r reply) frame() frame { return encode(opText, marshal(r)) }

func joinedFrame(thread consult.ID, head Head) frame {
	return reply{Type: "joined", Thread: &thread, Epoch: &head.Epoch, Seq: &head.Seq}.frame()
}

func resetFrame(thread consult.ID) frame {
	return reply{Type: "reset", Thread: &thread}.frame()
}

// errorFrame reports a refused request; the thread is left out where none is meant.
func errorFrame(code string, thread consult.ID) frame {
	r := reply{Type: "error", Code: code}
	if thread != 0 {
		r.Thread = &thread
	}
	return r.frame()
}

func typingFrame(thread consult.ID, officer bool) frame {
	return reply{Type: "typing", Thread: &thread, Officer: &officer}.frame()
}

func retryFrame(ms int64) frame {
	return reply{Type: "retry", RetryMS: &ms}.frame()
}

// event is one event for one audience, encoded at most twice however many read it.
type event struct {
	thread consult.ID
	frame  Frame

	once    [2]sync.Once
	encoded [2]frame
}

func (e *event) encode(html bool) frame {
	i := 0
	if html {
		i = 1
	}
	e.once[i].Do(func() {
		out := struct {
			Type   string          `json:"type"`
			Thread consult.ID      `json:"thread"`
			Seq    int64           `json:"seq"`
			Kind   string          `json:"kind"`
			Data   json.RawMessage `json:"data,omitempty"`
			HTML   string          `json:"html,omitempty"`
		}{Type: "event", Thread: e.thread, Seq: e.frame.Seq, Kind: kindNone}
		if e.frame.Kind != "" {
			out.Kind, out.Data = e.frame.Kind, e.frame.Data
			if html {
				out.HTML = e.frame.HTML
			}
		}
		e.encoded[i] = encode(opText, marshal(out))
	})
	return e.encoded[i]
}

// marshal leaves <, > and & as they are: frames are read as JSON, never as a page.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // every part was checked when it was read
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// concat puts events into one frame, so that they leave in one write.
func concat(events []*event, html bool) frame {
	if len(events) == 1 {
		return events[0].encode(html)
	}
	var all frame
	for _, e := range events {
		all = append(all, e.encode(html)...)
	}
	return all
}
