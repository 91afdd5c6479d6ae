package api

import (
	"io"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
)

// PADS streams one table of MHCLG's planning data, its codebook, or all of them as a package.
func (a *API) PADS(c *fiber.Ctx) error {
	name := c.Params("file")
	if !isPADS(name) {
		return refuse(http.StatusNotFound, "")
	}
	kind := "text/csv; charset=utf-8; header=present"
	if strings.HasSuffix(name, ".zip") {
		kind = "application/zip"
	}
	ctx := c.UserContext()
	f := consult.Filter{Kinds: []consult.ConsultationKind{consult.PlanningApplication}}
	tables := export.PADS{Site: a.baseURL, Calendar: a.service.Calendar(), Words: a.words,
		Cases: func(each func(consult.ExchangeCase) error) error { return a.service.EachExchange(ctx, f, each) }}
	return a.sendFile(c, name, kind, true, func(out io.Writer) error { return tables.Write(out, name) })
}

func isPADS(name string) bool {
	for _, known := range append(export.PADSFiles(), export.PADSCodebook, export.PADSPackage) {
		if name == known {
			return true
		}
	}
	return false
}
