package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/ingest"
)

// importFiles takes files in and prints what could not be taken. The exit status tells whether anything was refused.
func importFiles(set *flag.FlagSet) runner {
	authority := set.String("of", "", "whose applications files are about that do not say it, e.g. local-authority:BIR")
	reference := set.String("reference", "", "which application comments are about in files that do not say it")
	return func(ctx context.Context, cfg server.Config, args []string, out io.Writer) error {
		if len(args) == 0 {
			return errors.New("import needs the files to take: yousaid import FILE…")
		}
		app, err := server.New(ctx, cfg, server.Options{})
		if err != nil {
			return err
		}
		defer app.Close()
		files := make([]ingest.File, 0, len(args))
		for _, name := range args {
			files = append(files, ingest.File{Name: name, Authority: *authority, Reference: *reference,
				Open: func() (io.ReadCloser, error) { return os.Open(name) }})
		}
		report, err := ingest.Files(ctx, app.Service, consult.System(), files)
		if err != nil {
			return err
		}
		if err := report.Print(out); err != nil {
			return err
		}
		if n := report.Errors(); n > 0 {
			return fmt.Errorf("%d rows or files were not taken; the report says why", n)
		}
		return nil
	}
}

// printedLinkLife is how long a sign-in link printed on the command line works.
const printedLinkLife = 24 * time.Hour

// addOfficer makes somebody who can sign in and prints their one-time link.
func addOfficer(set *flag.FlagSet) runner {
	role := set.String("role", "officer", "officer, moderator, analyst or admin")
	email := set.String("email", "", "where sign-in links go")
	name := set.String("name", "", "for colleagues; residents see service and title")
	service := set.String("service", "Planning", "the service answers are shown under")
	title := set.String("title", "Planning officer", "the role answers are shown under")
	return func(ctx context.Context, cfg server.Config, _ []string, out io.Writer) error {
		app, err := server.New(ctx, cfg, server.Options{})
		if err != nil {
			return err
		}
		defer app.Close()
		officer, err := app.Identity().Add(ctx, identity.Profile{Email: *email, Name: *name, Service: *service, Title: *title,
			Roles: []consult.Role{consult.Role(*role)}})
		if err != nil {
			return err
		}
		return printLink(ctx, app, cfg, *role, officer.Email, out)
	}
}

// printLink prints a one-time sign-in link where only the operator reads.
func printLink(ctx context.Context, app *server.App, cfg server.Config, label, email string, out io.Writer) error {
	link, err := app.Identity().PrintedLink(ctx, email, printedLinkLife)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s/sign-in/%s\n", label, cfg.BaseURL, link)
	return nil
}

// makeToken makes an API token. It is printed once and kept as a hash only.
func makeToken(set *flag.FlagSet) runner {
	role := set.String("role", "", "officer, moderator, analyst, admin, or load where it is allowed")
	label := set.String("label", "made on the command line", "what the token is for")
	return func(ctx context.Context, cfg server.Config, _ []string, out io.Writer) error {
		app, err := server.New(ctx, cfg, server.Options{})
		if err != nil {
			return err
		}
		defer app.Close()
		secret, _, err := app.Identity().IssueToken(ctx, consult.System(), consult.Role(*role), *label, 0)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, secret)
		return nil
	}
}
