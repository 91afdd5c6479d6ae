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

// command is one of the program's subcommands.
type command struct {
	name, help string
	run        func(ctx context.Context, cfg server.Config, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"serve", "serve the site", serve},
		{"demo", "fill an empty store with the demo and serve it; prints one-time sign-in links", serveDemo},
		{"migrate", "bring the store's tables up to date and stop", migrate},
		{"import", "FILE…: take applications, wards, populations and postcodes; prints a report", importFiles},
		{"export", "FILE: write the published comments as a package with codebook", exportPackage},
		{"officer", "--role ROLE --email ADDRESS --name NAME: add somebody who can sign in; prints a one-time link", addOfficer},
		{"token", "--role ROLE [--label TEXT]: make an API token and print it once", makeToken},
		{"audit", "verify: check the log's chain of hashes", audit},
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
		cfg, rest, err := server.ParseConfig(c.name, args[1:], env, out)
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		if err != nil {
			return err
		}
		return c.run(ctx, cfg, rest, out)
	}
	return fmt.Errorf("there is no command %q; yousaid help lists them", args[0])
}

func usage(out io.Writer) {
	fmt.Fprint(out, "YouSaid: we asked, you said, we did.\n\nUsage: yousaid COMMAND [settings] [arguments]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(out, "  %-8s %s\n", c.name, c.help)
	}
	fmt.Fprint(out, "\nyousaid COMMAND --help lists the settings.\n")
}
