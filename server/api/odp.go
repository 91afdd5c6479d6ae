package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
)

// Open Digital Planning's addresses, as the Digital Planning Register asks for them. Unlike under Prefix, what cannot be understood of a
// query is ignored where that API ignores it, and pages are counted from 1.

const (
	odpPage     = 10 // applications and comments on a page where nothing is said
	odpPageMost = 50
	odpRadius   = 10_000 // metres around lat,lng where nothing is said
)

func (a *API) odp() export.ODP {
	return export.ODP{Site: a.baseURL, Calendar: a.service.Calendar(), Words: a.words}
}

// odpFilter reads a search for applications: query, reference, applicationType, stage (several with commas), lat, lng and radius.
func odpFilter(q *query) consult.Filter {
	f := consult.Filter{Words: q.line("query"), Reference: q.line("reference"), Kind: q.line("applicationType"),
		Kinds: []consult.ConsultationKind{consult.PlanningApplication}}
	if consult.Length(f.Words) > 200 {
		q.fail("query", "too_long")
	}
	stages := export.ODPStages()
	for stage := range strings.SplitSeq(q.line("stage"), ",") {
		states, known := stages[stage]
		if stage != "" && !known {
			q.fail("stage", "choice")
		}
		f.States = append(f.States, states...)
	}
	f.States = slices.DeleteFunc(f.States, func(s consult.State) bool { return !s.Public() })
	if len(f.States) == 0 && q.line("stage") != "" {
		f.States = []consult.State{consult.Received} // a stage in which nothing is public
	}
	lat, lng, radius := q.line("lat"), q.line("lng"), q.line("radius")
	if lat == "" && lng == "" {
		return f
	}
	place, err := geo.ParsePoint(lat + "," + lng)
	if err != nil {
		q.fail("lat", "place")
		return f
	}
	f.Near, f.Radius = place, odpRadius
	if radius != "" {
		f.Radius = q.metres(radius)
	}
	return f
}

// odpPaging reads page and resultsPerPage.
func odpPaging(q *query) (page, size int) {
	page, size = max(q.number("page"), 1), q.number("resultsPerPage")
	if size == 0 {
		size = odpPage
	}
	size = min(size, odpPageMost)
	return min(page, 100_000/size), size
}

func odpPages(page, size, total, available int) *export.ODPPagination {
	return &export.ODPPagination{ResultsPerPage: size, CurrentPage: page, TotalPages: max((total+size-1)/size, 1), TotalResults: total,
		TotalAvailable: available}
}

// ODPApplications lists planning applications, newest first, or nearest first around a place. Their comments are at addresses of their own.
func (a *API) ODPApplications(c *fiber.Ctx) error {
	q := readQuery(c)
	f := odpFilter(q)
	if err := q.err(); err != nil {
		return err
	}
	page, size := odpPaging(q)
	f.Limit, f.Offset = size, (page-1)*size
	cases, total, err := a.service.Exchange(c.UserContext(), f)
	if err != nil {
		return err
	}
	all, err := a.service.Search(c.UserContext(), consult.Filter{Kinds: f.Kinds, Limit: 1})
	if err != nil {
		return err
	}
	list := []export.ODPApplication{}
	for _, k := range cases {
		one, err := a.odp().Application(k)
		if err != nil {
			return err
		}
		list = append(list, one)
	}
	return a.show(c, export.ODPFound(list, odpPages(page, size, total, all.Total)))
}

// odpCase finds the application an address names: by its reference, with its slashes written %2F, or by the id of the consultation.
func (a *API) odpCase(c *fiber.Ctx) (consult.ExchangeCase, error) {
	reference, err := url.PathUnescape(c.Params("reference"))
	if err != nil || reference == "" || !utf8.ValidString(reference) {
		return consult.ExchangeCase{}, refuse(http.StatusNotFound, "")
	}
	k, err := a.service.ExchangeByReference(c.UserContext(), reference)
	if err == nil && !k.Consultation.Kind.Planning() {
		err = refuse(http.StatusNotFound, "")
	}
	return k, err
}

// ODPApplication shows one, with the counts and the first of its comments; all of them are at publicComments.
func (a *API) ODPApplication(c *fiber.Ctx) error {
	k, err := a.odpCase(c)
	if err != nil {
		return err
	}
	one, err := a.odp().Application(k)
	if err != nil {
		return err
	}
	comments, _, err := a.odpComments(c.UserContext(), k, consult.CommentFilter{Limit: odpPageMost})
	if err != nil {
		return err
	}
	one.Comments = &export.ODPComments{Public: &comments}
	return a.show(c, export.ODPFound(one, nil))
}

func (a *API) odpComments(ctx context.Context, k consult.ExchangeCase, f consult.CommentFilter) (export.ODPPublicComments, int, error) {
	f.Consultation = k.Consultation.ID
	out := export.ODPPublicComments{Summary: export.SummaryOf(k.Tally), Comments: []export.ODPComment{}}
	list, total, err := a.service.Comments(ctx, anybody, f)
	for _, one := range list {
		out.Comments = append(out.Comments, a.odp().Comment(one))
	}
	return out, total, err
}

// ODPDocuments lists the published documents of one.
func (a *API) ODPDocuments(c *fiber.Ctx) error {
	k, err := a.odpCase(c)
	if err != nil {
		return err
	}
	one, err := a.odp().Application(k)
	if err != nil {
		return err
	}
	q := readQuery(c)
	page, size := odpPaging(q)
	from := min((page-1)*size, len(one.Files))
	list := one.Files[from:min(from+size, len(one.Files))]
	return a.show(c, export.ODPFound(list, odpPages(page, size, len(one.Files), len(one.Files))))
}

// ODPPublicComments lists the published comments of the public on one, newest first; sentiment and topic narrow them.
func (a *API) ODPPublicComments(c *fiber.Ctx) error {
	k, err := a.odpCase(c)
	if err != nil {
		return err
	}
	q := readQuery(c)
	page, size := odpPaging(q)
	f := consult.CommentFilter{Stance: choice(q, "sentiment", consult.Stances()), Topic: choice(q, "topic", consult.Topics()),
		Limit: size, Offset: (page - 1) * size}
	if err := q.err(); err != nil {
		return err
	}
	found, total, err := a.odpComments(c.UserContext(), k, f)
	if err != nil {
		return err
	}
	return a.show(c, export.ODPFound(found, odpPages(page, size, total, k.Tally.Published)))
}

// ODPSpecialistComments lists what consultees answered, where it is published.
func (a *API) ODPSpecialistComments(c *fiber.Ctx) error {
	k, err := a.odpCase(c)
	if err != nil {
		return err
	}
	page, size := odpPaging(readQuery(c))
	v, err := a.service.Consulted(c.UserContext(), anybody, k.Consultation.ID, (page-1)*size, size)
	if err != nil {
		return err
	}
	return a.show(c, export.ODPFound(export.Specialists(v.Asked, v.Responses, v.Tally), odpPages(page, size, v.Total, v.Total)))
}
