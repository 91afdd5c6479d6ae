package api

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Concern is what people asked, in the authority's plain words. Only published words are counted.
type Concern struct {
	ID           string  `json:"id"`
	Consultation string  `json:"consultation"`
	Title        string  `json:"title"`
	Service      string  `json:"service,omitempty"` // who answers
	Published    int     `json:"published"`         // comments and messages behind it that everybody can read
	ShownAt      *string `json:"shown_at"`
	AnsweredAt   *string `json:"answered_at,omitempty"` // when its current answer was published
	Page         string  `json:"page"`
}

// ConcernList is what people asked about one consultation: those asked by most first.
type ConcernList struct {
	Items  []Concern `json:"items"`
	Total  int       `json:"total"`
	Offset int       `json:"offset"`
	Limit  int       `json:"limit"`
	Next   string    `json:"next,omitempty"`
}

// Concerns lists what people asked about a consultation, as far as officers have shown it.
func (a *API) Concerns(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	q := readQuery(c)
	limit, offset := consult.ClampPage(q.number("limit"), q.number("offset"))
	all, k, err := a.service.PublicConcerns(c.UserContext(), anybody, id)
	if err != nil {
		return err
	}
	list := ConcernList{Items: []Concern{}, Total: len(all), Offset: offset, Limit: limit}
	from := min(offset, len(all))
	page := all[from:min(from+limit, len(all))]
	_, answered, err := a.service.AnswerStates(c.UserContext(), anybody, page)
	if err != nil {
		return err
	}
	for _, v := range page {
		item := a.concern(v, k)
		item.AnsweredAt = moment(answered[v.ID].PublishedAt)
		list.Items = append(list.Items, item)
	}
	if end := from + len(list.Items); len(list.Items) > 0 && end < len(all) {
		list.Next = a.next("/consultations/"+id.String()+"/concerns", q, end, limit)
	}
	return a.show(c, list)
}

// concern is one of a consultation's concerns.
func (a *API) concern(v consult.Concern, k consult.Consultation) Concern {
	return Concern{ID: v.ID.String(), Consultation: k.ID.String(), Title: v.Title, Service: cmp.Or(v.Service, k.Service), Published: v.Published,
		ShownAt: moment(v.ShownAt), Page: a.baseURL + "/concerns/" + v.ID.String()}
}
