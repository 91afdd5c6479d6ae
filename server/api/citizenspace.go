package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
)

// Citizen Space's API 2.4, as widgets on councils' pages ask for it: a bare list without pages, days as dd/mm/yyyy in a query and
// yyyy/mm/dd in an answer, no error but 404. What it does not understand of a query it ignores.

// citizenMost bounds a list that knows no pages: the newest of those that match.
const citizenMost = 500

// CitizenSearch lists consultations that have a round, newest first.
func (a *API) CitizenSearch(c *fiber.Ctx) error {
	q := readQuery(c)
	fields, today := citizenFields(q), a.service.Calendar().Day(a.service.Now())
	list := []export.CitizenActivity{}
	if at := q.values.Get("at"); at != "" && at != export.CitizenType {
		return a.citizen(c, list)
	}
	f := consult.Filter{Words: cutWords(q.values.Get("tx")), Limit: 100}
	if code, ok := consult.PartialPostcode(q.values.Get("pc")); ok {
		f.Postcode = code
	}
	takes := citizenTakes(q, today)
	for {
		page, err := a.service.Search(c.UserContext(), f)
		if err != nil {
			return err
		}
		for _, card := range page.Cards {
			if len(list) == citizenMost || !takes(card) {
				continue
			}
			one, err := a.activity(c, card.Consultation, card.Round, card.WardName, fields, today)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		f.Offset += len(page.Cards)
		if len(page.Cards) == 0 || len(list) == citizenMost || f.Offset >= page.Total {
			return a.citizen(c, list)
		}
	}
}

// CitizenDetails shows one, by department and id.
func (a *API) CitizenDetails(c *fiber.Ctx) error {
	q := readQuery(c)
	id, err := consult.ParseID(q.values.Get("id"))
	if err != nil {
		return refuse(http.StatusNotFound, "")
	}
	k, err := a.service.ExchangeByReference(c.UserContext(), id.String())
	if err != nil {
		return err
	}
	department := q.values.Get("dept")
	if r := k.LatestRound(); r.Number == 0 || department != "" && department != export.CitizenDepartment(k.Consultation.Service) {
		return refuse(http.StatusNotFound, "")
	}
	today := a.service.Calendar().Day(a.service.Now())
	one, err := a.activity(c, k.Consultation, k.LatestRound(), k.WardName, citizenFields(q), today)
	if err != nil {
		return err
	}
	return a.citizen(c, one)
}

// citizen answers as that API does.
func (a *API) citizen(c *fiber.Ctx, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return showRaw(c, body)
}

func (a *API) activity(c *fiber.Ctx, k consult.Consultation, r consult.Round, ward string, f export.CitizenFields, today consult.Date) (export.CitizenActivity, error) {
	var documents []consult.Document
	if f == export.CitizenAll {
		v, err := a.service.Case(c.UserContext(), anybody, k.ID)
		if err != nil {
			return nil, err
		}
		documents = v.Documents
	}
	return export.CitizenSpace{Site: a.baseURL}.Activity(k, r, ward, documents, f, today), nil
}

func citizenFields(q *query) export.CitizenFields {
	switch f := export.CitizenFields(q.values.Get("fields")); f {
	case export.CitizenExtended, export.CitizenAll:
		return f
	}
	return export.CitizenBasic
}

// cutWords keeps what a search may hold.
func cutWords(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}

// citizenTakes is what Search cannot narrow by: status, department, area and days.
func citizenTakes(q *query, today consult.Date) func(consult.Card) bool {
	status, department, area := q.values.Get("st"), q.values.Get("de"), q.values.Get("ar")
	if status != "open" && status != "forthcoming" && status != "closed" {
		status = ""
	}
	from, to := slashedDay(q.values.Get("fd")), slashedDay(q.values.Get("td"))
	return func(card consult.Card) bool {
		k, r := card.Consultation, card.Round
		if r.Number == 0 || status != "" && export.CitizenStatus(r, today) != status ||
			department != "" && export.CitizenDepartment(k.Service) != department ||
			area != "" && area != k.WardCode && !strings.EqualFold(area, card.WardName) {
			return false
		}
		day := r.Opens
		switch q.values.Get("dk") {
		case "op":
		case "cl":
			day = r.Closes
		default:
			return true
		}
		return (from == "" || from <= day) && (to == "" || day <= to)
	}
}

// slashedDay reads dd/mm/yyyy; "" for anything else.
func slashedDay(s string) consult.Date {
	t, err := time.Parse("02/01/2006", s)
	if err != nil {
		return ""
	}
	return consult.Date(t.Format(time.DateOnly))
}
