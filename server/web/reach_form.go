package web

import (
	"io"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/reach"
)

// The analyst's view of a form: the same questions as on the public results, but with the page's filter and at any time, and the
// files with one column per question.

// reachForm is what the page adds when the chosen consultation has a form; the zero value when it has none.
type reachForm struct {
	Results  []resultView
	Withheld string
	Files    []Link
}

// addForm fills the page's figures of a form.
func (w *Web) addForm(c *fiber.Ctx, p *reachPage, f consult.ReachFilter) error {
	if f.Consultation == 0 {
		return nil
	}
	source, err := w.Service.ReachSource(w.actor(c))
	if err != nil {
		return err
	}
	subjects, err := source.Subjects(c.UserContext(), f.Consultation)
	if err != nil || len(subjects.Forms) == 0 {
		return err
	}
	report, err := reach.MeasureForm(c.UserContext(), source, subjects, f, w.Service.Now(), w.Service.Calendar())
	if err != nil {
		return err
	}
	p.Form = p.reachForm(subjects, f, report)
	return nil
}

func (b *Base) reachForm(subjects consult.Subjects, f consult.ReachFilter, report reach.FormReport) *reachForm {
	v := &reachForm{}
	if report.Withheld != reach.Shown {
		v.Withheld = b.T("reach." + string(report.Withheld))
	} else {
		v.Results = b.resultViews(subjects, report)
	}
	if b.Can(string(consult.ExportData)) {
		for _, file := range [][2]string{{"responses", "responses.csv"}, {"response_places", "responses.geojson"}, {"response_codebook", "responses-codebook.csv"}} {
			v.Files = append(v.Files, Link{Href: reachHref("/analyst/export/"+file[1], f), Text: b.T("reach.file_" + file[0])})
		}
	}
	return v
}

// responseFiles are the files of a consultation with a form, with their types. Any other consultation has none.
var responseFiles = map[string]string{
	"responses.csv":          "text/csv; charset=utf-8; header=present",
	"responses.geojson":      "application/geo+json",
	"responses-codebook.csv": "text/csv; charset=utf-8; header=present",
}

// responseExporter makes the function that writes a file of answers to a form.
func (w *Web) responseExporter(c *fiber.Ctx, file string, f consult.ReachFilter, withMark bool) (func(io.Writer) error, error) {
	if err := consult.Must(w.actor(c), consult.ExportData, "export responses"); err != nil {
		return nil, err
	}
	source, err := w.Service.ReachSource(w.actor(c))
	if err != nil {
		return nil, err
	}
	subjects := consult.Subjects{}
	if f.Consultation != 0 {
		if subjects, err = source.Subjects(c.UserContext(), f.Consultation); err != nil {
			return nil, err
		}
	}
	version, ok := subjects.Version(0)
	if !ok {
		return nil, &consult.Error{Kind: consult.NotFound, Op: "export responses"}
	}
	ctx, actor, upTo := c.UserContext(), w.actor(c), w.Service.Now()
	responses := export.Responses(func(each func(consult.ExportedComment) error) error {
		return w.Service.EachExportedResponse(ctx, actor, f, upTo, each)
	})
	switch file {
	case "responses.csv":
		return func(out io.Writer) error { return export.ResponsesCSV(out, version.Form, responses, withMark) }, nil
	case "responses.geojson":
		return func(out io.Writer) error { return export.PlacesGeoJSON(out, version.Form, responses) }, nil
	}
	return func(out io.Writer) error { return export.ResponsesCodebook(out, version.Form, w.Texts.Default().T) }, nil
}
