package web

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// officerConsultedPage is where an officer says which addresses a round is shown to.
type officerConsultedPage struct {
	Base
	Desk     caseDesk
	Case     consult.CaseView
	Round    int
	Rounds   []deskLink
	Tally    consult.NeighbourTally
	Searches []string
	Listed   int // addresses imported at all
	Metres   TextInput
	Area     TextArea
	Find     Button
	Address  TextInput
	Postcode TextInput
	Add      Button
	Removed  bool
	Map      *areaMap // to draw the area on; nil = the place of the site is not known
	Other    Link     // to those that were removed, or back
	List     []neighbourRow
	Pages    Pagination
	Path     string
}

// neighbourRow is one address with what became of its letter.
type neighbourRow struct {
	consult.Neighbour
	Letter Tag
	Why    TextInput // why it is taken off the list
	Remove Button
}

// areaMap is where the map begins that an area can be drawn on.
type areaMap struct {
	Lat, Lon string
	Basemap  Basemap
}

const neighboursPerPage = 25

// OfficerConsulted shows a round's neighbours.
func (w *Web) OfficerConsulted(c *fiber.Ctx) error {
	p, err := w.officerConsulted(c, nil, nil)
	return shown(w, c, "officer-consulted", p, err)
}

func (w *Web) officerConsulted(c *fiber.Ctx, f *Form, invalid error) (*officerConsultedPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	q := ReadQuery(c)
	number := PageNumber(q)
	filter := consult.NeighbourFilter{Consultation: id, Round: roundOf(q, f), Removed: q.Value("removed") != "", Limit: neighboursPerPage,
		Offset: (number - 1) * neighboursPerPage}
	d, err := w.Service.NeighbourDesk(c.UserContext(), w.actor(c), filter)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_consulted.title", "title", d.Case.Consultation.Title).WithErrors(invalid)
	p := drawOfficerConsulted(b, d, f, filter.Removed, number)
	if k := d.Case.Consultation; k.HasPlace {
		p.Map = &areaMap{coordinate(k.Place.Lat), coordinate(k.Place.Lon), w.Map.basemap}
		p.Scripts = []string{"part/area-draw/area-draw.js"}
	}
	return p, nil
}

// roundOf is the round a page or a form is about, 0 = the latest.
func roundOf(forms ...*Form) int {
	for _, f := range forms {
		if n, err := strconv.Atoi(f.Value("round")); err == nil && n > 0 && n < 1000 {
			return n
		}
	}
	return 0
}

func drawOfficerConsulted(b Base, d consult.NeighbourDesk, f *Form, removed bool, number int) *officerConsultedPage {
	k := d.Case.Consultation
	p := &officerConsultedPage{Base: b, Desk: b.caseDesk(k.ID, "consulted"), Case: d.Case, Round: d.Round, Tally: d.Tally, Listed: d.Listed, Removed: removed,
		Path: "/officer/consultations/" + k.ID.String() + "/consulted"}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.drawRounds(d)
	for _, s := range d.Searches {
		p.Searches = append(p.Searches, p.searchText(s))
	}
	finding, adding := f, f
	if f != nil && f.Value("address") != "" {
		finding = nil
	} else {
		adding = nil
	}
	p.Metres = p.TextInput(values(finding, map[string]string{"metres": "20"}), "metres", "officer_consulted.metres")
	p.Metres.Short, p.Metres.InputMode = true, "decimal"
	p.Area = p.TextArea(finding, "area", "officer_consulted.area", 0)
	p.Area.Rows = 3
	p.Find = Button{Text: p.T("officer_consulted.find")}
	p.Address = p.TextInput(adding, "address", "officer_consulted.address")
	p.Postcode = p.TextInput(adding, "postcode", "officer_consulted.postcode")
	p.Postcode.Short = true
	p.Add = Button{Text: p.T("officer_consulted.add"), Secondary: true}
	for _, n := range d.List {
		p.List = append(p.List, p.neighbourRow(n))
	}
	query := url.Values{"round": {strconv.Itoa(d.Round)}}
	p.Other = Link{Href: p.Path + "?" + query.Encode() + "&removed=1", Text: p.T("officer_consulted.see_removed", "n", d.Tally.Removed)}
	if removed {
		p.Other = Link{Href: p.Path + "?" + query.Encode(), Text: p.T("officer_consulted.see_list")}
		query.Set("removed", "1")
	}
	p.Pages = Paginate(number, d.Total, neighboursPerPage, query)
	return p
}

// drawRounds links the rounds that neighbours are listed for: those there were, and the one to come.
func (p *officerConsultedPage) drawRounds(d consult.NeighbourDesk) {
	last := 1
	if n := len(d.Case.Rounds); n > 0 {
		last = d.Case.Rounds[n-1].Number + 1
	}
	for n := 1; n <= last; n++ {
		p.Rounds = append(p.Rounds, deskLink{Link{Href: p.Path + "?round=" + strconv.Itoa(n), Text: p.T("officer_consulted.round", "n", n)}, n == d.Round})
	}
}

// searchText says what a search looked for and found.
func (b *Base) searchText(s consult.NeighbourSearch) string {
	key := "officer_consulted.searched_site"
	if len(s.Area) > 0 {
		key = "officer_consulted.searched_area"
	}
	return b.T(key, "metres", b.Language.Decimal(s.Metres, 0), "n", s.Found, "at", b.Language.Date(s.At))
}

func (p *officerConsultedPage) neighbourRow(n consult.Neighbour) neighbourRow {
	r := neighbourRow{Neighbour: n}
	if n.Letter != "" {
		r.Letter = p.letterTag(n.Letter)
	}
	if n.RemovedAt.IsZero() {
		r.Why = p.TextInput(nil, "why-"+n.ID.String(), "officer_consulted.why")
		r.Remove = Button{Text: p.T("officer_consulted.remove"), Warning: true}
	}
	return r
}

