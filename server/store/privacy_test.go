package store_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
)

// private are the tables that no reader of published things may need.
var private = []string{"original", "original_point", "contact", "draft", "applicant", "follow", "delivery", "equality", "officer", "session",
	"link", "token", "audit", "idempotency", "alert", "alert_cell", "alert_hit", "webhook", "webhook_delivery", "address", "neighbour", "neighbour_search", "letter", "consultee_contact", "consultee_original",
	"desk_item", "desk_act", "desk_act_item", "desk_note", "desk_mention", "officer_desk", "saved_view", "routing_rule", "routing",
	"redaction", "second_look", "correction", "verdict_reason",
	"consultee_directory", "fact_sent", "flag", "objection", "hidden_text", "author_mark", "trace", "trace_key", "signal_look", "councillor_contact", "presence", "reply_draft"}

// TestS22PublicReadersWorkWithoutThePrivateTables takes the private tables away and calls everything that serves the public.
func TestS22PublicReadersWorkWithoutThePrivateTables(t *testing.T) {
	bothEngines(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		consultation := aConsultation(t, s)
		id := consult.ID(1 << 40)
		if err := submit(ctx, s, consultation, id); err != nil {
			t.Fatal(err)
		}
		published := consult.Comment{ID: id, State: consult.CommentPublished, Points: []consult.CommentPoint{{Topic: "light", Text: "dark"}}}
		if err := s.PublishComment(ctx, published, nil, consult.Change{At: now}); err != nil {
			t.Fatal(err)
		}
		thread := consult.Thread{ID: 1 << 41, Consultation: consultation, Anchor: consult.OnConsultation, AnchorID: consultation}
		message := consult.Message{ID: 1 << 42, Author: consult.ByResident, State: consult.MessageVisible}
		if _, err := s.StartThread(ctx, thread, message, consult.Change{At: now}); err != nil {
			t.Fatal(err)
		}
		concern := consult.ID(1 << 43)
		sorted := consult.Concern{ID: concern, Consultation: consultation, Title: "Will it be dark?"}
		if err := s.SaveConcern(ctx, sorted, []consult.PointRef{{Source: id, Topic: "light"}}, consult.ByHand, consult.Change{At: now}); err != nil {
			t.Fatal(err)
		}
		for _, table := range private {
			if _, err := s.Writer().ExecContext(ctx, `ALTER TABLE `+table+` RENAME TO taken_away_`+table); err != nil {
				t.Fatal(err)
			}
		}
		none := func(consult.Comment) error { return nil }
		for name, err := range map[string]error{
			"consultation":           second(s.Consultation(ctx, consultation)),
			"consultation by number": second(s.ConsultationByReference(ctx, "a", "2099/00001/PA")),
			"list":                   second(s.Consultations(ctx, consult.Filter{Words: "homes"})),
			"near":                   second(s.Consultations(ctx, consult.Filter{Near: geo.Point{Lon: 1, Lat: 1}, Radius: 9})),
			"publicity":              second(s.Publicity(ctx, consultation)),
			"rounds":                 second(s.Rounds(ctx, consultation)),
			"versions":               second(s.Versions(ctx, consultation)),
			"documents":              second(s.Documents(ctx, consultation)),
			"history":                second(s.StateEvents(ctx, consultation)),
			"amendments":             second(s.Amendments(ctx, consultation)),
			"tally":                  second(s.Tally(ctx, consultation)),
			"places":                 second(s.Places(ctx)),
			"comment":                second(s.Comment(ctx, id)),
			"comments":               third(s.Comments(ctx, consult.CommentFilter{Consultation: consultation})),
			"export":                 s.EachComment(ctx, consult.CommentFilter{Consultation: consultation}, none),
			"thread":                 second(s.Thread(ctx, thread.ID)),
			"threads":                second(s.Threads(ctx, consultation, 9)),
			"message":                second(s.Message(ctx, message.ID)),
			"messages":               second(s.Messages(ctx, thread.ID, 0, 9)),
			"answers":                second(s.LatestAnswers(ctx, consultation, 9)),
			"heads":                  second(s.Heads(ctx, []consult.ID{thread.ID})),
			"events":                 second(s.Events(ctx, thread.ID, 0, 9)),
			"rings":                  second(s.Rings(ctx, 9)),
			"outcomes":               second(s.Outcomes(ctx, consultation)),
			"fact cards":             second(s.Facts(ctx, consultation, true)),
			"fact versions":          second(s.FactVersions(ctx, 1)),
			"facts pinned":           second(s.PinnedFacts(ctx, []consult.ID{message.ID, id})),
			"utterances":             second(s.Utterances(ctx, consultation, 9)),
			"topics raised":          second(s.TopicsRaised(ctx, consultation)),
			"figures of topics":      second(s.PointCounts(ctx, consultation)),
			"topic summaries":        second(s.Summaries(ctx, consultation)),
			"points on a topic":      third(s.PointsOn(ctx, consultation, "light", 0, 9)),
			"topics covered":         second(s.CoveredTopics(ctx, id)),
			"concern":                second(s.Concern(ctx, concern)),
			"concerns":               second(s.Concerns(ctx, consultation, now)),
			"points of a concern":    third(s.PublishedConcernPoints(ctx, concern, 0, 9)),
			"shown concerns":         second(s.ConcernsShown(ctx, consultation)),
			"concerns of a point":    second(s.ConcernsOf(ctx, consult.PointRef{Source: id, Topic: "light"})),
			"officer report":         second(s.Report(ctx, consultation, consult.AllCites)),
			"reach":                  s.EachReachRow(ctx, consult.ReachFilter{}, func(consult.ReachRow) error { return nil }),
			"answers to a concern":   second(s.Answers(ctx, concern)),
			"newest answers":         third(s.LatestAnswersOf(ctx, []consult.ID{concern})),
			"consultees":             second(s.Consultees(ctx, consultation)),
			"consultees' answers":    third(s.ConsulteeResponses(ctx, consultation, 0, 9)),
			"consultees counted":     second(s.ConsulteeTally(ctx, consultation)),
			"benchmarks":             second(s.Benchmarks(ctx, "population")),
			"areas":                  second(s.Areas(ctx, "ward")),
			"sites":                  s.EachSite(ctx, consult.FeatureFilter{}, func(consult.Site) error { return nil }),
			"rounds of sites":        s.EachRoundSite(ctx, consult.FeatureFilter{}, func(consult.RoundSite) error { return nil }),
			"published comments":     s.EachPublished(ctx, consult.FeatureFilter{Words: true}, none),
			"counted comments":       second(s.CountPublished(ctx, consult.FeatureFilter{})),
			"extent":                 second(s.FeatureExtent(ctx)),
			"moves":                  second(s.Moves(ctx, 0, consult.Filter{}, 9)),
			"supports":               second(s.Supports(ctx, 7, []consult.ID{id})),
			"decisions":              third(s.Decisions(ctx, 0, consultation, 0, 9)),
			"hidden comments":        second(s.HiddenComments(ctx, consultation)),
			"postings":               second(s.Posting(ctx, consultation)),
			"deadlines":              second(s.Deadlines(ctx, 0, consult.Filter{}, "", 9)),
		} {
			if err != nil {
				t.Errorf("%s needs a private table: %v", name, err)
			}
		}
		if _, err := s.CommentFile(ctx, id); consult.KindOf(err) != consult.Internal {
			t.Errorf("the officers' view does not need them: %v; then this test proves nothing", err)
		}
	})
}

