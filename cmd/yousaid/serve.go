package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/static"
)

// serve runs a node until it is told to stop. A store nobody can sign in to yet gets a one-time set-up link; there is no default
// account.
func serve(ctx context.Context, cfg server.Config, _ []string, out io.Writer) error {
	app, err := server.New(ctx, cfg, server.Options{})
	if err != nil {
		return err
	}
	defer app.Close()
	token, err := app.Identity().SetUpLink(ctx)
	if err != nil {
		return err
	}
	if token != "" {
		fmt.Fprintf(out, "set-up: %s/set-up/%s\n", cfg.BaseURL, token)
	}
	return listenAndRun(ctx, app, cfg, out)
}

// listenAndRun opens the addresses, says where the site is, and serves.
func listenAndRun(ctx context.Context, app *server.App, cfg server.Config, out io.Writer) error {
	if !static.Built() {
		fmt.Fprintln(out, "warning: the front end is not built; pages work without it (go run ./cmd/dev bundle)")
	}
	listener, err := app.Listen()
	if err != nil {
		return err
	}
	if cfg.MetricsListen != "" {
		metrics, err := net.Listen("tcp", cfg.MetricsListen)
		if err != nil {
			return errors.Join(fmt.Errorf("cannot listen for metrics: %w", err), listener.Close())
		}
		go func() { _ = app.ServeMetrics(ctx, metrics) }()
	}
	fmt.Fprintf(out, "serving: %s\n", cfg.BaseURL)
	return app.Run(ctx, listener)
}

// migrate brings the tables up to date, for operators who do that before they start new nodes.
func migrate(ctx context.Context, cfg server.Config, _ []string, out io.Writer) error {
	kept, err := store.Open(ctx, store.Config{DatabaseURL: cfg.DatabaseURL, Folder: cfg.Data})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "the tables are up to date")
	return kept.Close()
}
