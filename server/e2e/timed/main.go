// Command timed is the whole site with the demo and a clock that its standard input moves: a line "forward 22" is 22 days, a line
// "until 2027-03-25 17:30" is that moment in the authority's zone. So a
// browser can walk through a case whose periods take months. What a day brings with it comes about: rounds that are over close.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/demo"
)

// clock is real time and the days it was moved by.
type clock struct {
	mu    sync.Mutex
	moved time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.moved)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved += d
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "timed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	cfg, _, err := server.ParseConfig(flag.NewFlagSet("timed", flag.ContinueOnError), nil, os.Getenv, out)
	if err != nil {
		return err
	}
	var now clock
	limits := server.DefaultLimits()
	limits.Beat = aLongTime // the clock is moved here, and so is what hangs on it
	app, err := server.New(ctx, cfg, server.Options{Clock: now.now, Limits: &limits})
	if err != nil {
		return err
	}
	defer app.Close()
	if _, err := demo.Load(ctx, app.Store(), app.Service.Calendar(), now.now()); err != nil {
		return err
	}
	app.Web().Site.Demo = true
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "serving: "+cfg.BaseURL)
	done := make(chan error, 2)
	go func() { done <- app.Run(ctx, listener) }()
	go func() { done <- obey(ctx, in, out, app, &now) }()
	return <-done
}

const (
	aLongTime = 365 * 24 * time.Hour
	step      = 12 * time.Hour
)

// obey moves the clock in steps, at each of which the site says that it lives, so that the days are no outage.
func obey(ctx context.Context, in io.Reader, out io.Writer, app *server.App, now *clock) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		wait, err := order(lines.Text(), now.now(), app.Service.Calendar().Location())
		if err != nil {
			return err
		}
		closed := 0
		for ; wait > 0; wait -= step {
			now.forward(min(step, wait))
			n, err := app.Service.Beat(ctx, 2*step)
			if err != nil {
				return err
			}
			closed += n
		}
		fmt.Fprintf(out, "today: %s, closed %d\n", app.Service.Calendar().Day(now.now()), closed)
	}
	<-ctx.Done()
	return lines.Err()
}

// order reads by how much a line moves the clock.
func order(line string, now time.Time, zone *time.Location) (time.Duration, error) {
	wrong := errors.New("a line must be: forward DAYS, or: until YYYY-MM-DD HH:MM, later than now and within 400 days")
	if number, ok := strings.CutPrefix(line, "forward "); ok {
		days, err := strconv.Atoi(number)
		if err != nil || days < 1 || days > 366 {
			return 0, wrong
		}
		return time.Duration(days) * 2 * step, nil
	}
	moment, ok := strings.CutPrefix(line, "until ")
	to, err := time.ParseInLocation("2006-01-02 15:04", moment, zone)
	if wait := to.Sub(now); ok && err == nil && wait > 0 && wait < 400*24*time.Hour {
		return wait, nil
	}
	return 0, wrong
}