func second[V any](_ V, err error) error        { return err }
func third[V, W any](_ V, _ W, err error) error { return err }

// apart says which files may name which private tables.
var apart = map[string]string{
	"inbox.go": "original_point verdict_reason desk_item officer_desk", "inbox_lines.go": "original_point desk_item desk_mention officer_desk officer",
	"desk.go": "desk_item desk_act desk_act_item desk_mention", "desk_act.go": "desk_act desk_act_item desk_mention desk_note audit",
	"desk_note.go": "desk_note desk_mention desk_act desk_act_item audit", "officer_desk.go": "officer_desk saved_view",
	"routing.go": "routing routing_rule desk_item officer officer_desk",
	"news.go":    "webhook_delivery", "alert.go": "alert alert_cell alert_hit delivery", "alert_match.go": "alert alert_cell alert_hit", "webhook.go": "webhook webhook_delivery",
	"delivery_log.go": "delivery alert alert_hit follow contact",
	"address.go":      "address", "neighbour.go": "neighbour neighbour_search letter", "letter.go": "letter contact neighbour consultee_contact delivery",
	"letter_mail.go": "contact", "consultee.go": "consultee_contact consultee_directory delivery letter",
	"consultee_answer.go": "consultee_contact consultee_original",
	"redaction.go":        "redaction second_look correction original original_point contact",
	"comment_file.go":     "original original_point contact second_look", "concern_words.go": "original_point", "draft.go": "draft", "case.go": "applicant", "follow.go": "follow contact delivery",
	"councillor.go": "councillor_contact", "presence.go": "presence reply_draft officer",
	"mail.go": "follow contact delivery", "delivery.go": "delivery alert alert_hit", "equality.go": "equality contact",
	"officer.go": "officer session token", "session.go": "session link officer", "audit.go": "audit", "change.go": "idempotency",
	"imported.go": "original original_point contact redaction second_look", "fact_mail.go": "fact_sent follow contact", "system.go": "officer", "purge.go": "draft reply_draft session link idempotency",
	"bundle.go": "audit applicant", "retention.go": "desk_note delivery contact follow applicant equality original original_point neighbour consultee_contact consultee_original fact_sent redaction second_look correction flag objection author_mark hidden_text verdict_reason",
	"answer_delivery.go": "contact", "verdict.go": "verdict_reason",
	"flag.go": "flag objection", "moderation.go": "flag objection hidden_text", "signal.go": "author_mark trace trace_key signal_look contact original_point",
}

