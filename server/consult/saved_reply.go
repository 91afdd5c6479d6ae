package consult

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of saved replies, in characters.
const (
	MaxReplyName   = 120
	MaxReplyPolicy = 300
	// MaxReplyTexts is in how many languages one can be.
	MaxReplyTexts = 8
)

// SavedReply is a text that officers use again and again: what counts in planning, where to see the plans, when a committee meets. It
// can be used once somebody has approved its words as they are now.
type SavedReply struct {
	ID         ID
	Name       string // what officers look it up by
	Service    string // whose it is; "" = everybody's
	Policy     string // where the rule it tells of stands: an address, or words such as "Birmingham Plan PG3"; "" = none
	Texts      []SavedText
	Version    int // compare-and-set; 0 = new
	ApprovedBy string
	ApprovedAt time.Time // zero = not approved since the words changed last
	RetiredAt  time.Time // zero = in use
	Uses       int
	UpdatedAt  time.Time
}

// SavedText is a saved reply in one language. [[title]], [[reference]] and so on stand for what ReplyVariables lists.
type SavedText struct {
	Language string // BCP 47
	Body     string
}

// Usable tells whether it can be put into a reply.
func (r SavedReply) Usable() bool { return !r.ApprovedAt.IsZero() && r.RetiredAt.IsZero() }

// In is its text for a language, else the first one.
func (r SavedReply) In(language string) (SavedText, bool) {
	if i := slices.IndexFunc(r.Texts, func(t SavedText) bool { return t.Language == language }); i >= 0 {
		return r.Texts[i], true
	}
	if len(r.Texts) > 0 {
		return r.Texts[0], false
	}
	return SavedText{}, false
}

// ReplyVariables lists what can stand in double brackets in a saved reply.
func ReplyVariables() []string {
	return []string{"title", "reference", "address", "service", "closes", "promise_days", "link"}
}

var variable = regexp.MustCompile(`\[\[([^\[\]]*)\]\]`)

// CheckSavedReply holds one to its rules. Fields are named "text-<language>".
func CheckSavedReply(r SavedReply) []FieldError {
	var bad check
	bad.line("name", r.Name, MaxReplyName, true)
	bad.line("policy", r.Policy, MaxReplyPolicy, false)
	if len(r.Texts) == 0 {
		bad.add("text", "reply_text")
	}
	seen := map[string]bool{}
	for _, t := range r.Texts {
		field := "text-" + t.Language
		if seen[t.Language] || len(seen) == MaxReplyTexts {
			bad.add(field, "choice")
		}
		seen[t.Language] = true
		bad.text(field, t.Body, MaxMessage, true)
		for _, m := range variable.FindAllStringSubmatch(t.Body, -1) {
			if !slices.Contains(ReplyVariables(), m[1]) {
				bad.add(field, "reply_variable", "name", m[1])
			}
		}
	}
	return bad.fields
}

// ReplyFacts are what the variables stand for in one case; "" = nothing here.
type ReplyFacts map[string]string

// Fill puts facts into a text. Those that have no value here stay in their brackets and are named, so that nobody sends half a sentence.
func Fill(text string, facts ReplyFacts) (filled string, missing []string) {
	filled = variable.ReplaceAllStringFunc(text, func(found string) string {
		name := found[2 : len(found)-2]
		if value := strings.TrimSpace(facts[name]); value != "" {
			return value
		}
		if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return found
	})
	return filled, missing
}

// replyFacts are a consultation's. day words the last day of the round that is open; site is this site's address.
func replyFacts(k Consultation, w Window, day func(Date) string, site string) ReplyFacts {
	f := ReplyFacts{"title": k.Title, "reference": k.Application.Reference, "address": k.Address, "service": k.Service,
		"promise_days": strconv.Itoa(k.Promise()), "link": site + "/consultations/" + k.ID.String()}
	if w.Status == WindowOpen {
		f["closes"] = day(w.Round.Closes)
	}
	return f
}

// SavedReplyStore keeps saved replies.
type SavedReplyStore interface {
	SavedReplies(ctx context.Context) ([]SavedReply, error) // by name; retired ones last
	SavedReply(ctx context.Context, id ID) (SavedReply, error)
	// SaveReply inserts or replaces one; Conflict when its version is not the one kept.
	SaveReply(ctx context.Context, r SavedReply, ch Change) error
	// UseReply counts a use.
	UseReply(ctx context.Context, id ID, ch Change) error
}
