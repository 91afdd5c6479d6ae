package live_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/live"
)

func TestW01_OnlyOurOwnPagesMayOpenASocket(t *testing.T) {
	s := alone(t)
	for name, c := range map[string]struct {
		headers header
		status  int
	}{
		"own":                       {nil, http.StatusSwitchingProtocols},
		"foreign":                   {header{"Origin": "https://evil.example"}, http.StatusForbidden},
		"null":                      {header{"Origin": "null"}, http.StatusForbidden},
		"absent":                    {header{"Origin": ""}, http.StatusForbidden},
		"other scheme":              {header{"Origin": "http://consult.example.org"}, http.StatusForbidden},
		"other port":                {header{"Origin": origin + ":8443"}, http.StatusForbidden},
		"own as a prefix":           {header{"Origin": origin + ".evil.example"}, http.StatusForbidden},
		"other letters":             {header{"Origin": "https://CONSULT.example.org"}, http.StatusForbidden},
		"absent, with a cookie":     {header{"Origin": "", "Cookie": "session=1"}, http.StatusForbidden},
		"absent, with a password":   {header{"Origin": "", "Authorization": "Basic eDp5"}, http.StatusForbidden},
		"absent, with a token":      {header{"Origin": "", "Authorization": "Bearer x"}, http.StatusSwitchingProtocols},
		"foreign, with a token":     {header{"Origin": "https://evil.example", "Authorization": "Bearer x"}, http.StatusForbidden},
		"refused by identification": {header{"X-Role": "refused"}, http.StatusTooManyRequests},
	} {
		_, response, err := s.dial(t, c.headers)
		if response == nil {
			t.Errorf("%s: %v", name, err)
		} else if response.StatusCode != c.status {
			t.Errorf("%s: %s, want %d", name, response.Status, c.status)
		}
	}
	request, err := http.NewRequest(http.MethodGet, "http://"+s.address+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", origin)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a plain request got %s", response.Status)
	}
}

func TestTheSubprotocolIsTheVersion(t *testing.T) {
	s := alone(t)
	for offered, want := range map[string]int{
		"":                       http.StatusSwitchingProtocols,
		"yousaid.v1":             http.StatusSwitchingProtocols,
		"other.v9, yousaid.v1":   http.StatusSwitchingProtocols,
		"yousaid.v2":             http.StatusBadRequest,
		"yousaid.v10,xyousaid.v": http.StatusBadRequest,
	} {
		h := http.Header{"Origin": {origin}}
		if offered != "" {
			h.Set("Sec-WebSocket-Protocol", offered)
		}
		ws, response, err := new(websocket.Dialer).Dial("ws://"+s.address+"/live", h)
		if response == nil {
			t.Fatalf("%q: %v", offered, err)
		}
		if response.StatusCode != want {
			t.Errorf("%q: %s, want %d", offered, response.Status, want)
		}
		if err != nil {
			continue
		}
		if got := ws.Subprotocol(); offered != "" && got != live.Subprotocol {
			t.Errorf("%q: agreed on %q", offered, got)
		}
		ws.Close()
	}
}

func TestW02_SessionsThatAreMissingOrEndCloseTheSocket(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.SessionCheck = 10 * time.Millisecond })
	desk := s.ledger.open(1)
	s.ledger.change(desk, func(l *log) { l.desk = true })

	nobody := s.connect(t)
	nobody.ask("join", desk)
	nobody.awaitClose(live.CloseSession)

	anyone := s.connect(t)
	ending, staying := s.connect(t, header{"X-Role": "officer", "X-Session": "a"}), s.connect(t, header{"X-Role": "officer", "X-Session": "b"})
	for _, c := range []*client{ending, staying} {
		c.join(desk)
	}
	public := s.ledger.open(0)
	anyone.join(public)
	s.ledger.end("a")
	ending.awaitClose(live.CloseSession)
	staying.audit(desk, 1, s.ledger.say(desk, "still here"))
	anyone.audit(public, 0, s.ledger.say(public, "here too"))
	if events := ending.events(desk); len(events) != 0 {
		t.Errorf("an ended session got %v", events)
	}
}

func TestAKeyOpensItsOwnThreadAlone(t *testing.T) {
	s := alone(t)
	mine, others := s.ledger.open(2), s.ledger.open(2)
	for _, thread := range []consult.ID{mine, others} {
		s.ledger.change(thread, func(l *log) { l.own = true })
	}
	owner, stranger := s.connect(t), s.connect(t)
	owner.ask("join", others, "key", keyOf(mine))
	stranger.ask("join", mine)
	for _, c := range []*client{owner, stranger} {
		if e := c.first("error"); e.Code != "not_found" {
			t.Errorf("somebody's own thread: %+v", e)
		}
	}
	owner.join(mine, "since", 0, "key", keyOf(mine))
	owner.audit(mine, 0, s.ledger.say(mine, "for its owner"))
	if len(owner.events(others))+len(stranger.events(mine)) > 0 {
		t.Error("somebody reads what is not theirs")
	}
}

func TestSessionsStayWhileNothingCanBeAskedAboutThem(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.SessionCheck = 5 * time.Millisecond })
	thread := s.ledger.open(0)
	c := s.connect(t, header{"X-Session": "a"})
	c.join(thread)
	asked := make(chan struct{}, 1000)
	s.ledger.breakWith(func(op string) error {
		if op == "alive" {
			asked <- struct{}{}
			return fmt.Errorf("the database is away")
		}
		return nil
	})
	for range 5 {
		<-asked
	}
	c.audit(thread, 0, s.ledger.say(thread, "still here"))
	s.ledger.end("a")
	s.ledger.breakWith(nil)
	c.awaitClose(live.CloseSession)
}

func TestW16_NoCompressionIsAgreed(t *testing.T) {
	s := alone(t)
	offering := s.raw(t, 0, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits") // raw checks the answer
	offering.write(rawFrame(0xC1, []byte{0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00}))                // "Hello", deflated
	if code := offering.readClose(); code != live.CloseProtocol {
		t.Errorf("a compressed frame: closed with %d, want 1002", code)
	}
}

func TestANodeThatIsFullSaysComeBack(t *testing.T) {
	for name, change := range map[string]func(*live.Limits){
		"connections": func(l *live.Limits) { l.Connections = 2 },
		"one address": func(l *live.Limits) { l.PerAddress = 2 },
		"handshakes":  func(l *live.Limits) { l.HandshakesPerSecond = 2; l.PerAddress = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			s := alone(t, change)
			thread := s.ledger.open(0)
			first := s.connect(t)
			first.join(thread)
			s.connect(t).join(thread)
			var refused *http.Response
			// A slow machine earns new handshakes while it shakes hands, so this one needs several.
			for range 50 {
				_, response, err := s.dial(t)
				if err != nil {
					refused = response
					break
				}
			}
			if refused == nil || refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
				t.Fatalf("the answer was %+v", refused)
			}
			if s.hub.Stats().Refused == 0 {
				t.Error("nothing was counted")
			}
			first.audit(thread, 0, s.ledger.say(thread, "those inside are served"))
		})
	}
	s := alone(t, func(l *live.Limits) { l.PerAddress = 1 })
	s.connect(t)
	s.connect(t, header{"X-Role": "load"}) // fails the test if refused
}
