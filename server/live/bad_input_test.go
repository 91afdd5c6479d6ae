package live_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/live"
)

func TestW03_AClientThatAsksForNothingIsCut(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.FirstFrame = 150 * time.Millisecond })
	s.connect(t).awaitClose(live.ClosePolicy)

	pinging := s.raw(t, 0)
	pinging.write(rawFrame(0x89, []byte("hi")), rawFrame(0x8A, nil), rawText("nonsense"))
	if code := pinging.readClose(); code != live.ClosePolicy {
		t.Errorf("pings and nonsense: closed with %d", code)
	}
	trickling := s.raw(t, 0)
	trickling.write(rawText(`{"type":"leave","thread":"0000000000001"}`)[:7])
	if code := trickling.readClose(); code != live.ClosePolicy {
		t.Errorf("half a frame: closed with %d", code)
	}
}

func TestW04_TooBig(t *testing.T) {
	s := alone(t)
	limit := uint64(live.Defaults().MessageBytes)
	for name, c := range map[string]struct {
		sent []byte
		code int
	}{
		"one byte over the limit": {declare(limit + 1), live.CloseTooBig},
		"64 MiB":                  {append(declare(64<<20), make([]byte, 1<<20)...), live.CloseTooBig},
		"2^63-1":                  {declare(math.MaxInt64), live.CloseTooBig},
		"2^63":                    {declare(1 << 63), live.CloseTooBig},
		"2^64-1":                  {declare(math.MaxUint64), live.CloseTooBig},
		"over the limit in two": {
			append(rawFrame(0x01, make([]byte, limit)), rawFrame(0x80, []byte("x"))...), live.CloseTooBig,
		},
	} {
		r := s.raw(t, 0)
		r.write(c.sent)
		if code := r.readClose(); code != c.code {
			t.Errorf("%s: closed with %d, want %d", name, code, c.code)
		}
	}
	exact := s.raw(t, 0)
	request := fmt.Sprintf(`{"type":"leave","thread":"%s"`, s.ledger.open(0))
	exact.write(rawText(request+strings.Repeat(" ", int(limit)-len(request)-1)+"}"), rawFrame(0x88, []byte{0x03, 0xE8}))
	if code := exact.readClose(); code != live.CloseNormal {
		t.Errorf("a message of the limit: closed with %d", code)
	}
}

func TestW05_FramesThatBreakTheProtocol(t *testing.T) {
	s := alone(t)
	for name, sent := range map[string][]byte{
		"unmasked":                  {0x81, 0x01, 'x'},
		"RSV1":                      rawFrame(0xC1, []byte("x")),
		"RSV2":                      rawFrame(0xA1, []byte("x")),
		"RSV3":                      rawFrame(0x91, []byte("x")),
		"opcode 3":                  rawFrame(0x83, []byte("x")),
		"opcode 11":                 rawFrame(0x8B, nil),
		"control over 125":          rawFrame(0x89, make([]byte, 126)),
		"fragmented ping":           rawFrame(0x09, []byte("x")),
		"close 1005":                rawFrame(0x88, []byte{0x03, 0xED}),
		"close 1006":                rawFrame(0x88, []byte{0x03, 0xEE}),
		"close 999":                 rawFrame(0x88, []byte{0x03, 0xE7}),
		"close 5000":                rawFrame(0x88, []byte{0x13, 0x88}),
		"close with half a code":    rawFrame(0x88, []byte{0x03}),
		"lone continuation":         rawFrame(0x80, []byte("x")),
		"message inside a message":  append(rawFrame(0x01, []byte("x")), rawText("y")...),
		"continuation after an end": append(rawText(`{"type":"leave","thread":"0000000000001"}`), rawFrame(0x80, nil)...),
	} {
		r := s.raw(t, 0)
		r.write(sent)
		if code := r.readClose(); code != live.CloseProtocol {
			t.Errorf("%s: closed with %d, want 1002", name, code)
		}
	}
}

func TestW06_TextThatIsNotUTF8(t *testing.T) {
	s := alone(t)
	for name, sent := range map[string][]byte{
		"a lone byte":        rawText("{\"type\":\"\xff\"}"),
		"an overlong slash":  rawText("\xc0\xaf"),
		"a surrogate":        rawText("\xed\xa0\x80"),
		"cut in a character": rawText("\xe2\x82"),
		"close reason":       rawFrame(0x88, []byte{0x03, 0xE8, 0xFF}),
	} {
		r := s.raw(t, 0)
		r.write(sent)
		if code := r.readClose(); code != live.CloseText {
			t.Errorf("%s: closed with %d, want 1007", name, code)
		}
	}
	split := s.raw(t, 0) // a character may be cut by the border of fragments
	split.write(rawFrame(0x01, []byte("\xe2\x82")), rawFrame(0x80, []byte("\xac")), rawFrame(0x88, []byte{0x03, 0xE8}))
	if code := split.readClose(); code != live.CloseNormal {
		t.Errorf("a split character: closed with %d", code)
	}
}

