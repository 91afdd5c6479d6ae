package web

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/reach"
)

// reachFiles are the files an analyst can take, with their types.
var reachFiles = map[string]string{
	"package.zip":      "application/zip",
	"comments.csv":     "text/csv; charset=utf-8; header=present",
	"comments.geojson": "application/geo+json",
	"figures.csv":      "text/csv; charset=utf-8; header=present",
	"codebook.csv":     "text/csv; charset=utf-8; header=present",
}

// files links the exports, each with the page's own filter.
func (p *reachPage) files(f consult.ReachFilter) []Link {
	link := func(key, file string, extra ...string) Link {
		return Link{Href: reachHref("/analyst/export/"+file, f, extra...), Text: p.T("reach.file_" + key)}
	}
	return []Link{
		link("package", "package.zip"),
		link("comments", "comments.csv"),
		link("comments_excel", "comments.csv", "bom", "1"),
		link("places", "comments.geojson"),
		link("figures", "figures.csv"),
		link("codebook", "codebook.csv"),
	}
}

// ReachExport sends one file. Unlike on the page a condition that is not understood is an error here: a file that quietly holds
// more than was asked for would be taken for something else.
func (w *Web) ReachExport(c *fiber.Ctx) error {
	const op = "export"
	file := c.Params("file")
	kind, ok := reachFiles[file]
	if !ok {
		kind, ok = responseFiles[file]
	}
	if !ok {
		return &consult.Error{Kind: consult.NotFound, Op: op}
	}
	choice, err := w.reachChoice(c)
	if err != nil {
		return err
	}
	if len(choice.Ignored) > 0 {
		return &consult.Error{Kind: consult.Invalid, Op: op, Err: fmt.Errorf("not understood: %v", choice.Ignored)}
	}
	if c.Method() == fiber.MethodHead {
		attach(c, file, kind)
		return nil
	}
	write, err := w.exporter(c, file, choice)
	if err != nil {
		return err
	}
	if err := w.Service.NoteExport(c.UserContext(), w.actor(c), file, choice.Filter); err != nil {
		return err
	}
	body, err := w.exports.Start(func(out io.Writer) error {
		failed := write(out)
		if failed != nil {
			w.Log.Error("export stopped", "file", file, "error", failed)
		}
		return failed
	})
	if err != nil {
		return err
	}
	attach(c, file, kind)
	c.Context().SetBodyStream(body, -1)
	return nil
}

// attach sets the headers of a file (S27: nobody else's cache keeps it).
func attach(c *fiber.Ctx, file, kind string) {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="yousaid-`+file+`"`)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
}

// exporter makes the function that writes a file. What it needs of the request is read now: the request is over before the file is
// written.
func (w *Web) exporter(c *fiber.Ctx, file string, choice reachChoice) (func(io.Writer) error, error) {
	words := w.Texts.Default().T
	comments := w.exportedComments(c.UserContext(), w.actor(c), choice.Filter)
	withMark := c.QueryBool("bom")
	var report reach.Report
	if file == "figures.csv" || file == "package.zip" {
		var err error
		if report, err = w.measure(c, choice.Filter); err != nil {
			return nil, err
		}
	}
	switch file {
	case "responses.csv", "responses.geojson", "responses-codebook.csv":
		return w.responseExporter(c, file, choice.Filter, withMark)
	case "comments.csv":
		return func(out io.Writer) error { return export.CommentsCSV(out, comments, withMark) }, nil
	case "comments.geojson":
		return func(out io.Writer) error { return export.CommentsGeoJSON(out, comments) }, nil
	case "figures.csv":
		only := ReadQuery(c).Value("table")
		return func(out io.Writer) error { return export.FiguresCSV(out, report, only, words, withMark) }, nil
	case "codebook.csv":
		return func(out io.Writer) error { return export.Codebook(out, words) }, nil
	}
	content := export.Content{Authority: w.Site.Authority, Selection: choice.words(words), Comments: comments, Report: report, Words: words}
	return func(out io.Writer) error { return export.Package(out, content) }, nil
}

// exportedComments streams what was published by now, each time it is asked.
func (w *Web) exportedComments(ctx context.Context, actor consult.Actor, f consult.ReachFilter) export.Comments {
	upTo := w.Service.Now()
	return func(each func(consult.ExportedComment) error) error {
		return w.Service.EachExportedComment(ctx, actor, f, upTo, each)
	}
}

// words names the conditions of a choice, as the README of a package lists them.
func (choice reachChoice) words(t export.Words) []string {
	f := choice.Filter
	var list []string
	add := func(name, value string) {
		if value != "" {
			list = append(list, t("export.readme_condition", "name", t("reach."+name), "value", value))
		}
	}
	if i := slices.IndexFunc(choice.Consultations, func(c consult.Consultation) bool { return c.ID == f.Consultation }); i >= 0 {
		add("consultation", choice.Consultations[i].Application.Reference+" "+choice.Consultations[i].Title)
	}
	add("from", string(f.From))
	add("to", string(f.To))
	if f.Ward != "" {
		add("ward", choice.Wards[f.Ward]+" ("+f.Ward+")")
	}
	for _, condition := range [][2]string{{"channel", string(f.Channel)}, {"stance", string(f.Stance)}, {"topic", string(f.Topic)}} {
		if name, code := condition[0], condition[1]; code != "" {
			add(name, t(name+"."+code))
		}
	}
	return list
}