// letterTag words how far a letter has come.
func (b *Base) letterTag(s consult.LetterState) Tag {
	kinds := map[consult.LetterState]string{consult.LetterWaiting: "wait", consult.LetterPrinted: "wait", consult.LetterPosted: "open",
		consult.LetterReturned: "held", consult.LetterFailed: "held"}
	return Tag{Text: b.T("letter_state." + string(s)), Kind: kinds[s]}
}

// officerFoundPage lists what a search found before anything is added.
type officerFoundPage struct {
	Base
	Desk   caseDesk
	Found  consult.Found
	Shown  []consult.FoundAddress
	More   int // addresses that are not shown
	Round  int
	Metres string
	Area   string
	All    Button
	New    *Button // nil = every one is new, or none
	Path   string
}

// foundShown is how many addresses of a search are shown: enough to see whether it meant the right place.
const foundShown = 200

// OfficerFindNeighbours looks for addresses and shows them; nothing is saved.
func (w *Web) OfficerFindNeighbours(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	round, around := readSurroundings(f)
	var found consult.Found
	if err = f.Err("find neighbours"); err == nil {
		found, err = w.Service.FindNeighbours(c.UserContext(), w.actor(c), id, round, around)
	}
	if err == nil && len(found.Addresses) == 0 {
		err = &consult.Error{Kind: consult.Invalid, Op: "find neighbours", Fields: []consult.FieldError{{Field: "metres", Rule: "no_addresses"}}}
	}
	if err != nil {
		return w.officerConsultedDone(c, f, err)
	}
	p := drawOfficerFound(w.StaffBase(c, "officer_consulted.found_title", "n", len(found.Addresses)), id, found, round, f)
	return w.Pages.Page(c, fiber.StatusOK, "officer-consulted-found", p)
}

func drawOfficerFound(b Base, id consult.ID, found consult.Found, round int, f *Form) *officerFoundPage {
	p := &officerFoundPage{Base: b, Desk: b.caseDesk(id, "consulted"), Found: found, Round: round, Metres: f.Value("metres"), Area: f.Value("area"),
		Path: "/officer/consultations/" + id.String() + "/consulted"}
	p.Back = &Link{Href: p.Path + "?round=" + strconv.Itoa(round), Text: p.T("officer_consulted.back")}
	p.Shown = found.Addresses[:min(len(found.Addresses), foundShown)]
	p.More = len(found.Addresses) - len(p.Shown)
	p.All = Button{Text: p.T("officer_consulted.add_all", "n", found.New+found.Old), Name: "only", Value: "all"}
	if found.Old > 0 && found.New > 0 {
		p.New = &Button{Text: p.T("officer_consulted.add_new", "n", found.New), Name: "only", Value: "new", Secondary: true}
	}
	return p
}

// readCaseForm reads a form of one of the officers' pages of a case.
func readCaseForm(c *fiber.Ctx) (*Form, consult.ID, error) {
	f, err := ReadForm(c)
	if err != nil {
		return nil, 0, err
	}
	id, err := consult.ParseID(c.Params("id"))
	return f, id, err
}

func readSurroundings(f *Form) (round int, around consult.Surroundings) {
	metres, given := f.Float("metres", 0, consult.MaxMetres)
	area := f.Text("area", 100_000)
	if !given && area == "" {
		f.Require("metres")
	}
	around.Metres = metres
	if area != "" {
		around.Area = areaOf(area)
	}
	return max(roundOf(f), 1), around
}

// areaOf makes GeoJSON of corners, one "latitude, longitude" a line, as the map writes them. Anything else is left as it was typed, for the
// domain to judge.
func areaOf(text string) json.RawMessage {
	var ring [][2]float64
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		corner, err := geo.ParsePoint(line)
		if err != nil {
			return json.RawMessage(text)
		}
		ring = append(ring, [2]float64{corner.Lon, corner.Lat})
	}
	raw, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{append(ring, ring[0])}})
	if err != nil {
		return json.RawMessage(text)
	}
	return raw
}

// OfficerAddNeighbours adds what a search found, or one typed address.
func (w *Web) OfficerAddNeighbours(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	if !f.Has("seen") {
		address, postcode := f.Line("address", consult.MaxAddress), f.Line("postcode", 10)
		if err = f.Err("add neighbour"); err == nil {
			err = w.Service.AddNeighbour(c.UserContext(), w.actor(c), id, max(roundOf(f), 1), address, postcode)
		}
		return w.officerConsultedDone(c, f, err)
	}
	round, around := readSurroundings(f)
	seen, _ := f.Int("seen", 0, consult.MaxFound)
	only := Choose(f, "only", []string{"all", "new"})
	if err = f.Err("add neighbours"); err == nil {
		_, err = w.Service.AddNeighbours(c.UserContext(), w.actor(c), id, round, around, only == "new", seen)
	}
	return w.officerConsultedDone(c, f, err)
}

// OfficerRemoveNeighbour takes an address off the list.
func (w *Web) OfficerRemoveNeighbour(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	neighbour, err := f.ID("neighbour")
	if err != nil {
		return err
	}
	suffix := "-" + neighbour.String()
	why := f.Line("why"+suffix, 300)
	if err = f.Err("remove neighbour"); err == nil {
		err = suffixed(w.Service.RemoveNeighbour(c.UserContext(), w.actor(c), id, neighbour, why), suffix)
	}
	return w.officerConsultedDone(c, f, err)
}

func (w *Web) officerConsultedDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerConsulted(c, f, err)
		return shown(w, c, "officer-consulted", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/consulted?round="+strconv.Itoa(max(roundOf(f), 1)), fiber.StatusSeeOther)
}
