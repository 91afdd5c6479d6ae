package web

import (
	"io"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
)

// recordRows is how many entries of the log the page shows.
const recordRows = 100

// recordPage is where a case is handed over: its appeal bundle, and what was done about it.
type recordPage struct {
	Base
	Desk  caseDesk
	Take  Button
	Rows  []recordRow
	Total int
}

type recordRow struct {
	At      time.Time
	Who     string
	What    string // the action's code, "comment: publish"
	Subject string
	Detail  string
}

func drawRecord(b Base, k consult.Consultation, rows []consult.AuditRow, total int) *recordPage {
	p := &recordPage{Base: b, Desk: b.caseDesk(k.ID, "record"), Take: Button{Text: b.T("record.bundle_take"), Secondary: true}, Total: total}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	for _, r := range rows {
		row := recordRow{At: r.At, What: strings.ReplaceAll(r.Action, ".", ": "), Detail: r.Detail, Who: p.T("record.by_" + string(r.ActorKind))}
		if r.Subject != k.ID {
			row.Subject = r.Subject.String()
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// Record shows it.
func (w *Web) Record(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	k, rows, total, err := w.Service.CaseLog(c.UserContext(), w.actor(c), id, recordRows)
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "record", drawRecord(w.StaffBase(c, "record.title", "title", k.Title), k, rows, total))
}

// Bundle sends the appeal bundle. It is a POST: taking everything out is an act that the log keeps, no reading.
func (w *Web) Bundle(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	b, err := w.Service.Bundle(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	l := w.Texts.Default()
	office := export.Office{Authority: w.Site.Authority, Calendar: w.Service.Calendar(), Words: l.T, Lang: l.Code, Dir: l.Dir}
	body, err := w.exports.Start(func(out io.Writer) error {
		failed := export.Bundle(out, b, office)
		if failed != nil {
			w.Log.Error("bundle stopped", "consultation", id, "error", failed)
		}
		return failed
	})
	if err != nil {
		return err
	}
	attach(c, "appeal-"+id.String()+".zip", "application/zip")
	c.Context().SetBodyStream(body, -1)
	return nil
}
