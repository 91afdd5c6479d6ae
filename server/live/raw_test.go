package live_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// rawClient writes bytes that no WebSocket library would.
type rawClient struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

// raw shakes hands by hand. receive, unless 0, is the size of the socket's receive buffer in bytes.
func (s *site) raw(t testing.TB, receive int, more ...string) *rawClient {
	t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if receive > 0 {
		if err := conn.(*net.TCPConn).SetReadBuffer(receive); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "GET /live HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", s.address, origin)
	for _, line := range more {
		fmt.Fprintf(conn, "%s\r\n", line)
	}
	fmt.Fprint(conn, "\r\n")
	c := &rawClient{t: t, conn: conn, in: bufio.NewReader(conn)}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("the handshake got %s", response.Status)
	}
	if extensions := response.Header.Get("Sec-WebSocket-Extensions"); extensions != "" {
		t.Errorf("extensions were agreed: %s", extensions)
	}
	return c
}

// write sends bytes. The server may have hung up already: that shows in what is read.
func (c *rawClient) write(bytes ...[]byte) {
	for _, b := range bytes {
		if _, err := c.conn.Write(b); err != nil {
			return
		}
	}
}

// rawFrame builds a masked client frame; first is its first byte.
func rawFrame(first byte, payload []byte) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n <= 125:
		b = append(b, 0x80|byte(n))
	case n <= 0xFFFF:
		b = append(b, 0x80|126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, 0x80|127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	key := [4]byte{0x12, 0x34, 0x56, 0x78}
	b = append(b, key[:]...)
	for i, v := range payload {
		b = append(b, v^key[i&3])
	}
	return b
}

func rawText(text string) []byte { return rawFrame(0x81, []byte(text)) }

// declare is the start of a text frame that says to be so long.
func declare(length uint64) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{0x81, 0x80 | 127}, length), 0, 0, 0, 0)
}

// read reads a frame of the server.
func (c *rawClient) read() (op byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return 0, nil, err
	}
	length := uint64(head[1])
	var wide [8]byte
	switch length {
	case 126:
		_, err = io.ReadFull(c.in, wide[6:])
		length = binary.BigEndian.Uint64(wide[:])
	case 127:
		_, err = io.ReadFull(c.in, wide[:])
		length = binary.BigEndian.Uint64(wide[:])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, length)
	_, err = io.ReadFull(c.in, payload)
	return head[0] & 0xF, payload, err
}

// readClose reads until the close and returns its code; -1 when there is none. Texts that came before it are given
// to seen.
func (c *rawClient) readClose(seen ...func(text string)) int {
	for {
		op, payload, err := c.read()
		if err != nil {
			return -1
		}
		switch op {
		case 0x1:
			for _, s := range seen {
				s(string(payload))
			}
		case 0x8:
			if len(payload) < 2 {
				return 1005
			}
			return int(binary.BigEndian.Uint16(payload))
		}
	}
}
