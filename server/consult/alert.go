package consult

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/geo"
)

// Alert is a saved search that writes to an address when news fits it. It is a contact: no public reader sees it.
type Alert struct {
	ID        ID
	Search    Search
	Terms     []string // the search's words as Facts.Text is written; the store fills them
	Rhythm    Rhythm
	Email     string
	Language  string
	Confirmed bool
	Paused    Pause
	PausedAt  time.Time
	CreatedAt time.Time
	NextAt    time.Time // when what waits is sent; zero = nothing waits
}

// Search is what an alert looks for.
type Search struct {
	Area  AlertArea  `json:"area"`
	Words string     `json:"words"` // every one must occur
	Kind  string     `json:"kind"`  // application type or the beginning of one; "" = any
	About []NewsKind `json:"about"` // of AlertKinds
}

// AlertArea is where an alert looks. Kind decides which other fields count.
type AlertArea struct {
	Kind    AreaKind    `json:"kind"`
	Name    string      `json:"name,omitempty"`    // the ward's; of a circle the postcode it was given by, "" = by a place on the map
	Ward    string      `json:"ward,omitempty"`    // ward: GSS code
	Centre  geo.Point   `json:"centre"`            // circle
	Radius  int         `json:"radius,omitempty"`  // circle: metres, one of Radii
	Corners []geo.Point `json:"corners,omitempty"` // polygon: its corners in order, the first not repeated
}

// AreaKind is a sort of area.
type AreaKind string

// The sorts of area.
const (
	AnyArea     AreaKind = "" // everywhere
	WardArea    AreaKind = "ward"
	CircleArea  AreaKind = "circle"
	PolygonArea AreaKind = "polygon"
)

// Radii are the circles people can tell apart, in metres: my street, my neighbourhood, my part of town.
func Radii() []int { return []int{200, 800, 2000} }

// Rhythm is how often an alert may write.
type Rhythm string

// The rhythms. Digests go out at DigestHour in the authority's zone, weekly ones on Mondays.
const (
	AtOnce Rhythm = "at-once" // but not more often than every AtOnceGap
	Daily  Rhythm = "daily"
	Weekly Rhythm = "weekly"
)

// Rhythms lists them in the order they are offered.
func Rhythms() []Rhythm { return []Rhythm{Daily, AtOnce, Weekly} }

// DigestHour is when digests go out, by the authority's clock. AtOnceGap keeps an import of hundreds from becoming hundreds of mails.
const (
	DigestHour = 8
	AtOnceGap  = 15 * time.Minute
)

// Pause says why an alert rests; "" = it does not.
type Pause string

// The reasons.
const (
	PausedByOwner Pause = "asked"
	PausedByMail  Pause = "failed" // mail to its address was given up; it goes on looking
)

// Limits of alerts.
const (
	MaxAlerts      = 20 // confirmed ones of an address
	MaxUnconfirmed = 3  // that wait to be confirmed, of an address: strangers must not fill somebody's mailbox
	ConfirmWithin  = 7 * 24 * time.Hour
	HitsKept       = 365 * 24 * time.Hour // how long an alert's log goes back
	NewsKept       = 30 * 24 * time.Hour  // news is read within seconds; webhooks may send it again for so long
	MaxCorners     = 50
	maxAreaSpan    = 50_000.0 // metres, corner to corner of the box around a polygon
	MailHits       = 20       // consultations a mail lists; of more it says how many
)

// AlertKinds lists what an alert can tell of.
func AlertKinds() []NewsKind {
	return []NewsKind{NewsPublished, NewsOpened, NewsAmended, NewsDecided, NewsOutcome}
}

// Next is when the next mail may go, given the moment of the last one.
func (r Rhythm) Next(c Calendar, now, last time.Time) time.Time {
	if r == AtOnce {
		if soonest := last.Add(AtOnceGap); soonest.After(now) {
			return soonest
		}
		return now
	}
	local := now.In(c.Location())
	next := time.Date(local.Year(), local.Month(), local.Day(), DigestHour, 0, 0, 0, c.Location())
	for !next.After(now) || r == Weekly && next.Weekday() != time.Monday {
		next = time.Date(next.Year(), next.Month(), next.Day()+1, DigestHour, 0, 0, 0, c.Location())
	}
	return next
}

// Shape is the polygon's ground; the zero Geometry for other areas. An error is *geo.Error.
func (a AlertArea) Shape() (geo.Geometry, error) {
	if a.Kind != PolygonArea || len(a.Corners) == 0 {
		return geo.Geometry{}, nil
	}
	ring := make([][2]float64, 0, len(a.Corners)+1)
	for _, p := range append(slices.Clone(a.Corners), a.Corners[0]) {
		ring = append(ring, [2]float64{p.Lon, p.Lat})
	}
	raw, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}})
	if err != nil {
		return geo.Geometry{}, err
	}
	return geo.ParseGeoJSON(raw, geo.DefaultLimits())
}

// Matcher tests news against one alert. Making one costs the polygon's check; asking it does not.
type Matcher struct {
	Alert
	shape geo.Geometry
}

// Matcher prepares the alert. A polygon that is none fits nothing.
func (a Alert) Matcher() Matcher {
	shape, err := a.Search.Area.Shape()
	if err != nil {
		shape = geo.Geometry{}
	}
	return Matcher{Alert: a, shape: shape}
}