var (
	literal   = regexp.MustCompile("`[^`]*`")
	tableName = regexp.MustCompile(`(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)`)
)

func TestS22PrivateTablesAreNamedInTheirOwnFilesOnly(t *testing.T) {
	for name, source := range sources(t) {
		allowed := strings.Fields(apart[name])
		used := map[string]bool{}
		for _, statement := range literal.FindAllString(source, -1) {
			for _, m := range tableName.FindAllStringSubmatch(statement, -1) {
				used[m[1]] = true
				if slices.Contains(private, m[1]) && !slices.Contains(allowed, m[1]) {
					t.Errorf("%s names the private table %s", name, m[1])
				}
			}
		}
		for _, table := range allowed {
			if !used[table] {
				t.Errorf("%s no longer names %s: take it off the list", name, table)
			}
		}
	}
}

// glue lists what may be added to a statement besides constants: a dialect's suffix, a view of the inbox, conditions with marks.
var glue = []string{"s.skipLocked", "q", "rows", "gone.String()"}

// TestS11ValuesNeverBecomeSQL: nothing is formatted in this package, and only constants are glued to statements. query.go, which
// writes the marks, is read by people.
func TestS11ValuesNeverBecomeSQL(t *testing.T) {
	set := token.NewFileSet()
	var parsed []*ast.File
	constants := map[string]bool{}
	for name, source := range sources(t) {
		file, err := parser.ParseFile(set, name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
		for name, o := range file.Scope.Objects {
			constants[name] = constants[name] || o.Kind == ast.Con
		}
		for _, i := range file.Imports {
			if i.Path.Value == `"fmt"` || strings.Contains(i.Path.Value, "template") {
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
	}
	glued := 0
	for _, file := range parsed {
		ast.Inspect(file, func(n ast.Node) bool {
			sum, ok := n.(*ast.BinaryExpr)
			if !ok || sum.Op != token.ADD || !strings.Contains(written(set, sum), "`") {
				return true
			}
			for _, part := range []ast.Expr{sum.X, sum.Y} {
				switch part.(type) {
				case *ast.BasicLit, *ast.BinaryExpr:
					continue
				}
				glued++
				if text := written(set, part); !constants[text] && !slices.Contains(glue, text) {
					t.Errorf("%v: %s is glued to a statement", set.Position(part.Pos()), text)
				}
			}
			return true
		})
	}
	if glued < 20 {
		t.Errorf("only %d parts were looked at", glued)
	}
}

// written is the source of a node.
func written(set *token.FileSet, n ast.Node) string {
	var b strings.Builder
	if err := printer.Fprint(&b, set, n); err != nil {
		return err.Error()
	}
	return b.String()
}

// sources reads this package's own files.
func sources(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		found[e.Name()] = string(text)
	}
	if len(found) < 20 {
		t.Fatalf("only %d files: %v", len(found), errors.New("the wrong folder"))
	}
	return found
}

// TestS22EqualityRowsLeadNowhere: no column could name a comment, a moment or an order.
func TestS22EqualityRowsLeadNowhere(t *testing.T) {
	bothEngines(t, func(t *testing.T, s *store.Store) {
		var mine []string
		for _, c := range columns(t, s) {
			if column, ok := strings.CutPrefix(c, "equality."); ok {
				mine = append(mine, column)
			}
		}
		want := []string{"age_band text", "consultation integer", "disability text", "ethnic_group text", "id integer", "recorded_on text",
			"sex text", "ward_code text"}
		if !slices.Equal(mine, want) {
			t.Errorf("columns %v, want %v", mine, want)
		}
		consultation := aConsultation(t, s)
		for i := range 40 {
			id := consult.ID(1<<40 + i)
			a := consult.EqualityAnswers{Consultation: consultation}
			if err := errors.Join(submit(t.Context(), s, consultation, id), s.SaveEquality(t.Context(), id, a, consult.Change{At: now})); err != nil {
				t.Fatal(err)
			}
		}
		var oldest, newest int64
		if err := s.Writer().QueryRowContext(t.Context(), `SELECT MIN(id), MAX(id) FROM equality`).Scan(&oldest, &newest); err != nil {
			t.Fatal(err)
		}
		// 40 random 63-bit numbers lie within an eighth of their range once in 10³⁴; ids made from the clock always do.
		if newest-oldest < 1<<60 {
			t.Errorf("ids from %d to %d are not random", oldest, newest)
		}
	})
}
