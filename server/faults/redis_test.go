package faults

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// cutSubscribers makes Redis drop every connection that listens, as it does with slow ones, and gives how many there were.
func (s *site) cutSubscribers() string {
	s.t.Helper()
	u, err := url.Parse(s.redis.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	conn, err := net.DialTimeout("tcp", u.Host, patience)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		s.t.Fatal(err)
	}
	password, _ := u.User.Password()
	in := bufio.NewReader(conn)
	fmt.Fprintf(conn, "AUTH %s\r\nCLIENT KILL TYPE pubsub\r\n", password)
	for range 2 {
		line, err := in.ReadString('\n')
		if err != nil || strings.HasPrefix(line, "-") {
			s.t.Fatalf("Redis answered %q, %v", line, err)
		}
		if n, ok := strings.CutPrefix(line, ":"); ok {
			return strings.TrimSpace(n)
		}
	}
	s.t.Fatal("Redis did not say how many it cut")
	return ""
}
