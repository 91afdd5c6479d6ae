package web

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
)

// officerLetterBatchPage is a batch as it goes to the printer, one page a letter, with what is to be done about it above.
type officerLetterBatchPage struct {
	Base
	Desk     caseDesk
	Batch    consult.LetterBatch
	Name     string
	CSV      Link
	On       DateInput
	Evidence TextInput
	Clock    bool // posting it is publicity: the law's clock runs from that day
	Post     *Button
	Sheets   []sheet
	Path     string
}

// sheet is one letter on paper.
type sheet struct {
	consult.LetterText
	Lines []string // the address block, one line under the other
	On    string
}

// OfficerLetterBatch shows it.
func (w *Web) OfficerLetterBatch(c *fiber.Ctx) error {
	p, err := w.officerLetterBatch(c, nil, nil)
	return shown(w, c, "officer-letter-batch", p, err)
}

func (w *Web) officerLetterBatch(c *fiber.Ctx, f *Form, invalid error) (*officerLetterBatchPage, error) {
	b, sheets, err := w.readBatch(c)
	if err != nil {
		return nil, err
	}
	base := w.StaffBase(c, "officer_letters.batch_title", "id", b.ID.String()).WithErrors(invalid)
	return drawLetterBatch(base, b, sheets, f, w.today()), nil
}

// readBatch words the letters of a batch, each in its reader's language.
func (w *Web) readBatch(c *fiber.Ctx) (consult.LetterBatch, []sheet, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return consult.LetterBatch{}, nil, err
	}
	batch, err := consult.ParseID(c.Params("batch"))
	if err != nil {
		return consult.LetterBatch{}, nil, err
	}
	b, letters, err := w.Service.LetterBatch(c.UserContext(), w.actor(c), id, batch)
	if err != nil {
		return b, nil, err
	}
	sheets := make([]sheet, len(letters))
	for i, l := range letters {
		text, err := w.Letters.Letter(c.UserContext(), l)
		if err != nil {
			return b, nil, err
		}
		sheets[i] = sheet{LetterText: text, Lines: addressBlock(text.Name, l.Address, l.Postcode), On: w.Texts.Get(text.Language).Civil(string(b.PostOn))}
	}
	return b, sheets, nil
}

// addressBlock is what shows in the window of an envelope: at most seven lines, the postcode last and alone, as the post wants it.
func addressBlock(name, address, postcode string) []string {
	const most = 7
	lines := []string{name}
	for _, part := range strings.Split(address, ",") {
		if part = strings.TrimSpace(part); part != "" {
			lines = append(lines, part)
		}
	}
	if room := most - 1; len(lines) > room {
		lines = append(lines[:room-1], strings.Join(lines[room-1:], ", "))
	}
	return append(lines, postcode)
}

func drawLetterBatch(b Base, batch consult.LetterBatch, sheets []sheet, f *Form, today consult.Date) *officerLetterBatchPage {
	desk := "/officer/consultations/" + batch.Consultation.String() + "/letters"
	p := &officerLetterBatchPage{Base: b, Desk: b.caseDesk(batch.Consultation, "letters"), Batch: batch, Sheets: sheets, Path: desk + "/" + batch.ID.String(),
		Clock: batch.Kind == consult.MailNeighbour}
	p.Back = &Link{Href: desk, Text: p.T("officer_letters.back")}
	p.Name = p.letterKind(batch.Kind, batch.Round)
	p.CSV = Link{Href: p.Path + "/letters.csv", Text: p.T("officer_letters.csv")}
	if batch.PostedOn == "" {
		day := min(batch.PostOn, today)
		p.On = p.dayInput(f, "on", "officer_letters.posted_on", day)
		p.Evidence = p.TextInput(values(f, map[string]string{"evidence": p.T("officer_letters.evidence_text", "n", batch.Letters, "id", batch.ID.String())}),
			"evidence", "officer_letters.evidence")
		p.Post = &Button{Text: p.T("officer_letters.posted")}
	}
	return p
}

// OfficerPostLetters notes that a batch was posted.
func (w *Web) OfficerPostLetters(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	batch, err := consult.ParseID(c.Params("batch"))
	if err != nil {
		return err
	}
	on, evidence := f.Date("on"), f.Line("evidence", 300)
	if err = f.Err("post letters"); err == nil {
		err = w.Service.PostLetters(c.UserContext(), w.actor(c), id, batch, on, evidence)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerLetterBatch(c, f, err)
		return shown(w, c, "officer-letter-batch", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+id.String()+"/letters", fiber.StatusSeeOther)
}

// OfficerLettersFile is a batch for mail-merge: one row a letter.
func (w *Web) OfficerLettersFile(c *fiber.Ctx) error {
	const file = "letters.csv"
	if c.Params("file") != file {
		return &consult.Error{Kind: consult.NotFound, Op: "letters file"}
	}
	_, sheets, err := w.readBatch(c)
	if err != nil {
		return err
	}
	rows := make([]export.Letter, len(sheets))
	for i, s := range sheets {
		rows[i] = export.Letter{Lines: s.Lines, Language: s.Language, On: s.On, Subject: s.Subject, Matter: s.Matter, Paragraphs: s.Paragraphs,
			LinkText: s.LinkText, Link: s.Link}
	}
	var out bytes.Buffer
	if err := export.LettersCSV(&out, rows, c.QueryBool("bom")); err != nil {
		return err
	}
	attach(c, file, "text/csv; charset=utf-8; header=present")
	return c.Send(out.Bytes())
}
