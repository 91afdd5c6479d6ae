package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	lines := func(rows int) []consult.RetentionLine {
		var list []consult.RetentionLine
		for _, class := range consult.RetentionClasses() {
			l := consult.RetentionLine{Class: class, Days: consult.DefaultRetention()[class]}
			if l.Days > 0 {
				l.Before, l.Rows, l.Cases = "2025-04-02", rows, min(rows, 1)
			}
			list = append(list, l)
		}
		return list
	}
	for _, rows := range []int{0, 1, 12} {
		sample("retention", func(w *Web, c *fiber.Ctx) View {
			w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
			return drawRetention(w.StaffBase(c, "retention.title"), lines(rows), nil)
		})
	}
	sample("retention", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		wrong := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "sure", Rule: "required"}}}
		return drawRetention(w.StaffBase(c, "retention.title").WithErrors(wrong), lines(3), Filled(nil))
	})
}
