package testservices

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startWithin bounds how long a service may take to answer. It is generous because the machine may be
// compiling beside it; a service that dies is noticed at once.
const startWithin = 60 * time.Second

// startAttempts is how often a free port is looked for: another process may take it between the look and the start.
const startAttempts = 3

// watchdog runs the service (its arguments) and ends it when file 3, a pipe held open by the starting process,
// closes: a service never outlives its owner, not even one that was killed. Then its folder ($0) goes too, unless the
// word "keep" came through the pipe. $STOP is the signal that asks for a quick, clean end; a frozen service needs
// CONT to hear it.
const watchdog = `
"$@" 3<&- &
server=$!
echo "$server" >"$0/pid"
(
	read -r word <&3
	[ "$word" = keep ] || : >"$0/remove"
	kill -s "$STOP" "$server"
	kill -s CONT "$server"
) 2>/dev/null &
watcher=$!
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
[ ! -e "$0/remove" ] || rm -rf "$0"
exit "$code"
`

// Server is a PostgreSQL or Redis of our own: a temporary folder, a free port on the loopback and a random password.
// Its methods are for one goroutine at a time.
type Server struct {
	// URL is where clients reach it; it stays the same across Stop and Start.
	URL string
	// Dir is the temporary folder of its files, its log (server.log) and, for PostgreSQL, its socket.
	Dir string

	name    string
	argv    []string
	stop    string         // signal name for a quick, clean end
	crash   syscall.Signal // ends it without tidying up
	account *syscall.Credential
	ready   func(context.Context) error

	run   *exec.Cmd
	hold  io.WriteCloser // the pipe whose end ends the service
	ended chan struct{}
}

// Start starts a stopped server on the address it had before and waits until it answers.
func (s *Server) Start(ctx context.Context) error {
	if s.run != nil {
		return nil
	}
	if err := s.launch(); err != nil {
		return fmt.Errorf("start %s: %w", s.name, err)
	}
	if err := s.await(ctx); err != nil {
		log := s.logTail()
		s.halt("keep\n")
		return fmt.Errorf("start %s: %w\n%s", s.name, err, log)
	}
	return nil
}

// Stop ends the server cleanly, keeping its files and its address for Start.
func (s *Server) Stop() {
	s.halt("keep\n")
}

// Kill ends the server without giving it time to tidy up, keeping files and address for Start: PostgreSQL by an
// immediate shutdown, after which it recovers from its log, Redis by SIGKILL.
func (s *Server) Kill() error {
	if err := s.signal(s.crash); err != nil {
		return err
	}
	<-s.ended
	s.halt("keep\n")
	return nil
}

// Pause freezes the server's process: connections stay open and nothing answers. Resume wakes it.
func (s *Server) Pause() error { return s.signal(syscall.SIGSTOP) }

// Resume wakes a paused server.
func (s *Server) Resume() error { return s.signal(syscall.SIGCONT) }

// Close ends the server and removes its folder.
func (s *Server) Close() error {
	s.halt("")
	return os.RemoveAll(s.Dir)
}

func (s *Server) launch() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	log, err := os.OpenFile(filepath.Join(s.Dir, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		write.Close()
		return err
	}
	defer log.Close()

	s.run = exec.Command("/bin/sh", append([]string{"-c", watchdog, s.Dir}, s.argv...)...)
	s.run.Dir = s.Dir
	s.run.Env = append(os.Environ(), "STOP="+s.stop)
	s.run.ExtraFiles = []*os.File{read}
	s.run.Stdout, s.run.Stderr = log, log
	// A group of its own: Ctrl-C on the terminal reaches the owner, who then ends the service in order.
	s.run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.account}
	if err := s.run.Start(); err != nil {
		s.run = nil
		write.Close()
		return err
	}
	s.hold = write
	s.ended = make(chan struct{})
	go func(run *exec.Cmd, ended chan<- struct{}) {
		_ = run.Wait()
		close(ended)
	}(s.run, s.ended)
	return nil
}

// await polls until the service answers, dies or runs out of time.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for {
		err := s.ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// halt ends the running service, if any, and waits for it. The word is left in the pipe for the watchdog.
func (s *Server) halt(word string) {
	if s.run == nil {
		return
	}
	// A dead service closed its end; the write's error says nothing more than the wait below.
	_, _ = io.WriteString(s.hold, word)
	_ = s.hold.Close()
	<-s.ended
	s.run = nil
}

// signal sends a signal to the service itself, not to its watchdog.
func (s *Server) signal(sig syscall.Signal) error {
	if s.run == nil {
		return fmt.Errorf("%s is not running", s.name)
	}
	text, err := os.ReadFile(filepath.Join(s.Dir, "pid"))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	return syscall.Kill(pid, sig)
}

// logTail is the end of the service's log, to be shown when it did not start.
func (s *Server) logTail() string {
	text, err := os.ReadFile(filepath.Join(s.Dir, "server.log"))
	if err != nil {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-10):], []byte("\n")))
}

// startOnFreePort builds and starts a server, trying another port when one was taken in between.
func startOnFreePort(ctx context.Context, build func(port int) (*Server, error)) (*Server, error) {
	var last error
	for range startAttempts {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		s, err := build(port)
		if err != nil {
			return nil, err
		}
		if last = s.Start(ctx); last == nil {
			return s, nil
		}
		_ = s.Close()
		if ctx.Err() != nil {
			break
		}
	}
	return nil, last
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