func TestW07_BinaryMessages(t *testing.T) {
	s := alone(t)
	r := s.raw(t, 0)
	r.write(rawFrame(0x82, []byte(`{"type":"join"}`)))
	if code := r.readClose(); code != live.CloseBinary {
		t.Errorf("closed with %d, want 1003", code)
	}
}

func TestW08_Fragments(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(1)
	message := []byte(fmt.Sprintf(`{"type":"join","thread":"%s"}`, thread))
	limit := live.Defaults().Fragments

	many := s.raw(t, 0)
	many.write(rawFrame(0x01, nil), bytes.Repeat(rawFrame(0x00, nil), 10_000))
	if code := many.readClose(); code != live.ClosePolicy {
		t.Errorf("10,000 empty fragments: closed with %d, want 1008", code)
	}
	// As many as allowed, with a ping in the middle, are one message.
	whole := s.raw(t, 0)
	whole.write(rawFrame(0x01, message[:5]), rawFrame(0x89, []byte("p")), bytes.Repeat(rawFrame(0x00, nil), limit-2), rawFrame(0x80, message[5:]))
	if op, payload, err := whole.read(); op != 0xA || string(payload) != "p" {
		t.Errorf("the ping got %d %q %v", op, payload, err)
	}
	if _, payload, err := whole.read(); !strings.HasPrefix(string(payload), `{"type":"joined"`) {
		t.Errorf("%d fragments got %q %v", limit, payload, err)
	}
}

func TestW09_MessagesWithoutSense(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(1)
	for _, message := range []string{
		``, ` `, `x`, `[]`, `[{"type":"join"}]`, `5`, `null`, `"join"`, `true`, `{`, `{}`, `{"type":5}`, `{"type":"post"}`,
		`{"type":"JOIN"}`, `{"type":"join"}`, `{"type":"join","thread":5}`, `{"type":"join","thread":""}`,
		`{"type":"leave"}`, `{"type":"typing"}`,
		`{"type":"join","thread":"` + thread.String() + `","render":"pdf"}`,
		`{"type":"join","thread":"` + thread.String() + `","sinse":1}`,
		`{"type":"join","thread":"` + thread.String() + `"} {}`,
		strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100),
		strings.Repeat(`{"type":`, 100) + `1` + strings.Repeat(`}`, 100),
	} {
		c := s.connect(t)
		c.send(message)
		if e := c.frame(0); e.raw != `{"type":"error","code":"bad_request"}` {
			t.Errorf("%q: %s", message, e.raw)
		}
		if j := c.join(thread); j.Seq != 1 {
			t.Errorf("after %q: %s", message, j.raw)
		}
		c.ws.Close()
	}
	five := s.connect(t)
	for range 5 {
		five.send(`x`)
	}
	five.awaitClose(live.ClosePolicy)
	if n := five.count("error"); n != 5 {
		t.Errorf("%d error frames before the close", n)
	}
}

func TestW10_ThreadsThatAreNotForTheReaderAndTooMany(t *testing.T) {
	s := alone(t)
	private := s.ledger.open(1)
	s.ledger.change(private, func(l *log) { l.closed = true })
	c := s.connect(t)
	answer := func(g got) string { return strings.Replace(g.raw, g.Thread, "…", 1) }
	c.ask("join", private)
	c.ask("join", consult.NewID(time.Now()))
	c.frame(1)
	if hidden, absent := answer(c.all()[0]), answer(c.all()[1]); hidden != absent || c.all()[0].Code != "not_found" {
		t.Errorf("a hidden thread answers %s, one that is not %s", hidden, absent)
	}
	c.send(`{"type":"join","thread":"../../etc"}`)
	if e := c.frame(2); e.Code != "not_found" {
		t.Errorf("an impossible id: %s", e.raw)
	}
	max := live.Defaults().Threads
	for range max {
		c.join(s.ledger.open(0))
	}
	extra := s.ledger.open(0)
	c.ask("join", extra)
	if e := c.frame(3 + max); e.Code != "limit" || e.Thread != extra.String() {
		t.Errorf("one too many: %s", e.raw)
	}
	if m := s.hub.Stats().Members; m != max {
		t.Errorf("%d memberships", m)
	}
}

