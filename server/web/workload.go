package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// workloadPage shows what lies on the desks, by service, to plan with. It names nobody and ranks nothing.
type workloadPage struct {
	Base
	Next     Figure // what falls due on each of the next working days
	Grids    []Grid
	Meanings []SummaryRow
}

// Workload shows it.
func (w *Web) Workload(c *fiber.Ctx) error {
	load, err := w.Service.Workload(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "workload", drawWorkload(w.StaffBase(c, "officer_workload.title"), load))
}

// loadColumns are the figures of a service, in the order they are shown; each has its meaning below the table.
var loadColumns = []string{"waiting", "overdue", "soon", "paused", "unpromised", "this_week", "last_week", "reached"}

func drawWorkload(b Base, load consult.Workload) *workloadPage {
	p := &workloadPage{Base: b}
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Next = Figure{ID: "next", Caption: p.T("officer_workload.next"), Of: p.T("officer_workload.day"), Count: p.T("officer_workload.points"),
		Note: p.T("officer_workload.next_note", "overdue", load.All.Overdue, "later", load.All.Later)}
	for i, day := range load.Days {
		p.Next.Bars = append(p.Next.Bars, Bar{Label: p.day(day), Value: load.All.Due[i]})
	}
	for _, key := range loadColumns {
		p.Meanings = append(p.Meanings, SummaryRow{Key: p.T("officer_workload." + key), Value: p.T("officer_workload." + key + "_means")})
	}
	if len(load.Services) == 0 {
		return p
	}
	services := Grid{ID: "by-service", Caption: p.T("officer_workload.by_service"), Of: p.T("officer_workload.service")}
	days := Grid{ID: "by-day", Caption: p.T("officer_workload.by_day"), Of: p.T("officer_workload.service")}
	for _, key := range loadColumns {
		services.Columns = append(services.Columns, p.T("officer_workload."+key))
	}
	for _, day := range load.Days {
		days.Columns = append(days.Columns, p.day(day))
	}
	all := load.All
	all.Service = p.T("officer_workload.all")
	for _, s := range append(load.Services[:len(load.Services):len(load.Services)], all) {
		services.Rows = append(services.Rows, p.loadRow(s))
		row := GridRow{Label: p.serviceName(s.Service)}
		for _, n := range s.Due {
			row.Cells = append(row.Cells, p.Language.Number(int64(n)))
		}
		days.Rows = append(days.Rows, row)
	}
	p.Grids = []Grid{services, days}
	return p
}

// day words a working day, short enough for a column.
func (b *Base) day(d consult.Date) string { return b.Language.Civil(string(d)) }

func (b *Base) serviceName(name string) string {
	if name == "" {
		return b.T("promises.no_service")
	}
	return name
}

func (p *workloadPage) loadRow(s consult.ServiceLoad) GridRow {
	row := GridRow{Label: p.serviceName(s.Service)}
	for _, n := range []int{s.Waiting, s.Overdue, s.DueSoon, s.Paused, s.Unpromised, s.ThisWeek, s.LastWeek} {
		row.Cells = append(row.Cells, p.Language.Number(int64(n)))
	}
	reached := p.T("officer_workload.none_written")
	if n, ok := s.Reached(); ok {
		reached = p.Language.Decimal(n, 1)
	}
	row.Cells = append(row.Cells, reached)
	return row
}
