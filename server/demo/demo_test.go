package demo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/demo"
	"github.com/yousaid/yousaid/server/store"
)

// noon is a Thursday, so that yesterday and tomorrow are working days.
var noon = time.Date(2026, 3, 19, 12, 0, 0, 0, time.UTC)

// loaded is the demo in a temporary store, seen at the moment it was loaded.
type loaded struct {
	t      *testing.T
	store  *store.Store
	svc    *consult.Service
	result demo.Result
	now    time.Time
}

func empty(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func load(t *testing.T, now time.Time) loaded {
	t.Helper()
	s := empty(t)
	result, err := demo.Load(t.Context(), s, consult.England(), now)
	if err != nil {
		t.Fatal(err)
	}
	svc, err := consult.New(t.Context(), s, func() time.Time { return now }, consult.England())
	if err != nil {
		t.Fatal(err)
	}
	return loaded{t, s, svc, result, now}
}

// cases reads every consultation as a visitor does.
func (l loaded) cases() []consult.CaseView {
	l.t.Helper()
	page, err := l.svc.Search(l.t.Context(), consult.Filter{Limit: 100})
	if err != nil {
		l.t.Fatal(err)
	}
	var views []consult.CaseView
	for _, card := range page.Cards {
		v, err := l.svc.Case(l.t.Context(), consult.Actor{}, card.Consultation.ID)
		if err != nil {
			l.t.Fatal(err)
		}
		if v.Consultation.Kind.Planning() {
			views = append(views, v)
		}
	}
	return views
}

func (l loaded) comments(id consult.ID) []consult.Comment {
	l.t.Helper()
	list, _, err := l.svc.Comments(l.t.Context(), consult.Actor{}, consult.CommentFilter{Consultation: id, Limit: 100})
	if err != nil {
		l.t.Fatal(err)
	}
	return list
}

func (l loaded) thread(id consult.ID) consult.ThreadView {
	l.t.Helper()
	v, err := l.svc.Thread(l.t.Context(), consult.Actor{}, id, 0, 200)
	if err != nil {
		l.t.Fatal(err)
	}
	return v
}

// What one loading gives, looked at from every side.
func TestDemo(t *testing.T) {
	l := load(t, noon)
	t.Run("every state is there and alive", l.everyStateIsThereAndAlive)
	t.Run("windows", l.windows)
	t.Run("inbox has work", l.inboxHasWork)
	t.Run("variety", l.variety)
	t.Run("S22 contacts are nowhere public", l.contactsAreNowherePublic)
	t.Run("geometry", l.geometry)
	t.Run("no mail is sent", l.noMailIsSent)
	t.Run("officers", l.officers)
	t.Run("empty stores only", l.emptyStoresOnly)
}

// Eight applications, one in each state from validated to decided, each alive in its own way.
func (l loaded) everyStateIsThereAndAlive(t *testing.T) {
	want := []consult.State{consult.Validated, consult.Consulting, consult.ClosedState, consult.Amended, consult.Reconsulting,
		consult.Assessed, consult.InCommittee, consult.Decided}
	views := l.cases()
	if len(views) != len(want) || l.result.Consultations != len(want) {
		t.Fatalf("%d applications", len(views))
	}
	for i, state := range want {
		reference := fmt.Sprintf("2099/%05d/PA", i+1)
		at := slices.IndexFunc(views, func(v consult.CaseView) bool { return v.Consultation.Application.Reference == reference })
		if at < 0 {
			t.Fatalf("%s is missing", reference)
		}
		v := views[at]
		k := v.Consultation
		if k.State != state || !k.Demo || !k.HasPlace || k.Title == "" || k.Summary == "" {
			t.Errorf("%s: state %s, want %s; demo %v, title %q", reference, k.State, state, k.Demo, k.Title)
		}
		if k.WardCode == "" || v.WardName == "" || k.Influence == (consult.Influence{}) || len(v.Documents) < 3 || len(v.Threads) < 2 || v.Tally.Answers == 0 {
			t.Errorf("%s: ward %q, %d documents, %d threads, %d answers", reference, k.WardCode, len(v.Documents), len(v.Threads), v.Tally.Answers)
		}
		if state != consult.Validated && (v.Tally.Comments < 5 || v.Tally.Published < 4 || len(l.comments(k.ID)) != v.Tally.Published) {
			t.Errorf("%s: %d comments, %d published", reference, v.Tally.Comments, v.Tally.Published)
		}
		if last := v.History[len(v.History)-1]; last.To != state || last.At.After(noon) {
			t.Errorf("%s: the last move is %+v", reference, last)
		}
		for j, e := range v.History {
			if j > 0 && (e.From != v.History[j-1].To || e.At.Before(v.History[j-1].At)) {
				t.Errorf("%s: history %+v", reference, v.History)
			}
		}
	}
}

// What can be done now is what the state promises.
func (l loaded) windows(t *testing.T) {
	want := map[consult.State]consult.WindowStatus{
		consult.Validated: consult.WindowNotYet, consult.Consulting: consult.WindowOpen, consult.ClosedState: consult.WindowLate,
		consult.Amended: consult.WindowLate, consult.Reconsulting: consult.WindowOpen, consult.Assessed: consult.WindowLate,
		consult.InCommittee: consult.WindowLate, consult.Decided: consult.WindowClosed,
	}
	for _, v := range l.cases() {
		if v.Window.Status != want[v.Consultation.State] {
			t.Errorf("%s: window %s", v.Consultation.State, v.Window.Status)
		}
		switch v.Consultation.State {
		case consult.Reconsulting:
			if v.Window.DaysLeft > 5 || len(v.Rounds) != 2 || v.Consultation.Version != 2 || v.Current.Number != 2 {
				t.Errorf("the second round closes soon: %d days left, %d rounds, version %d", v.Window.DaysLeft, len(v.Rounds), v.Consultation.Version)
			}
			if string(v.Versions[0].Massing) == string(v.Versions[1].Massing) || string(v.Versions[0].Boundary) == string(v.Versions[1].Boundary) ||
				v.Versions[0].Summary == v.Versions[1].Summary {
				t.Error("the second version changes nothing")
			}
		case consult.Decided:
			topics := map[consult.Topic]bool{}
			effects := map[consult.Effect]bool{}
			for _, o := range v.Outcomes {
				topics[o.Topic], effects[o.Effect] = true, true
			}
			if len(topics) < 5 || len(effects) != len(consult.Effects()) || v.Consultation.Application.Decision != "granted" {
				t.Errorf("outcomes %+v", v.Outcomes)
			}
		}
	}
}

// The officers find work: late and coming promises, comments to publish, a held message.
func (l loaded) inboxHasWork(t *testing.T) {
	officer := l.result.Planning.Actor()
	for view, least := range map[consult.InboxView]int{consult.InboxUnanswered: 6, consult.InboxPublish: 6, consult.InboxHeld: 1, consult.InboxMine: 2,
		consult.InboxMentions: 1, consult.InboxSnoozed: 1} {
		page, err := l.svc.Inbox(t.Context(), officer, consult.InboxFilter{View: view}, 0)
		if err != nil || len(page.Items) < least {
			t.Errorf("%s: %d items, %v", view, len(page.Items), err)
			continue
		}
		if view != consult.InboxUnanswered {
			continue
		}
		due := map[consult.Date]bool{}
		late, coming := 0, 0
		for _, item := range page.Items {
			due[consult.England().Day(item.Due)] = true
			if item.Due.Before(noon) {
				late++
			} else {
				coming++
			}
		}
		if len(due) < 3 || late == 0 || coming == 0 {
			t.Errorf("%d different promises, %d late, %d coming", len(due), late, coming)
		}
	}
}

// Every way of speaking is there: stances, channels, languages, rules of moderation.
func (l loaded) variety(t *testing.T) {
	stances, channels, languages := map[consult.Stance]int{}, map[consult.Channel]int{}, map[string]int{}
	redacted, unpublished, states := 0, 0, map[consult.MessageState]int{}
	for _, v := range l.cases() {
		for _, c := range l.comments(v.Consultation.ID) {
			stances[c.Stance]++
			channels[c.Channel]++
			languages[c.Language]++
			if c.Redacted {
				redacted++
			}
			if c.HasPlace && !c.Place.Valid() || c.WardCode == "" {
				t.Errorf("%s: place %v, ward %q", v.Consultation.Application.Reference, c.Place, c.WardCode)
			}
		}
		for _, th := range v.Threads {
			for _, m := range l.thread(th.ID).Messages {
				states[m.State]++
				if m.State != consult.MessageVisible && m.Body != "" {
					t.Errorf("the words of a %s message can be read", m.State)
				}
				if m.State == consult.MessageHidden && (m.Rule == "" || m.Reason == "") {
					t.Error("hidden without rule and reason")
				}
			}
		}
	}
	if err := l.store.EachReachRow(t.Context(), consult.ReachFilter{}, func(r consult.ReachRow) error {
		if !r.Published {
			unpublished++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(stances) != 3 || len(channels) < 4 || languages["ur"] < 3 || redacted < 3 || states[consult.MessageHeld] != 1 || states[consult.MessageHidden] != 1 || unpublished < 6 {
		t.Errorf("stances %v, channels %v, languages %v, %d redacted, messages %v, %d unpublished", stances, channels, languages, redacted, states, unpublished)
	}
	answers, err := l.store.Equality(t.Context(), consult.ReachFilter{})
	if err != nil || len(answers) < 10 {
		t.Errorf("%d equality answers, %v", len(answers), err)
	}
}

// Every boundary and massing is valid, around its site and inside the ward it is listed under.
func (l loaded) geometry(t *testing.T) {
	areas, err := l.svc.Areas(t.Context(), "ward")
	if err != nil || len(areas) != 5 {
		t.Fatalf("%d wards, %v", len(areas), err)
	}
	shapes := map[string]geo.Geometry{}
	for _, a := range areas {
		g, err := geo.ParseGeoJSON(a.Geometry, geo.DefaultLimits())
		if err != nil {
			t.Fatalf("%s: %v", a.Code, err)
		}
		if !strings.Contains(a.Source, "sketched") {
			t.Errorf("%s does not say that it is a sketch", a.Code)
		}
		for code, other := range shapes {
			if other.Contains(g.PinPoint()) || g.Contains(other.PinPoint()) {
				t.Errorf("%s and %s overlap", a.Code, code)
			}
		}
		shapes[a.Code] = g
	}
	for _, v := range l.cases() {
		k := v.Consultation
		for _, version := range v.Versions {
			b, err := geo.ParseGeoJSON(version.Boundary, geo.DefaultLimits())
			if err != nil {
				t.Fatalf("%s: %v", k.Application.Reference, err)
			}
			m, err := geo.ParseMassing(version.Massing, geo.DefaultLimits())
			if err != nil {
				t.Fatalf("%s: %v", k.Application.Reference, err)
			}
			if geo.Distance(b.PinPoint(), k.Place) > 120 || !shapes[k.WardCode].Contains(b.PinPoint()) {
				t.Errorf("%s: the boundary is %.0f m from the pin", k.Application.Reference, geo.Distance(b.PinPoint(), k.Place))
			}
			for _, block := range m.Blocks {
				if !b.Contains(block.Footprint.PinPoint()) || block.Name == "" {
					t.Errorf("%s version %d: %q stands outside the boundary", k.Application.Reference, version.Number, block.Name)
				}
			}
		}
	}
}

// Nobody gets mail about invented history.
func (l loaded) noMailIsSent(t *testing.T) {
	waiting, err := l.store.ClaimDeliveries(t.Context(), noon.Add(24*time.Hour), time.Minute, 10)
	if err != nil || len(waiting) != 0 {
		t.Errorf("%d mails wait, %v", len(waiting), err)
	}
}

// The officers can do their jobs, and only theirs.
func (l loaded) officers(t *testing.T) {
	for _, c := range []struct {
		officer consult.Officer
		can     consult.Action
		cannot  consult.Action
	}{
		{l.result.Planning, consult.RecordOutcome, consult.ManageOfficers}, {l.result.Transport, consult.Reply, consult.ExportData},
		{l.result.Analyst, consult.ExportData, consult.WorkInbox}, {l.result.Admin, consult.ManageOfficers, consult.Unlimited},
	} {
		kept, err := l.store.OfficerByEmail(t.Context(), c.officer.Email)
		if err != nil || kept.Disabled || !consult.Can(kept.Actor(), c.can) || consult.Can(kept.Actor(), c.cannot) {
			t.Errorf("%s: %+v, %v", c.officer.Email, kept, err)
		}
		if !strings.HasSuffix(kept.Email, "@example.org") || !strings.HasPrefix(kept.Name, "Demo ") {
			t.Errorf("%s, %s", kept.Email, kept.Name)
		}
	}
}

// TestTheDemoKeepsBreaksAndPausesPromises looks that a newcomer sees all three.
func TestTheDemoKeepsBreaksAndPausesPromises(t *testing.T) {
	h := load(t, time.Date(2026, 6, 10, 10, 0, 0, 0, time.UTC))
	kept, broken, paused, unpromised := 0, 0, 0, 0
	count := func(r consult.PromiseRow) error {
		switch {
		case !r.Promised:
			unpromised++
		case r.State == consult.PointPaused:
			paused++
		case !r.FirstAt.IsZero() && r.FirstAt.After(r.FirstDue):
			broken++
		case !r.FirstAt.IsZero():
			kept++
		}
		return nil
	}
	if err := h.store.EachPromiseRow(t.Context(), 0, count); err != nil || kept == 0 || broken == 0 || paused == 0 || unpromised == 0 {
		t.Errorf("%d kept, %d broken, %d paused, %d not promised, %v", kept, broken, paused, unpromised, err)
	}
}
