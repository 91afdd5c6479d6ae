package consult

import (
	"slices"
	"strings"
)

// Role is what a signed-in person may be.
type Role string

// The roles. A resident needs none.
const (
	RoleOfficer   Role = "officer"   // reads everything of a consultation, replies, redacts, records outcomes
	RoleModerator Role = "moderator" // hides and restores messages, publishes comments
	RoleAnalyst   Role = "analyst"   // reads protected figures, exports published data
	RoleAdmin     Role = "admin"     // manages officers; holds every other role's rights
	RoleLoad      Role = "load"      // a load test: no rate limits; exists only where the operator allows it
)

// Roles lists the roles a person can be given by an admin.
func Roles() []Role { return []Role{RoleOfficer, RoleModerator, RoleAnalyst, RoleAdmin} }

// ActorKind says what sort of actor acts.
type ActorKind string

// The kinds of actor.
const (
	Visitor  ActorKind = "visitor" // a resident; ID is a random number kept in their browser, 0 where they have none
	Signed   ActorKind = "officer" // somebody signed in
	Machine  ActorKind = "system"  // the program itself: import, relay, demo
	ByBearer ActorKind = "token"   // an API token
)

// Actor is who acts. The zero Actor is a visitor without a browser id.
type Actor struct {
	Kind    ActorKind
	ID      ID
	Roles   []Role
	Service string // the service a reply is shown under, e.g. "Planning"
	Title   string // the role a reply is shown under, e.g. "Planning officer"
	From    Origin // where a visitor's write comes from; kept as a Trace only
}

// System is the program itself, with every right.
func System() Actor { return Actor{Kind: Machine} }

// Has tells whether the actor holds the role; admins hold every role but load.
func (a Actor) Has(r Role) bool {
	if a.Kind == Machine {
		return true
	}
	return slices.Contains(a.Roles, r) || r != RoleLoad && slices.Contains(a.Roles, RoleAdmin)
}

// Standing is service and role as the public is told who acted: "Planning, Planning officer"; "" for the program itself.
func (a Actor) Standing() string {
	return strings.Join(slices.DeleteFunc([]string{a.Service, a.Title}, func(s string) bool { return s == "" }), ", ")
}

// Official tells whether the actor speaks for the authority.
func (a Actor) Official() bool {
	return a.Kind == Machine || a.Has(RoleOfficer) || a.Has(RoleModerator)
}

// Action is something the policy decides about. Routes name one on their line.
type Action string

// The actions.
const (
	Read           Action = "read"            // published things
	Take           Action = "take-part"       // comment, ask, follow
	WorkInbox      Action = "work-inbox"      // the officers' desk and originals
	Reply          Action = "reply"           // answer officially
	Publish        Action = "publish"         // redact and publish comments
	Moderate       Action = "moderate"        // hide and restore messages
	RecordOutcome  Action = "record-outcome"  // outcomes and states
	Route          Action = "route"           // the rules that send what comes in to services
	ReadReach      Action = "read-reach"      // the analyst's pages
	ExportData     Action = "export"          // files of published and protected data
	ManageOfficers Action = "manage-officers" // invite, change roles, disable
	ManageWebhooks Action = "manage-webhooks" // addresses that news is sent to
	Import         Action = "import"          // applications, areas and benchmarks in
	Unlimited      Action = "unlimited"       // no rate limits
)

var policy = map[Action][]Role{
	WorkInbox:      {RoleOfficer, RoleModerator},
	Reply:          {RoleOfficer},
	Publish:        {RoleOfficer, RoleModerator},
	Moderate:       {RoleModerator, RoleOfficer},
	RecordOutcome:  {RoleOfficer},
	Route:          {RoleOfficer}, // those who get what is sent wrongly can mend it
	ReadReach:      {RoleAnalyst, RoleOfficer},
	ExportData:     {RoleAnalyst},
	ManageOfficers: {RoleAdmin},
	ManageWebhooks: {RoleAdmin},
	Import:         {RoleAdmin},
	Unlimited:      {RoleLoad},
}

// Can is the one policy function; every door calls it. Reading published things and taking part is everybody's.
func Can(a Actor, do Action) bool {
	if do == Read || do == Take {
		return true
	}
	return slices.ContainsFunc(policy[do], a.Has)
}

// Must is Can as an error: SignedOut for a visitor, Forbidden for somebody known.
func Must(a Actor, do Action, op string) error {
	switch {
	case Can(a, do):
		return nil
	case a.Kind == Signed || a.Kind == ByBearer:
		return fail(Forbidden, op)
	default:
		return fail(SignedOut, op)
	}
}
