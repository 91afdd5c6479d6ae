package bus_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// proxy is a way to Redis that can be cut.
type proxy struct {
	address string // the URL to use instead

	mu     sync.Mutex
	broken bool
	conns  map[net.Conn]struct{}
}

func newProxy(t *testing.T, address string) *proxy {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := u.Host
	u.Host = listener.Addr().String()
	p := &proxy{address: u.String(), conns: map[net.Conn]struct{}{}}
	t.Cleanup(func() {
		listener.Close()
		p.cut()
	})
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go p.join(near, target)
		}
	}()
	return p
}

func (p *proxy) join(near net.Conn, target string) {
	far, err := net.Dial("tcp", target)
	if err != nil || !p.keep(near, far) {
		near.Close()
		return
	}
	go func() {
		_, _ = io.Copy(far, near) // ends when either side does
		far.Close()
	}()
	_, _ = io.Copy(near, far)
	near.Close()
}

func (p *proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		if p.broken {
			c.Close()
			continue
		}
		p.conns[c] = struct{}{}
	}
	return !p.broken
}

func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = true
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
}

func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = false
}
