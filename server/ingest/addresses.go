package ingest

import (
	"context"
	"fmt"
	"strings"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// addressSet names the columns of a list of addresses: a text in one column, and a place in degrees or National Grid metres.
type addressSet struct{ text, x, y string }

// degrees tells whether the place is given as longitude and latitude.
func (s addressSet) degrees() bool { return strings.HasPrefix(s.x, "lon") || s.x == "lng" }

// addressTexts and addressPlaces are what registers call these columns, folded.
var (
	addressTexts  = []string{"address", "fulladdress", "singlelineaddress", "addresstext"}
	addressPlaces = [][2]string{{"longitude", "latitude"}, {"lon", "lat"}, {"lng", "lat"}, {"easting", "northing"}, {"eastings", "northings"},
		{"xcoordinate", "ycoordinate"}}
)

// addressColumns recognises a list of addresses by its columns, nil for none.
func addressColumns(t *table) *addressSet {
	if !t.has("uprn", "postcode") {
		return nil
	}
	for _, text := range addressTexts {
		for _, place := range addressPlaces {
			if t.has(text, place[0], place[1]) {
				return &addressSet{text, place[0], place[1]}
			}
		}
	}
	return nil
}

// takeAddresses saves a list of addresses.
func (i *importer) takeAddresses(ctx context.Context, src *source) error {
	t, columns := src.table, addressColumns(src.table)
	var rows []consult.Address
	seen := map[string]int{}
	t.each(src.FileReport, func(r row) {
		a, field, bad := readAddress(t, r, *columns)
		if earlier := seen[a.UPRN]; bad == "" && earlier > 0 {
			field, bad = "uprn", fmt.Sprintf("%s stands in row %d already", a.UPRN, earlier)
		}
		if bad != "" {
			src.skip(Problem{Row: r.n, Field: t.label(field), Reason: bad})
			return
		}
		seen[a.UPRN] = r.n
		rows = append(rows, a)
	})
	if len(rows) == 0 {
		src.refuse(Problem{Reason: "no row could be taken"})
		return nil
	}
	var err error
	src.Created, src.Updated, src.Unchanged, err = i.svc.TakeAddresses(ctx, i.actor, rows)
	return src.outcome(err)
}

// readAddress reads one row; bad says in one sentence why it cannot be taken, and field where.
func readAddress(t *table, r row, columns addressSet) (a consult.Address, field, bad string) {
	a.UPRN = strings.TrimLeft(t.get(r, "uprn"), "0")
	if !uprnForm.MatchString(a.UPRN) {
		return a, "uprn", "not a UPRN: " + quoted(t.get(r, "uprn"))
	}
	var ok bool
	if a.Postcode, ok = consult.NormalPostcode(t.get(r, "postcode")); !ok {
		return a, "postcode", "not a postcode: " + quoted(t.get(r, "postcode"))
	}
	if a.Text = withoutPostcode(line(t.get(r, columns.text)), a.Postcode); a.Text == "" {
		return a, columns.text, "no address"
	}
	if consult.Length(a.Text) > maxAddress {
		return a, columns.text, fmt.Sprintf("an address of more than %d characters", maxAddress)
	}
	x, okX := number(t.get(r, columns.x))
	y, okY := number(t.get(r, columns.y))
	if !okX || !okY {
		return a, columns.x, "no place: not two numbers"
	}
	a.Place = geo.Point{Lon: x, Lat: y}
	if !columns.degrees() {
		place, err := geo.FromNationalGrid(x, y)
		if err != nil {
			return a, columns.x, "not on the National Grid"
		}
		a.Place = place
	}
	a.Place = rounded(a.Place)
	switch {
	case a.Place.LooksSwapped():
		return a, columns.x, "longitude and latitude look exchanged"
	case !a.Place.Valid() || !geo.BritishIsles().Contains(a.Place):
		return a, columns.x, "not a place in Britain"
	}
	return a, "", ""
}

// withoutPostcode takes the postcode off the end of an address: it is kept apart, and a letter would say it twice.
func withoutPostcode(address, code string) string {
	packed := strings.ReplaceAll(code, " ", "")
	for _, end := range []string{code, packed} {
		if len(address) >= len(end) && strings.EqualFold(address[len(address)-len(end):], end) {
			address = address[:len(address)-len(end)]
			break
		}
	}
	return strings.Trim(address, " ,")
}
