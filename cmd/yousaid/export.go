package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/reach"
	"github.com/yousaid/yousaid/static/lang"
)

// exportPackage writes what analysts download from the site: published comments and protected figures, with a codebook.
func exportPackage(ctx context.Context, cfg server.Config, args []string, out io.Writer) (err error) {
	if len(args) != 1 {
		return errors.New("export needs the file to write: yousaid export FILE.zip")
	}
	app, err := server.New(ctx, cfg, server.Options{})
	if err != nil {
		return err
	}
	defer app.Close()
	source, err := app.Service.ReachSource(consult.System())
	if err != nil {
		return err
	}
	now := app.Service.Now()
	report, err := reach.Measure(ctx, source, consult.ReachFilter{}, now, app.Service.Calendar())
	if err != nil {
		return err
	}
	file, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	comments := func(each func(consult.ExportedComment) error) error {
		return app.Service.EachExportedComment(ctx, consult.System(), consult.ReachFilter{}, now, each)
	}
	if err := app.Service.NoteExport(ctx, consult.System(), "package.zip", consult.ReachFilter{}); err != nil {
		return err
	}
	words := lang.MustLoad(app.Service.Calendar().Location()).Default().T
	content := export.Content{Authority: cfg.Authority, Comments: comments, Report: report, Words: words}
	if err := export.Package(file, content); err != nil {
		return err
	}
	fmt.Fprintf(out, "written: %s\n", args[0])
	return nil
}
