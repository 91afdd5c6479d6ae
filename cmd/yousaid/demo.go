package main

import (
	"context"
	"fmt"
	"io"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/demo"
)

// serveDemo fills an empty store with the demo, prints how to sign in, and serves it. A store that holds the demo already is served
// as it is; any other is left alone.
func serveDemo(ctx context.Context, cfg server.Config, _ []string, out io.Writer) error {
	if cfg.Authority == "" {
		cfg.Authority = "Demonstration Council"
	}
	app, err := server.New(ctx, cfg, server.Options{})
	if err != nil {
		return err
	}
	defer app.Close()
	if err := loadDemo(ctx, app, out); err != nil {
		return err
	}
	app.Web().Site.Demo = true
	for _, who := range []struct {
		label string
		role  consult.Role
	}{{"officer", consult.RoleOfficer}, {"analyst", consult.RoleAnalyst}, {"admin", consult.RoleAdmin}} {
		officer, err := firstWith(ctx, app, who.role)
		if err != nil {
			return err
		}
		if err := printLink(ctx, app, cfg, who.label, officer.Email, out); err != nil {
			return err
		}
	}
	return listenAndRun(ctx, app, cfg, out)
}

func loadDemo(ctx context.Context, app *server.App, out io.Writer) error {
	loaded, err := demo.Loaded(ctx, app.Store())
	if err != nil || loaded {
		return err
	}
	result, err := demo.Load(ctx, app.Store(), app.Service.Calendar(), app.Service.Now())
	if err != nil {
		return fmt.Errorf("%w (choose another folder with YOUSAID_DATA, or remove the old one)", err)
	}
	fmt.Fprintf(out, "demo: %d invented applications, %d comments, %d conversations\n", result.Consultations, result.Comments, result.Threads)
	return nil
}

// firstWith is the first officer who holds the role and can sign in.
func firstWith(ctx context.Context, app *server.App, role consult.Role) (consult.Officer, error) {
	all, err := app.Store().Officers(ctx)
	if err != nil {
		return consult.Officer{}, err
	}
	for _, o := range all {
		for _, r := range o.Roles {
			if r == role && !o.Disabled {
				return o, nil
			}
		}
	}
	return consult.Officer{}, fmt.Errorf("nobody in this store has the role %s", role)
}