// Wants tells whether the alert is to tell of a piece of news. A corrected record counts when it fits now and did not before: to the
// alert it is new, and open or decided if that is how it stands.
func (m Matcher) Wants(n News) bool {
	if n.Kind != NewsChanged {
		return slices.Contains(m.Search.About, n.Kind) && m.fits(n.Facts)
	}
	wanted := slices.ContainsFunc(NewsOfMove("", n.Facts.State), func(k NewsKind) bool { return slices.Contains(m.Search.About, k) })
	return wanted && m.fits(n.Facts) && n.Earlier != nil && !m.fits(*n.Earlier)
}

func (m Matcher) fits(f Facts) bool {
	if !ofKind(f.Type, m.Search.Kind) {
		return false
	}
	for _, term := range m.Terms {
		if !strings.Contains(f.Text, term) {
			return false
		}
	}
	switch a := m.Search.Area; a.Kind {
	case WardArea:
		return f.Ward == a.Ward
	case CircleArea:
		return f.HasPlace && geo.Distance(a.Centre, f.Place) <= float64(a.Radius)
	case PolygonArea:
		return f.HasPlace && m.shape.Contains(f.Place)
	}
	return true
}

// The zooms of the tiles that cover areas: 400 m wide in Britain at the finest, 400 km at the coarsest.
const (
	finestCell   = 16
	coarsestCell = 6
	maxCells     = 16
)

// Cells are the tiles that cover a circle or polygon, at most 16 of one zoom; nil for other areas.
func (m Matcher) Cells() []int64 {
	var box geo.Box
	switch a := m.Search.Area; a.Kind {
	case CircleArea:
		box = geo.Around(a.Centre, float64(a.Radius))
	case PolygonArea:
		box = m.shape.Bounds()
	default:
		return nil
	}
	for zoom := uint32(finestCell); ; zoom-- {
		nw := geo.TileAt(geo.Point{Lon: box.West, Lat: box.North}, zoom)
		se := geo.TileAt(geo.Point{Lon: box.East, Lat: box.South}, zoom)
		if zoom > coarsestCell && (se.X-nw.X+1)*(se.Y-nw.Y+1) > maxCells {
			continue
		}
		var cells []int64
		for x := nw.X; x <= se.X; x++ {
			for y := nw.Y; y <= se.Y; y++ {
				cells = append(cells, cellOf(geo.Tile{Z: zoom, X: x, Y: y}))
			}
		}
		return cells
	}
}

// CellsAt are the tiles a place lies in, one of each zoom that Cells may use.
func CellsAt(p geo.Point) []int64 {
	var cells []int64
	for zoom := uint32(coarsestCell); zoom <= finestCell; zoom++ {
		cells = append(cells, cellOf(geo.TileAt(p, zoom)))
	}
	return cells
}

// cellOf numbers a tile: 56 bits of quadkey, 5 of zoom.
func cellOf(t geo.Tile) int64 {
	low, _ := t.Range()
	return int64(low)<<5 | int64(t.Z)
}

// Hit is one line of an alert's log.
type Hit struct {
	Alert        ID
	Kind         NewsKind
	Consultation ID
	Title        string
	Reference    string
	Address      string
	FoundAt      time.Time
	Delivery     ID // 0 = waits for the alert's next mail
	State        DeliveryState
	SentAt       time.Time
	NextTry      time.Time
	Tries        int
	Failed       string // why the last try failed, in the words of mail servers
}

// AlertMail is what one mail of an alert lists.
type AlertMail struct {
	Alert Alert
	Hits  []Hit // of the first MailHits consultations, those of one together
	Total int   // consultations in all
}

// Matched counts what a reading of the news found.
type Matched struct {
	News  int // pieces read; 0 = there is nothing more, or another node reads
	Hits  int
	Mails int
}

// AlertStore keeps alerts and what they found.
type AlertStore interface {
	// SaveAlert keeps an alert by address and search, or finds the existing one. One that is not confirmed gets a confirming mail; an
	// address gets at most one an hour, later ones wait. Beyond MaxUnconfirmed that wait, nothing is kept.
	SaveAlert(ctx context.Context, a Alert, ch Change) error
	Alert(ctx context.Context, id ID) (Alert, error)
	// ConfirmAlert turns mail on; Closed when the address has MaxAlerts already. Doing it again changes nothing.
	ConfirmAlert(ctx context.Context, id ID, ch Change) error
	// SetAlert keeps another rhythm, or pauses or resumes; next is when its mail goes if hits wait. Resuming lets mails that were given
	// up wait for the next one.
	SetAlert(ctx context.Context, id ID, r Rhythm, p Pause, next time.Time, ch Change) error
	RemoveAlert(ctx context.Context, id ID, ch Change) error // everything of it: hits, waiting mails, address
	Hits(ctx context.Context, alert ID, offset, limit int) ([]Hit, int, error)
	AlertMail(ctx context.Context, delivery ID) (AlertMail, error)
	// MatchNews reads on in the news, at most limit pieces: hits, due mails and how far it came are one transaction.
	MatchNews(ctx context.Context, c Calendar, now time.Time, limit int) (Matched, error)
	// MailAlerts hands waiting hits of alerts that are due to mails, at most limit of them, and counts these.
	MailAlerts(ctx context.Context, now time.Time, limit int) (int, error)
	// PurgeAlerts forgets alerts nobody confirmed, old hits, and news every reader has read.
	PurgeAlerts(ctx context.Context, unconfirmed, hits, news time.Time) (int, error)
}
