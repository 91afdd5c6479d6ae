package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/testservices"
)

func (w *workbench) testCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	only := flags.String("only", "", "comma-separated `names` of the checks to run")
	keepGoing := flags.Bool("keep-going", false, "run the checks after a failed one, too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "yousaid-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	steps, err := pick(w.checks(scratch), *only)
	if err != nil {
		return err
	}
	if err := w.installPackages(ctx); err != nil {
		return err
	}
	work := func() error { return runSteps(ctx, w.out, steps, *keepGoing) }
	if !slices.ContainsFunc(steps, func(s step) bool { return s.services }) {
		return work()
	}
	return w.withServices(ctx, testservices.Fast, work)
}

// checks are all of them, the quick ones first.
func (w *workbench) checks(scratch string) []step {
	return []step{
		check("gofmt", w.gofmt),
		// The tag only adds files, so the fault tests are looked at with the rest.
		check("vet", func(ctx context.Context) error { return w.succeed(ctx, "go", "vet", "-tags", "soak", "./...") }),
		check("lint", w.lint),
		check("biome", func(ctx context.Context) error { return w.succeed(ctx, w.nodeProgram("biome"), "check") }),
		check("tsc", func(ctx context.Context) error { return w.succeed(ctx, w.nodeProgram("tsc"), "--project", ".") }),
		check("bundle", func(ctx context.Context) error { return w.bundleCommand(ctx, nil) }),
		{"go", true, w.goTests},
		{"journeys", true, func(ctx context.Context) (tally, error) { return w.journeys(ctx, scratch) }},
	}
}

// withServices makes sure of the tools, starts Redis and PostgreSQL, tells the tests through the environment, and
// stops both when work is done.
func (w *workbench) withServices(ctx context.Context, d testservices.Durability, work func() error) (err error) {
	if err := w.ensureTools(ctx); err != nil {
		return err
	}
	fmt.Fprintln(w.out, "starting PostgreSQL and Redis on free ports")
	pg, err := testservices.StartPostgreSQL(ctx, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pg.Close()) }()
	redis, err := testservices.StartRedis(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, redis.Close()) }()
	chromium, err := findChromium()
	if err != nil {
		return err
	}
	redisServer, err := testservices.RedisBin()
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"YOUSAID_TEST_DATABASE_URL": pg.URL,
		"YOUSAID_TEST_REDIS_URL":    redis.URL,
		"YOUSAID_TEST_CHROMIUM":     chromium,
		"YOUSAID_TEST_REDIS_SERVER": redisServer,
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return work()
}

func (w *workbench) lint(ctx context.Context) error {
	program, err := w.ensureLinter(ctx)
	if err != nil {
		return err
	}
	return w.succeed(ctx, program, "run", "./...")
}

// sequential are the packages in which nothing runs beside anything else: the race detector would find nothing there, and takes ten times
// as long.
var sequential = []string{"/server/demo", "/server/ingest", "/server/redact", "/server/similar"}

// goTests runs every Go test: with the race detector where there is anything to race.
func (w *workbench) goTests(ctx context.Context) (tally, error) {
	all, err := w.answer(ctx, "go", "list", "./...")
	if err != nil {
		return tally{}, err
	}
	racing, plain := []string{"-race", "-timeout", "30m", "-p", "2"}, []string{"-timeout", "30m", "-p", "2"}
	for _, pkg := range strings.Fields(all) {
		if slices.ContainsFunc(sequential, func(s string) bool { return strings.HasSuffix(pkg, s) }) {
			plain = append(plain, pkg)
		} else {
			racing = append(racing, pkg)
		}
	}
	total, failed := w.goTest(ctx, plain...)
	further, err := w.goTest(ctx, racing...)
	total.add(further)
	return total, errors.Join(failed, err)
}

// goTest runs `go test -json` and counts.
func (w *workbench) goTest(ctx context.Context, args ...string) (tally, error) {
	args = append([]string{"test", "-json"}, args...)
	c := w.command(ctx, "go", args...)
	read, write := io.Pipe()
	c.Stdout = write
	report := newGoReport(w.out)
	done := make(chan error, 1)
	go func() { done <- report.read(read) }()
	err := c.Run()
	write.Close()
	if readErr := <-done; readErr != nil {
		return report.tally, readErr
	}
	if err == nil && report.tally == (tally{}) {
		err = errors.New("no test ran")
	}
	return report.tally, named(err, "go", args)
}

// journeys builds the server and lets a browser walk through it. Node writes its report twice: for people as it goes,
// and as TAP for us to count.
func (w *workbench) journeys(ctx context.Context, scratch string) (tally, error) {
	binary := filepath.Join(scratch, "yousaid")
	if err := w.succeed(ctx, "go", "build", "-o", binary, "./cmd/yousaid"); err != nil {
		return tally{}, err
	}
	timed := filepath.Join(scratch, "timed")
	if err := w.succeed(ctx, "go", "build", "-o", timed, "./server/e2e/timed"); err != nil {
		return tally{}, err
	}
	files, err := filepath.Glob(filepath.Join(w.root, "server", "e2e", "*.test.mjs"))
	if err != nil {
		return tally{}, err
	}
	if len(files) == 0 {
		return tally{}, errors.New("there is no journey in server/e2e")
	}
	tap := filepath.Join(scratch, "journeys.tap")
	args := append([]string{"--test", "--test-timeout=900000", "--test-reporter=spec", "--test-reporter-destination=stdout",
		"--test-reporter=tap", "--test-reporter-destination=" + tap}, files...)
	c := w.command(ctx, "node", args...)
	c.Env = append(c.Env, "YOUSAID_TEST_BINARY="+binary, "YOUSAID_TEST_TIMED="+timed)
	runErr := c.Run()
	report, err := os.ReadFile(tap)
	if err != nil {
		return tally{}, errors.Join(runErr, err)
	}
	counted, err := readNodeTally(string(report))
	if err == nil {
		err = runErr
	}
	if err != nil {
		return counted, fmt.Errorf("node --test: %w", err)
	}
	return counted, nil
}
