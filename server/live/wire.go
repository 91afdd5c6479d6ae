package live

import (
	"bufio"
	"encoding/binary"
	"io"
	"unicode/utf8"
)

// The frames of RFC 6455 are read and written here and not by the WebSocket library, which does the handshake: it
// accepts text that is not UTF-8 and any number of fragments, answers pings from the reading goroutine, and writes
// every frame of every reader anew.

// The opcodes of RFC 6455, section 5.2.
const (
	opContinuation byte = 0x0
	opText         byte = 0x1
	opBinary       byte = 0x2
	opClose        byte = 0x8
	opPing         byte = 0x9
	opPong         byte = 0xA
)

const (
	finBit     = 0x80
	rsvBits    = 0x70
	opBits     = 0x0F
	maskBit    = 0x80
	lengthBits = 0x7F
	maxControl = 125
)

// frame is one or more complete WebSocket frames. It is shared by many sockets and never changed.
type frame []byte

// encode makes an unfragmented frame from server to client.
func encode(op byte, payload []byte) frame {
	head := make([]byte, 0, 10+len(payload))
	head = append(head, finBit|op)
	switch n := len(payload); {
	case n <= maxControl:
		head = append(head, byte(n))
	case n <= 0xFFFF:
		head = append(head, 126)
		head = binary.BigEndian.AppendUint16(head, uint16(n))
	default:
		head = append(head, 127)
		head = binary.BigEndian.AppendUint64(head, uint64(n))
	}
	return append(head, payload...)
}

func closeFrame(code int, reason string) frame {
	payload := binary.BigEndian.AppendUint16(nil, uint16(code))
	return encode(opClose, append(payload, reason[:min(len(reason), maxControl-2)]...))
}

// violation is why a client is cut: a close code and a short reason for its developer.
type violation struct {
	code   int
	reason string
}

func (v *violation) Error() string { return v.reason }

// packet is one control frame or one complete message.
type packet struct {
	op      byte
	payload []byte
}

// frameReader reads what a client sends. After an error it must not be used again.
type frameReader struct {
	in                      *bufio.Reader
	maxMessage, maxFragment int

	message   []byte // the message being put together
	fragments int    // of it so far; 0 = none is open
}

// next reads the next control frame or complete text message. Errors are a *violation or those of the connection.
func (r *frameReader) next() (packet, error) {
	for {
		op, fin, length, err := r.header()
		if err != nil {
			return packet{}, err
		}
		if op >= opClose {
			return r.control(op, length)
		}
		if err := r.fragment(length); err != nil {
			return packet{}, err
		}
		if !fin {
			continue
		}
		p := packet{op: opText, payload: r.message}
		r.message, r.fragments = nil, 0
		if !utf8.Valid(p.payload) {
			return packet{}, &violation{CloseText, "text is not UTF-8"}
		}
		return p, nil
	}
}

// header reads and checks a frame's header up to the mask key.
func (r *frameReader) header() (op byte, fin bool, length uint64, err error) {
	var b [8]byte
	if _, err := io.ReadFull(r.in, b[:2]); err != nil {
		return 0, false, 0, err
	}
	op, fin = b[0]&opBits, b[0]&finBit != 0
	length = uint64(b[1] & lengthBits)
	switch {
	case b[0]&rsvBits != 0:
		return 0, false, 0, &violation{CloseProtocol, "reserved bits are set"}
	case b[1]&maskBit == 0:
		return 0, false, 0, &violation{CloseProtocol, "frame is not masked"}
	}
	if err := r.expect(op, fin, length); err != nil {
		return 0, false, 0, err
	}
	switch length {
	case 126:
		_, err = io.ReadFull(r.in, b[:2])
		length = uint64(binary.BigEndian.Uint16(b[:2]))
	case 127:
		_, err = io.ReadFull(r.in, b[:8])
		length = binary.BigEndian.Uint64(b[:8])
	}
	return op, fin, length, err
}

// expect checks that a frame of this kind may come now.
func (r *frameReader) expect(op byte, fin bool, length uint64) error {
	switch op {
	case opClose, opPing, opPong:
		if !fin || length > maxControl {
			return &violation{CloseProtocol, "control frame is fragmented or too long"}
		}
	case opText:
		if r.fragments > 0 {
			return &violation{CloseProtocol, "message inside a message"}
		}
	case opContinuation:
		if r.fragments == 0 {
			return &violation{CloseProtocol, "continuation of nothing"}
		}
	case opBinary:
		return &violation{CloseBinary, "messages are text"}
	default:
		return &violation{CloseProtocol, "unknown kind of frame"}
	}
	return nil
}

// fragment reads a piece of a message, refusing one that is too long before it reads it.
func (r *frameReader) fragment(length uint64) error {
	r.fragments++
	if r.fragments > r.maxFragment {
		return &violation{ClosePolicy, "too many fragments"}
	}
	if length > uint64(r.maxMessage-len(r.message)) {
		return &violation{CloseTooBig, "message is too big"}
	}
	from := len(r.message)
	r.message = append(r.message, make([]byte, length)...)
	return r.unmask(r.message[from:])
}

func (r *frameReader) control(op byte, length uint64) (packet, error) {
	payload := make([]byte, length)
	if err := r.unmask(payload); err != nil {
		return packet{}, err
	}
	if op == opClose {
		if err := checkClose(payload); err != nil {
			return packet{}, err
		}
	}
	return packet{op: op, payload: payload}, nil
}

// unmask reads the mask key and then the payload it hides.
func (r *frameReader) unmask(payload []byte) error {
	var key [4]byte
	if _, err := io.ReadFull(r.in, key[:]); err != nil {
		return err
	}
	if _, err := io.ReadFull(r.in, payload); err != nil {
		return err
	}
	for i := range payload {
		payload[i] ^= key[i&3]
	}
	return nil
}

// checkClose checks the payload of a client's close: nothing, or a code that may be sent and a reason in UTF-8.
func checkClose(payload []byte) error {
	if len(payload) == 0 {
		return nil
	}
	if len(payload) == 1 {
		return &violation{CloseProtocol, "half a close code"}
	}
	code := binary.BigEndian.Uint16(payload)
	switch {
	case code >= 1000 && code <= 1003, code >= 1007 && code <= 1014, code >= 3000 && code <= 4999:
	default:
		return &violation{CloseProtocol, "close code that may not be sent"}
	}
	if !utf8.Valid(payload[2:]) {
		return &violation{CloseText, "close reason is not UTF-8"}
	}
	return nil
}
