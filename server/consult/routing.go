package consult

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/geo"
)

// RoutingRule sends what comes in to a service. Rules are tried in their order, and the first enabled one that fits decides. A rule
// never looks at the stance: who is for and who is against is answered by the same people.
type RoutingRule struct {
	ID        ID
	Name      string
	Enabled   bool
	Area      AlertArea        // where: as of an alert
	Topic     Topic            // comments that speak on it; "" = any, as below
	Kind      ConsultationKind // of the consultation
	Type      string           // beginning of the application's type
	Language  string           // BCP 47, of what was written
	Service   string           // to whom
	Officer   ID               // of that service; 0 = nobody in particular
	UpdatedAt time.Time
}

// MaxRules bounds the list: every comment that comes in is held to each of them.
const MaxRules = 50

// Arrival is what rules look at: a comment or a thread as it came in.
type Arrival struct {
	Item     ID
	What     DeskKind
	Topics   []Topic
	Kind     ConsultationKind
	Type     string
	Language string
	Ward     string    // of the comment, else of the consultation
	Place    geo.Point // of the comment, else of the consultation
	HasPlace bool
}

// Fits tells whether the rule is about the arrival, enabled or not.
func (r RoutingRule) Fits(a Arrival) bool {
	switch {
	case r.Topic != "" && !slices.Contains(a.Topics, r.Topic),
		r.Kind != "" && r.Kind != a.Kind,
		r.Type != "" && !ofKind(a.Type, r.Type),
		r.Language != "" && baseLanguage(r.Language) != baseLanguage(a.Language):
		return false
	}
	switch area := r.Area; area.Kind {
	case WardArea:
		return a.Ward == area.Ward
	case CircleArea:
		return a.HasPlace && geo.Distance(area.Centre, a.Place) <= float64(area.Radius)
	case PolygonArea:
		shape, err := area.Shape()
		return err == nil && a.HasPlace && shape.Contains(a.Place)
	}
	return true
}

// baseLanguage is a tag's first part: "ur" of "ur-PK".
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return base
}

// RuleFor is the rule that decides about an arrival.
func RuleFor(rules []RoutingRule, a Arrival) (RoutingRule, bool) {
	i := slices.IndexFunc(rules, func(r RoutingRule) bool { return r.Enabled && r.Fits(a) })
	if i < 0 {
		return RoutingRule{}, false
	}
	return rules[i], true
}

// Routing is the ordered list of rules. Version counts its changes: whoever saves an older one gets a Conflict.
type Routing struct {
	Rules   []RoutingRule
	Version int
}

// RoutedItem is what became of one of the last arrivals, and what the rules would do with it now.
type RoutedItem struct {
	Arrival
	Consultation ID
	Heading      string
	At           time.Time
	Assignment   Assignment // as it is
}

// RoutingStore keeps the rules. Store.SaveComment and Store.StartThread hold every arrival to them in their own transaction.
type RoutingStore interface {
	Routing(ctx context.Context) (Routing, error)
	// SaveRouting replaces the whole list; Conflict when it is no longer at its version.
	SaveRouting(ctx context.Context, r Routing, ch Change) error
	// Arrivals lists what came in last, newest first.
	Arrivals(ctx context.Context, limit int) ([]RoutedItem, error)
}
