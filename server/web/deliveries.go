package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const deliveriesPath = "/officer/deliveries"

// deliveriesPage is the log of mails: what waits, failed and arrived, and a new try for what did not.
type deliveriesPage struct {
	Base
	Counts      []deliveryCount
	State, Kind Select
	Filter      Button
	Lines       []deliveryLine
	Pages       Pagination
	Query       string // of the filter, to come back to it
}

// deliveryCount is how many mails are in a state, with the kinds they are of.
type deliveryCount struct {
	Link  Link
	Total int
	Kinds []SummaryRow
}

// deliveryLine is one mail.
type deliveryLine struct {
	What, Address string
	About         string // address of the consultation's page; "" = about none
	State         Tag
	Facts         []string
	Failed        string
	Retry         *Button
	Action        string
}

const deliveriesPerPage = 25

// Deliveries lists mails by state and kind.
func (w *Web) Deliveries(c *fiber.Ctx) error {
	f := ReadQuery(c)
	number := PageNumber(f)
	filter := consult.DeliveryFilter{State: consult.DeliveryState(f.Value("state")), Kind: consult.MailKind(f.Value("kind")),
		Offset: (number - 1) * deliveriesPerPage, Limit: deliveriesPerPage}
	found, err := w.Service.Deliveries(c.UserContext(), w.actor(c), filter)
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "deliveries", drawDeliveries(w.StaffBase(c, "deliveries.title"), found, filter, number))
}

func drawDeliveries(b Base, found consult.DeliveryPage, filter consult.DeliveryFilter, number int) *deliveriesPage {
	p := &deliveriesPage{Base: b, Filter: Button{Text: b.T("deliveries.filter"), Secondary: true}}
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	query := url.Values{}
	if filter.State != "" {
		query.Set("state", string(filter.State))
	}
	if filter.Kind != "" {
		query.Set("kind", string(filter.Kind))
	}
	p.Query = query.Encode()
	p.State = Select{Field: p.field("state", "deliveries.state"), Options: []Choice{{Label: p.T("deliveries.any")}}}
	kinds := map[consult.MailKind]bool{}
	for _, s := range consult.DeliveryStates() {
		p.State.Options = append(p.State.Options, Choice{Value: string(s), Label: p.T("deliveries.state." + string(s)), Checked: filter.State == s})
		p.Counts = append(p.Counts, p.count(s, found.Counts[s]))
		for k := range found.Counts[s] {
			kinds[k] = true
		}
	}
	p.Kind = Select{Field: p.field("kind", "deliveries.kind"), Options: []Choice{{Label: p.T("deliveries.any")}}}
	for _, k := range slices.SortedFunc(maps.Keys(kinds), func(a, b consult.MailKind) int { return cmp.Compare(p.mailKind(a), p.mailKind(b)) }) {
		p.Kind.Options = append(p.Kind.Options, Choice{Value: string(k), Label: p.mailKind(k), Checked: filter.Kind == k})
	}
	for _, l := range found.Lines {
		p.Lines = append(p.Lines, p.line(l))
	}
	p.Pages = Paginate(number, found.Total, deliveriesPerPage, query)
	return p
}

// count sums up one state.
func (p *deliveriesPage) count(s consult.DeliveryState, by map[consult.MailKind]int) deliveryCount {
	v := deliveryCount{Link: Link{Href: deliveriesPath + "?state=" + string(s), Text: p.T("deliveries.state." + string(s))}}
	for _, k := range slices.SortedFunc(maps.Keys(by), func(a, b consult.MailKind) int { return cmp.Compare(p.mailKind(a), p.mailKind(b)) }) {
		v.Total += by[k]
		v.Kinds = append(v.Kinds, SummaryRow{Key: p.mailKind(k), Value: p.Language.Number(int64(by[k]))})
	}
	return v
}

// mailKind names a kind of mail; one that has no name yet by its code.
func (p *deliveriesPage) mailKind(k consult.MailKind) string {
	if key := "deliveries.kind." + string(k); p.Language.Has(key) {
		return p.T(key)
	}
	return string(k)
}

func (p *deliveriesPage) line(l consult.DeliveryLine) deliveryLine {
	kinds := map[consult.DeliveryState]string{consult.DeliveryGivenUp: "closing", consult.DeliveryFailing: "held", consult.DeliveryWaiting: "wait",
		consult.DeliverySent: "done"}
	v := deliveryLine{What: p.mailKind(l.Kind), Address: l.Address, State: Tag{Text: p.T("deliveries.state." + string(l.State)), Kind: kinds[l.State]},
		Failed: l.Failed, Action: deliveriesPath + "/" + l.ID.String() + "/retry"}
	if l.Consultation != 0 {
		v.About = "/officer/consultations/" + l.Consultation.String()
	}
	if !l.MadeAt.IsZero() {
		v.Facts = append(v.Facts, p.T("deliveries.made", "at", p.Language.DateTime(l.MadeAt)))
	}
	if l.Tries > 0 {
		v.Facts = append(v.Facts, p.T("deliveries.tries", "n", l.Tries))
	}
	switch l.State {
	case consult.DeliverySent:
		v.Facts = append(v.Facts, p.T("deliveries.sent", "at", p.Language.DateTime(l.SentAt)))
	case consult.DeliveryGivenUp:
		if !l.GivenUpAt.IsZero() {
			v.Facts = append(v.Facts, p.T("deliveries.given_up", "at", p.Language.DateTime(l.GivenUpAt)))
		}
	default:
		v.Facts = append(v.Facts, p.T("deliveries.next", "at", p.Language.DateTime(l.NextTry)))
	}
	if l.CanRetry && l.State != consult.DeliveryWaiting {
		v.Retry = &Button{Text: p.T("deliveries.retry"), Secondary: true}
	}
	return v
}

// RetryDelivery tries one again now.
func (w *Web) RetryDelivery(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	if err := w.Service.RetryDelivery(c.UserContext(), w.actor(c), id); err != nil {
		return err
	}
	query, err := url.ParseQuery(f.Value("query"))
	if err != nil || len(query) == 0 {
		return c.Redirect(deliveriesPath, fiber.StatusSeeOther)
	}
	return c.Redirect(deliveriesPath+"?"+query.Encode(), fiber.StatusSeeOther)
}
