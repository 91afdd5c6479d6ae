package live

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"
)

func reader(sent []byte) frameReader {
	return frameReader{in: bufio.NewReaderSize(bytes.NewReader(sent), readBuffer), maxMessage: 16 << 10, maxFragment: 64}
}

// masked makes a client's frame out of a server's.
func masked(fin bool, op byte, payload []byte) []byte {
	f := encode(op, payload)
	if !fin {
		f[0] &^= finBit
	}
	f[1] |= maskBit
	key := []byte{0xA5, 0x5A, 0x00, 0xFF}
	head := len(f) - len(payload)
	out := append(append(append([]byte{}, f[:head]...), key...), payload...)
	for i := range payload {
		out[head+4+i] ^= key[i&3]
	}
	return out
}

func TestMessagesOfEveryLengthAndFragmentationAreReadAsTheyWere(t *testing.T) {
	for _, size := range []int{0, 1, 125, 126, 127, 1000, 16 << 10} {
		for _, pieces := range []int{1, 2, 3, 64} {
			text := strings.Repeat("é", size/2) + strings.Repeat("x", size%2)
			var sent []byte
			for i := range pieces {
				from, to := size*i/pieces, size*(i+1)/pieces
				op := opContinuation
				if i == 0 {
					op = opText
				}
				sent = append(sent, masked(i == pieces-1, op, []byte(text[from:to]))...)
				sent = append(sent, masked(true, opPing, []byte{byte(i)})...)
			}
			r := reader(sent)
			var messages, pings int
			for {
				p, err := r.next()
				if err != nil {
					if !errors.Is(err, io.EOF) {
						t.Errorf("%d bytes in %d pieces: %v", size, pieces, err)
					}
					break
				}
				if p.op == opPing {
					pings++
				} else if messages++; string(p.payload) != text {
					t.Errorf("%d bytes in %d pieces came as %d bytes", size, pieces, len(p.payload))
				}
			}
			if messages != 1 || pings != pieces {
				t.Errorf("%d bytes in %d pieces: %d messages, %d pings", size, pieces, messages, pings)
			}
		}
	}
}

func TestFramesToClientsAreOfTheRightForm(t *testing.T) {
	for size, head := range map[int]int{0: 2, 125: 2, 126: 4, 0xFFFF: 4, 0x10000: 10} {
		f := encode(opText, make([]byte, size))
		if len(f) != head+size || f[0] != 0x81 {
			t.Errorf("%d bytes: a frame of %d, starting %x", size, len(f), f[0])
		}
		var length uint64
		switch head {
		case 2:
			length = uint64(f[1])
		case 4:
			length = uint64(binary.BigEndian.Uint16(f[2:]))
		case 10:
			length = binary.BigEndian.Uint64(f[2:])
		}
		if int(length) != size {
			t.Errorf("%d bytes: the header says %d", size, length)
		}
	}
	if f := closeFrame(CloseSlow, strings.Repeat("x", 500)); len(f) != 2+maxControl {
		t.Errorf("a close with a long reason is %d bytes", len(f))
	}
}

// FuzzFrame feeds the reader what a client could send: it must never panic, never keep more than the limits, and give
// out nothing but valid text; and so must what looks into the text.
func FuzzFrame(f *testing.F) {
	join := []byte(`{"type":"join","thread":"0000000000001","since":1,"epoch":"e"}`)
	f.Add(masked(true, opText, join))
	f.Add(append(masked(false, opText, join[:9]), masked(true, opContinuation, join[9:])...))
	f.Add(masked(true, opClose, []byte{0x03, 0xE8, 'x'}))
	f.Add(masked(true, opPing, bytes.Repeat([]byte{0}, 125)))
	f.Add(masked(true, opText, []byte("{\"type\":\"\xff\"}")))
	f.Add([]byte{0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Add(bytes.Repeat(masked(false, opContinuation, nil), 100))
	f.Fuzz(func(t *testing.T, sent []byte) {
		r := reader(sent)
		for {
			p, err := r.next()
			if len(r.message) > r.maxMessage || r.fragments > r.maxFragment+1 {
				t.Fatalf("%d bytes in %d fragments are kept", len(r.message), r.fragments)
			}
			if err != nil {
				var v *violation
				if !errors.As(err, &v) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("an error of no kind: %v", err)
				}
				return
			}
			if p.op != opText {
				if len(p.payload) > maxControl {
					t.Fatalf("a control frame of %d bytes", len(p.payload))
				}
				continue
			}
			if !utf8.Valid(p.payload) || len(p.payload) > r.maxMessage {
				t.Fatalf("a message of %d bytes: %q", len(p.payload), p.payload)
			}
			checkRequest(t, p.payload)
		}
	})
}

func checkRequest(t *testing.T, message []byte) {
	req, ok := decodeRequest(message)
	if !ok {
		return
	}
	if req.Type != "join" && req.Type != "leave" && req.Type != "typing" || req.Thread == "" {
		t.Fatalf("%q was taken for a request", message)
	}
	head := Head{Epoch: "e", Seq: 1000}
	if since, ok := req.start(head, 500); ok && (since < 500 || since > 1000) {
		t.Fatalf("%q continues after %d", message, since)
	}
}

func TestS20_APanicInASocketIsLoggedAndNotTold(t *testing.T) {
	var log bytes.Buffer
	h := New(nil, Defaults(), slog.New(slog.NewTextHandler(&log, nil)))
	c := newConn(h, nil, Viewer{}, "") // reading without a connection panics
	c.ended = true                     // and there is nothing to write to
	c.read()
	if c.code != CloseInternal || strings.Contains(string(c.farewell), "nil") || !strings.Contains(log.String(), "nil pointer") {
		t.Errorf("closed with %d %q, logged %q", c.code, c.farewell, log.String())
	}
	func() {
		defer h.lastResort(nil)
		panic("CANARY")
	}()
	if !strings.Contains(log.String(), "CANARY") {
		t.Errorf("logged %q", log.String())
	}
}
