package web

import (
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// These take a form's definition in and out as a file.

// OfficerFormFile hands out a definition as a file: the draft, or a published version (?version=2).
func (w *Web) OfficerFormFile(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	desk, err := w.Service.FormDesk(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	version := desk.Draft
	if wanted := c.Query("version"); wanted != "" {
		version = consult.FormVersion{}
		for _, v := range desk.Published {
			if strconv.Itoa(v.Number) == wanted {
				version = v
			}
		}
	}
	if version.Number == 0 {
		return &consult.Error{Kind: consult.NotFound, Op: "form file"}
	}
	attach(c, "form-"+desk.Consultation.Application.Reference+"-"+strconv.Itoa(version.Number)+".json", fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(version.Form.Encode())
}

// OfficerFormImport takes a definition from a file, or as text; it becomes the draft.
func (w *Web) OfficerFormImport(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	raw, err := definitionOf(c, f)
	if err != nil {
		return err
	}
	edits, _ := f.Int("edits", 0, 1<<30)
	form, err := consult.ParseForm(raw)
	if err == nil {
		err = w.Service.SaveForm(c.UserContext(), w.actor(c), id, form, edits)
	}
	if consult.KindOf(err) == consult.Invalid {
		return w.importFailed(c, f, err)
	}
	return w.officerFormDone(c, f, err)
}

// importFailed lists every mistake with its place in the file, below one sentence that leads there.
func (w *Web) importFailed(c *fiber.Ctx, f *Form, err error) error {
	summary := &consult.Error{Kind: consult.Invalid, Op: "import form", Fields: []consult.FieldError{{Field: "definition", Rule: "form_file",
		Args: map[string]any{"n": len(consult.FieldsOf(err))}}}}
	p, failed := w.officerForm(c, f, summary)
	if failed == nil {
		p.Problems = nil
		for _, e := range consult.FieldsOf(err) {
			p.Problems = append(p.Problems, p.problem(e))
		}
	}
	return shown(w, c, "officer-form", p, failed)
}

// definitionOf is the file of a posted form, or what stands in its text box.
func definitionOf(c *fiber.Ctx, f *Form) ([]byte, error) {
	f.Has("definition")
	header, err := c.FormFile("file")
	if err != nil || header.Size == 0 {
		return []byte(f.Value("definition")), nil // no file was chosen
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, consult.MaxFormSize+1))
}