func TestW11_PositionsThatDoNotExistReset(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.Resets = 1000 })
	thread := s.ledger.open(3)
	c := s.connect(t)
	for _, position := range []string{
		`"since":-1,"epoch":"e1"`, `"since":1e18,"epoch":"e1"`, `"since":4,"epoch":"e1"`, `"since":"2","epoch":"e1"`,
		`"since":2,"epoch":"foreign"`, `"since":2`, `"since":0,"epoch":"foreign"`, `"since":1.5,"epoch":"e1"`,
		`"since":[1],"epoch":"e1"`, `"since":true,"epoch":"e1"`, `"since":99999999999999999999,"epoch":"e1"`,
	} {
		before := len(c.all())
		c.send(fmt.Sprintf(`{"type":"join","thread":"%s",%s}`, thread, position))
		if g := c.frame(before); g.raw != fmt.Sprintf(`{"type":"reset","thread":"%s"}`, thread) {
			t.Errorf("%s: %s", position, g.raw)
		}
	}
	if m := s.hub.Stats().Members; m != 0 {
		t.Errorf("%d memberships after resets only", m)
	}
	c.join(thread, "since", 3, "epoch", "e1")
	c.audit(thread, 3, s.ledger.say(thread, "four"))
	fresh := s.connect(t)
	fresh.join(thread, "since", 0) // from the beginning, whatever the epoch
	fresh.audit(thread, 0, 4)
}

func TestW11_AClientThatHeedsNoResetIsCut(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(3)
	c := s.connect(t)
	for range 5 {
		c.ask("join", thread, "since", 99, "epoch", "e1")
	}
	c.awaitClose(live.CloseReset)
}

func TestW12_FloodsAreWarnedAndThenCut(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	leave := fmt.Sprintf(`{"type":"leave","thread":"%s"}`, thread)
	flood := s.raw(t, 0)
	flood.write(bytes.Repeat(rawText(leave), 2000))
	var warned int
	if code := flood.readClose(func(text string) {
		if text == `{"type":"error","code":"rate"}` {
			warned++
		}
	}); code != live.CloseRate || warned == 0 {
		t.Errorf("messages: closed with %d after %d warnings", code, warned)
	}
	pings := s.raw(t, 0)
	pings.write(bytes.Repeat(rawFrame(0x89, []byte("x")), 2000))
	if code := pings.readClose(); code != live.CloseRate {
		t.Errorf("pings: closed with %d", code)
	}
	load := s.raw(t, 0, "X-Role: load")
	load.write(bytes.Repeat(rawText(leave), 2000), rawFrame(0x88, []byte{0x03, 0xE8}))
	if code := load.readClose(); code != live.CloseNormal {
		t.Errorf("the load driver: closed with %d", code)
	}
}

func TestW13_TypingIsPassedOnSeldomAndToOthersOnly(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.Typing = time.Hour })
	thread, other := s.ledger.open(0), s.ledger.open(0)
	writer, staff := s.connect(t), s.connect(t, header{"X-Role": "officer", "X-Session": "o"})
	reader, elsewhere := s.connect(t), s.connect(t)
	for _, c := range []*client{writer, staff, reader} {
		c.join(thread)
	}
	elsewhere.join(other)
	elsewhere.ask("typing", thread) // which it has not joined
	for range 40 {
		writer.ask("typing", thread)
	}
	writer.join(thread) // answered after all of them
	staff.ask("typing", thread)
	staff.join(thread)
	last := s.ledger.say(thread, "sent")
	for _, c := range []*client{writer, staff, reader} {
		c.audit(thread, 0, last)
	}
	var seen []string
	for _, g := range reader.all() {
		if g.Type == "typing" {
			seen = append(seen, g.raw)
		}
	}
	want := []string{
		fmt.Sprintf(`{"type":"typing","thread":"%s","officer":false}`, thread),
		fmt.Sprintf(`{"type":"typing","thread":"%s","officer":true}`, thread),
	}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("a reader saw %v", seen)
	}
	if n := writer.count("typing"); n != 1 {
		t.Errorf("the writer saw %d signals, want the officer's", n)
	}
	if n := elsewhere.count("typing"); n != 0 {
		t.Errorf("another thread saw %d signals", n)
	}
	// A second resident is heard, so that the first knows too; a third would tell nobody anything new.
	for _, c := range []*client{reader, s.connect(t)} {
		c.join(thread)
		c.ask("typing", thread)
		c.join(thread)
	}
	last = s.ledger.say(thread, "sent again")
	writer.audit(thread, 0, last)
	if n := writer.count("typing"); n != 2 {
		t.Errorf("the writer saw %d signals, want the officer's and one resident's", n)
	}
}

func TestErrorFramesAreWhatTheReferenceSays(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	s.ledger.breakWith(func(op string) error {
		return &consult.Error{Kind: map[string]consult.Kind{"join": consult.TooMany}[op], Op: op}
	})
	c := s.connect(t)
	c.ask("join", thread)
	if g := c.frame(0); g.raw != fmt.Sprintf(`{"type":"error","thread":"%s","code":"rate"}`, thread) {
		t.Errorf("got %s", g.raw)
	}
	s.ledger.breakWith(func(op string) error { return &consult.Error{Kind: consult.Forbidden, Op: op} })
	c.ask("join", thread)
	if g := c.frame(1); g.Code != "not_found" {
		t.Errorf("got %s", g.raw)
	}
	var keys map[string]any
	if err := json.Unmarshal([]byte(c.frame(0).raw), &keys); err != nil || len(keys) != 3 {
		t.Errorf("got %v, %v", keys, err)
	}
}
