package web

import (
	"bytes"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/static/lang"
)

// Deadlines gives the days to know of, of the consultations a search finds, as a calendar.
func (w *Web) Deadlines(c *fiber.Ctx) error {
	filter, err := w.consultationFilter(c, ReadQuery(c))
	if err != nil {
		return err
	}
	found, err := w.Service.Deadlines(c.UserContext(), filter)
	if err != nil {
		return err
	}
	l := w.feedLanguage(c)
	return w.sendCalendar(c, l, l.T("deadlines.title", "authority", w.Site.Authority), found)
}

// ConsultationDeadlines gives the days of one consultation.
func (w *Web) ConsultationDeadlines(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	k, found, err := w.Service.DeadlinesOf(c.UserContext(), id)
	if err != nil {
		return err
	}
	return w.sendCalendar(c, w.feedLanguage(c), k.Title, found)
}

func (w *Web) sendCalendar(c *fiber.Ctx, l *lang.Language, name string, found []consult.Deadline) error {
	calendar := export.Calendar{Product: "-//YouSaid//" + w.Site.Authority + "//EN", Name: name, Language: l.Code}
	changed := time.Unix(0, 0)
	for _, d := range found {
		e := w.calendarEvent(l, d)
		calendar.Events = append(calendar.Events, e)
		if e.Changed.After(changed) {
			changed = e.Changed
		}
	}
	var body bytes.Buffer
	if err := export.ICalendar(&body, calendar); err != nil {
		return err
	}
	return sendFile(c, "text/calendar; charset=utf-8", body.Bytes(), changed)
}

func (w *Web) calendarEvent(l *lang.Language, d consult.Deadline) export.CalendarEvent {
	k := d.Consultation
	page := w.Site.BaseURL + "/consultations/" + k.ID.String()
	e := export.CalendarEvent{
		UID: string(d.Kind) + "-" + k.ID.String() + "@" + w.host(), Sequence: d.Moved, Changed: k.UpdatedAt, Day: d.On,
		Summary: l.T("deadlines."+string(d.Kind), "title", k.Title), Location: k.Address, Page: page, Cancelled: d.Off,
	}
	if d.Kind == consult.RoundCloses {
		e.UID = string(d.Kind) + "-" + d.Round.ID.String() + "@" + w.host()
	}
	if d.Off {
		e.Sequence++
	}
	lines := []string{}
	if k.Application.Reference != "" {
		lines = append(lines, l.T("feed.reference", "reference", k.Application.Reference))
	}
	e.Description = strings.Join(append(lines, page), "\n")
	return e
}
