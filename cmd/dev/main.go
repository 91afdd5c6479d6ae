// Command dev is the workbench: it installs the front-end packages, bundles scripts and styles, starts the server,
// and runs every check. The Makefile's targets are its subcommands.
//
//	go run ./cmd/dev bundle | run | watch | test | bench | soak | fmt | clean | help
//
// It needs Go and Node. `test`, `bench` and `soak` also need a C compiler, Chromium, Redis and PostgreSQL; on Debian
// as root they install what is missing, elsewhere they name it and fail.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// workbench is the checkout the commands work on.
type workbench struct {
	root string // the folder of go.mod
	out  io.Writer
}

const usage = `usage: go run ./cmd/dev COMMAND

  bundle   install the front-end packages and build static/dist
  run      bundle, build and serve the demo on http://localhost:8080 (YOUSAID_LISTEN, YOUSAID_DATA)
  watch    like run; builds again and restarts when a source changes
  test     every check; -only NAME,… runs some of them, -keep-going does not stop at a failure
  bench    the benchmarks; -only REGEXP picks some
  soak     the fault tests, against a PostgreSQL that syncs
  fmt      format Go, TypeScript, CSS and JSON
  clean    remove what was installed and built, but no data
  help     this text
`

// errReported ends the command as failed without another word: what failed has been printed.
var errReported = errors.New("failed, as printed above")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(ctx)
	go cancelWithParent(ctx, cancel)
	err := dispatch(ctx, os.Args[1:], os.Stdout)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted:
		fmt.Fprintln(os.Stderr, "dev: interrupted")
		os.Exit(130)
	case errors.Is(err, errReported):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string, out io.Writer) error {
	commands := map[string]func(*workbench, context.Context, []string) error{
		"bundle": (*workbench).bundleCommand,
		"run":    (*workbench).runCommand,
		"watch":  (*workbench).watchCommand,
		"test":   (*workbench).testCommand,
		"bench":  (*workbench).benchCommand,
		"soak":   (*workbench).soakCommand,
		"fmt":    (*workbench).fmtCommand,
		"clean":  (*workbench).cleanCommand,
		"help": func(w *workbench, _ context.Context, _ []string) error {
			_, err := io.WriteString(w.out, usage)
			return err
		},
	}
	if len(args) == 0 || commands[args[0]] == nil {
		return fmt.Errorf("which command?\n%s", usage)
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	return commands[args[0]](&workbench{root: root, out: out}, ctx, args[1:])
}

// moduleRoot is the nearest folder upwards that holds go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("run this inside the project: no go.mod here or above")
		}
		dir = filepath.Dir(dir)
	}
}

// cancelWithParent ends the work when the process that started us has gone: `go run` passes an interrupt on, but dies
// of a SIGTERM without a word to its child, which would then test on for nobody.
func cancelWithParent(ctx context.Context, cancel context.CancelFunc) {
	parent := os.Getppid()
	for range time.Tick(time.Second) {
		if ctx.Err() != nil {
			return
		}
		if os.Getppid() != parent {
			cancel()
			return
		}
	}
}
