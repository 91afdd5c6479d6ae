// Command yousaid is the whole program: the site, its imports and exports, and what an operator needs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the authority's zone, also on machines without a zone database

	"github.com/yousaid/yousaid/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "yousaid: "+err.Error())
		os.Exit(1)
	}
}

// command is one of the program's subcommands. It declares its own flags and returns what runs once they are read.
type command struct {
	name, help string
	prepare    func(*flag.FlagSet) runner
}

type runner func(ctx context.Context, cfg server.Config, args []string, out io.Writer) error

// plain is a command without flags of its own.
func plain(run runner) func(*flag.FlagSet) runner {
	return func(*flag.FlagSet) runner { return run }
}

func commands() []command {
	return []command{
		{"serve", "serve the site", plain(serve)},
		{"demo", "fill an empty store with the demo and serve it; prints one-time sign-in links", plain(serveDemo)},
		{"migrate", "bring the store's tables up to date and stop", plain(migrate)},
		{"import", "FILE…: take applications, comments, wards, populations, addresses and postcodes; prints a report", importFiles},
		{"export", "FILE: write published comments and protected figures, or applications in another vocabulary (--format), or a case for BOPS (--bops)", exportFile},
		{"deadlines", "compute the last day for comments after a notice: --event KIND --date YYYY-MM-DD", deadlines},
		{"group", "[FILE]: group points that share vocabulary, JSON lines in and out; each group is explained by the phrases it shares", group},
		{"officer", "add somebody who can sign in; prints a one-time link", addOfficer},
		{"token", "make an API token and print it once", makeToken},
		{"retention", "say what personal data is over its time; --apply forgets it", retention},
		{"audit", "verify: check the log's chain and signatures; export FILE; key: print the public key", plain(audit)},
	}
}

// run is the program as a value that tests can start.
func run(ctx context.Context, args []string, env func(string) string, out io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(out)
		return nil
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		set := flag.NewFlagSet(c.name, flag.ContinueOnError)
		start := c.prepare(set)
		cfg, rest, err := server.ParseConfig(set, args[1:], env, out)
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		if err != nil {
			return err
		}
		return start(ctx, cfg, rest, out)
	}
	return fmt.Errorf("there is no command %q; yousaid help lists them", args[0])
}

func usage(out io.Writer) {
	fmt.Fprint(out, "YouSaid: we asked, you said, we did.\n\nUsage: yousaid COMMAND [settings] [arguments]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(out, "  %-9s %s\n", c.name, c.help)
	}
	fmt.Fprint(out, "\nyousaid COMMAND --help lists the settings.\n")
}
