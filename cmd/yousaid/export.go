package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/reach"
	"github.com/yousaid/yousaid/static/lang"
)

// exportFile writes a file in one of the vocabularies this program speaks. An existing file is never written over.
func exportFile(set *flag.FlagSet) runner {
	format := set.String("format", "package", "package (published comments and figures, zip), odp (Open Digital Planning, JSON) or pads (MHCLG's tables, zip)")
	bops := set.String("bops", "", "write the comments on the application with this reference as BOPS takes them, with names and addresses")
	return func(ctx context.Context, cfg server.Config, args []string, out io.Writer) error {
		if len(args) != 1 {
			return errors.New("export needs the file to write: yousaid export FILE, with --format odp, --format pads or --bops REFERENCE before it for other vocabularies")
		}
		app, err := server.New(ctx, cfg, server.Options{})
		if err != nil {
			return err
		}
		defer app.Close()
		write, err := exporter(ctx, app, cfg, *format, *bops)
		if err != nil {
			return err
		}
		if err := writeNew(args[0], write); err != nil {
			return err
		}
		fmt.Fprintf(out, "written: %s\n", args[0])
		return nil
	}
}

// exporter makes the function that writes a file.
func exporter(ctx context.Context, app *server.App, cfg server.Config, format, bops string) (func(io.Writer) error, error) {
	words := lang.MustLoad(app.Service.Calendar().Location()).Default().T
	planning := consult.Filter{Kinds: []consult.ConsultationKind{consult.PlanningApplication}}
	cases := func(each func(consult.ExchangeCase) error) error {
		return app.Service.EachExchange(ctx, planning, each)
	}
	switch {
	case bops != "":
		return bopsExporter(ctx, app, bops, words)
	case format == "package":
		return packageExporter(ctx, app, cfg, words)
	case format == "odp":
		odp := export.ODP{Site: cfg.BaseURL, Calendar: app.Service.Calendar(), Words: words}
		return func(w io.Writer) error {
			return odp.WriteAll(w, cases, func(id consult.ID, each func(consult.Comment) error) error {
				return app.Service.EachExchangeComment(ctx, id, each)
			})
		}, nil
	case format == "pads":
		tables := export.PADS{Site: cfg.BaseURL, Calendar: app.Service.Calendar(), Cases: cases, Words: words}
		return func(w io.Writer) error { return tables.Write(w, export.PADSPackage) }, nil
	}
	return nil, fmt.Errorf("there is no format %q; package, odp and pads there are", format)
}

func bopsExporter(ctx context.Context, app *server.App, reference string, words export.Words) (func(io.Writer) error, error) {
	c, err := app.Service.ExchangeByReference(ctx, reference)
	if err != nil {
		return nil, fmt.Errorf("no application with the reference %q, or several: %w", reference, err)
	}
	k := c.Consultation
	return func(w io.Writer) error {
		return export.BOPSComments(w, func(each func(consult.CommentFile) error) error {
			return app.Service.EachCommentFile(ctx, consult.System(), k.ID, "bops-comments.json", each)
		}, k.Application, words)
	}, nil
}

// packageExporter writes what analysts download from the site: published comments and protected figures, with a codebook.
func packageExporter(ctx context.Context, app *server.App, cfg server.Config, words export.Words) (func(io.Writer) error, error) {
	source, err := app.Service.ReachSource(consult.System())
	if err != nil {
		return nil, err
	}
	now := app.Service.Now()
	report, err := reach.Measure(ctx, source, consult.ReachFilter{}, now, app.Service.Calendar())
	if err != nil {
		return nil, err
	}
	comments := func(each func(consult.ExportedComment) error) error {
		return app.Service.EachExportedComment(ctx, consult.System(), consult.ReachFilter{}, now, each)
	}
	if err := app.Service.NoteExport(ctx, consult.System(), "package.zip", consult.ReachFilter{}); err != nil {
		return nil, err
	}
	content := export.Content{Authority: cfg.Authority, Comments: comments, Report: report, Words: words}
	return func(w io.Writer) error { return export.Package(w, content) }, nil
}

// writeNew writes a file that only its owner reads. One that could not be written whole is taken away again.
func writeNew(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = errors.Join(write(file), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
