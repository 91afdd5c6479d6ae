package consult

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/geo"
)

// AlertInput is a finished form of somebody who wants to be told of what appears.
type AlertInput struct {
	Area     AreaKind
	Ward     string
	Postcode string    // circle: its middle, or HasPlace
	Place    geo.Point // circle: a place from the map or the device
	HasPlace bool
	Radius   int
	Corners  string // polygon: a line for each corner in order, a postcode or "latitude, longitude"
	Words    string
	Kind     string
	About    []NewsKind
	Rhythm   Rhythm
	Email    string
	Language string
}

// maxWordsLength of a search, in characters, as on the list.
const maxWordsLength = 200

// AskAlert asks for an alert. The answer is the same whether or not the address has it already (S18); the confirming mail goes to the
// address alone. The list's search may not be confirmed by anybody else.
func (s *Service) AskAlert(ctx context.Context, a Actor, in AlertInput) error {
	const op = "ask for alert"
	search, bad, err := s.search(ctx, in)
	if err != nil {
		return err
	}
	in.Email = strings.TrimSpace(in.Email)
	bad.email("email", in.Email, true)
	if !slices.Contains(Rhythms(), in.Rhythm) {
		bad.add("rhythm", "choice")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	now := s.clock()
	alert := Alert{ID: NewID(now), Search: search, Rhythm: in.Rhythm, Email: in.Email, Language: in.Language, CreatedAt: now}
	return s.store.SaveAlert(ctx, alert, s.change(a, "alert.ask", alert.ID))
}

// AlertSearch reads what a form looks for, to say it in words before anything is kept; Invalid where it is wrong.
func (s *Service) AlertSearch(ctx context.Context, in AlertInput) (Search, error) {
	search, bad, err := s.search(ctx, in)
	if err != nil {
		return search, err
	}
	return search, bad.err("read search")
}

func (s *Service) search(ctx context.Context, in AlertInput) (Search, check, error) {
	var bad check
	out := Search{Words: strings.Join(strings.Fields(in.Words), " "), Kind: in.Kind, About: []NewsKind{}}
	bad.line("q", out.Words, maxWordsLength, false)
	bad.line("kind", out.Kind, 60, false)
	for _, k := range AlertKinds() { // in one order, so that equal searches are equal
		if slices.Contains(in.About, k) {
			out.About = append(out.About, k)
		}
	}
	if len(out.About) == 0 {
		bad.add("about", "required")
	}
	var err error
	out.Area, err = s.area(ctx, in, &bad)
	return out, bad, err
}

// area reads where a form looks.
func (s *Service) area(ctx context.Context, in AlertInput, bad *check) (AlertArea, error) {
	switch in.Area {
	case AnyArea:
	case WardArea:
		return s.knownWard(ctx, in.Ward, bad)
	case CircleArea:
		return s.circle(ctx, in, bad)
	case PolygonArea:
		return s.polygon(ctx, in.Corners, bad)
	default:
		bad.add("area", "choice")
	}
	return AlertArea{Kind: in.Area}, nil
}

func (s *Service) knownWard(ctx context.Context, code string, bad *check) (AlertArea, error) {
	_, names, err := s.wardIndex(ctx)
	if err == nil && names[code] == "" {
		bad.add("ward", "required")
	}
	return AlertArea{Kind: WardArea, Ward: code, Name: names[code]}, err
}

// circle is around a postcode, else around the place given by map or device.
func (s *Service) circle(ctx context.Context, in AlertInput, bad *check) (AlertArea, error) {
	out := AlertArea{Kind: CircleArea, Radius: in.Radius}
	if !slices.Contains(Radii(), in.Radius) {
		bad.add("radius", "choice")
	}
	if strings.TrimSpace(in.Postcode) == "" {
		if !in.HasPlace || !in.Place.Valid() {
			bad.add("postcode", "place_needed")
		}
		out.Centre = in.Place
		return out, nil
	}
	code, ok := PartialPostcode(in.Postcode)
	if !ok {
		bad.add("postcode", "postcode_part")
		return out, nil
	}
	out.Name = code
	row, err := s.store.Postcode(ctx, code)
	if KindOf(err) == NotFound {
		bad.add("postcode", "place_unknown")
		return out, nil
	}
	out.Centre = row.Place
	return out, err
}

// polygon reads corners and holds them to ground that does not cross itself.
func (s *Service) polygon(ctx context.Context, text string, bad *check) (AlertArea, error) {
	out := AlertArea{Kind: PolygonArea}
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
	if len(lines) < 3 || len(lines) > MaxCorners {
		bad.add("corners", "corners_count", "max", MaxCorners)
		return out, nil
	}
	for n, line := range lines {
		p, known, err := s.corner(ctx, strings.TrimSpace(line))
		if err != nil {
			return out, err
		}
		if !known {
			bad.add("corners", "corner", "n", n+1)
			return out, nil
		}
		out.Corners = append(out.Corners, p)
	}
	if last := len(out.Corners) - 1; last > 2 && out.Corners[0] == out.Corners[last] {
		out.Corners = out.Corners[:last]
	}
	shape, err := out.Shape()
	var wrong *geo.Error
	switch {
	case errors.As(err, &wrong) && wrong.Reason == geo.ReasonRingCrosses:
		bad.add("corners", "corners_cross")
	case errors.As(err, &wrong):
		bad.add("corners", "corners_shape")
	case err != nil:
		return out, err
	default:
		box := shape.Bounds()
		if geo.Distance(geo.Point{Lon: box.West, Lat: box.South}, geo.Point{Lon: box.East, Lat: box.North}) > maxAreaSpan {
			bad.add("corners", "corners_far")
		}
	}
	return out, nil
}

// corner is a whole postcode or "latitude, longitude".
func (s *Service) corner(ctx context.Context, line string) (geo.Point, bool, error) {
	code, whole := NormalPostcode(line)
	if !whole {
		p, err := geo.ParsePoint(line)
		return p, err == nil, nil
	}
	row, err := s.store.Postcode(ctx, code)
	if KindOf(err) == NotFound {
		return geo.Point{}, false, nil
	}
	return row.Place, err == nil, err
}

// AlertOf opens an alert by its token.
func (s *Service) AlertOf(ctx context.Context, token string) (Alert, error) {
	id, err := s.open(linkAlert, token)
	if err != nil {
		return Alert{}, err
	}
	return s.store.Alert(ctx, id)
}

// Hits is the log of an alert, newest first, and how long it is.
func (s *Service) Hits(ctx context.Context, alert ID, offset, limit int) ([]Hit, int, error) {
	limit, offset = ClampPage(limit, offset)
	return s.store.Hits(ctx, alert, offset, limit)
}

// ConfirmAlert turns mail on; Closed when the address has as many alerts as it may.
func (s *Service) ConfirmAlert(ctx context.Context, token string) error {
	id, err := s.open(linkAlert, token)
	if err != nil {
		return err
	}
	return s.store.ConfirmAlert(ctx, id, s.change(Actor{}, "alert.confirm", id))
}

// SetAlertRhythm changes how often an alert writes.
func (s *Service) SetAlertRhythm(ctx context.Context, token string, r Rhythm) error {
	if !slices.Contains(Rhythms(), r) {
		return fail(Invalid, "change alert", FieldError{Field: "rhythm", Rule: "choice"})
	}
	return s.setAlert(ctx, token, "alert.rhythm", func(a *Alert) { a.Rhythm = r })
}

// PauseAlert lets an alert rest: it looks for nothing until it is resumed.
func (s *Service) PauseAlert(ctx context.Context, token string) error {
	return s.setAlert(ctx, token, "alert.pause", func(a *Alert) { a.Paused = PausedByOwner })
}

// ResumeAlert lets it look again. What could not be delivered before goes out with the next mail.
func (s *Service) ResumeAlert(ctx context.Context, token string) error {
	return s.setAlert(ctx, token, "alert.resume", func(a *Alert) { a.Paused = "" })
}

func (s *Service) setAlert(ctx context.Context, token, action string, edit func(*Alert)) error {
	a, err := s.AlertOf(ctx, token)
	if err != nil {
		return err
	}
	edit(&a)
	ch := s.change(Actor{}, action, a.ID)
	return s.store.SetAlert(ctx, a.ID, a.Rhythm, a.Paused, a.Rhythm.Next(s.calendar, ch.At, ch.At.Add(-AtOnceGap)), ch)
}

// RemoveAlert ends an alert and forgets everything of it; doing it again is no error.
func (s *Service) RemoveAlert(ctx context.Context, token string) error {
	id, err := s.open(linkAlert, token)
	if err != nil {
		return err
	}
	err = s.store.RemoveAlert(ctx, id, s.change(Actor{}, "alert.end", id))
	if KindOf(err) == NotFound {
		return nil
	}
	return err
}

// ReadNews lets alerts look at a batch of news. Any number of nodes may call it: one reads at a time.
func (s *Service) ReadNews(ctx context.Context, limit int) (Matched, error) {
	return s.store.MatchNews(ctx, s.calendar, s.clock(), limit)
}

// MailAlerts makes the mails of alerts that are due, and counts them.
func (s *Service) MailAlerts(ctx context.Context, limit int) (int, error) {
	return s.store.MailAlerts(ctx, s.clock(), limit)
}

// TidyAlerts forgets what has done its work: alerts that nobody confirmed, old lines of logs, news that all have read.
func (s *Service) TidyAlerts(ctx context.Context) (int, error) {
	now := s.clock()
	return s.store.PurgeAlerts(ctx, now.Add(-ConfirmWithin), now.Add(-HitsKept), now.Add(-NewsKept))
}

// AlertToken opens an alert's page; every mail of it carries it.
func (s *Service) AlertToken(alert ID) string { return s.token(linkAlert, alert) }

const linkAlert linkPurpose = "alert"
