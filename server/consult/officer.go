package consult

import "time"

// Officer is somebody who can sign in. Name and e-mail are for colleagues; residents see Service and Title.
type Officer struct {
	ID        ID
	Email     string // lower case
	Name      string
	Service   string
	Title     string
	Roles     []Role
	Disabled  bool
	CreatedAt time.Time
	SeenAt    time.Time
}

// Actor is the officer as one who acts.
func (o Officer) Actor() Actor {
	return Actor{Kind: Signed, ID: o.ID, Roles: o.Roles, Service: o.Service, Title: o.Title}
}

// Session is a signed-in browser. Only the hash of its token is kept.
type Session struct {
	Hash      string // hex SHA-256 of the cookie's token
	Officer   Officer
	CreatedAt time.Time
	SeenAt    time.Time
	Agent     string // the browser's name, to recognise it in the list of sessions
}

// LinkPurpose is what a one-time link does.
type LinkPurpose string

// The purposes.
const (
	LinkSignIn LinkPurpose = "sign-in"
	LinkInvite LinkPurpose = "invite"
	LinkSetUp  LinkPurpose = "set-up" // first admin of an empty database
)

// Link is a one-time link; only hashes are kept. It is consumed by POST.
type Link struct {
	Hash      string // hex SHA-256 of the token
	CodeHash  string // hex SHA-256 of the six-digit code for another device; "" = none
	Purpose   LinkPurpose
	Officer   ID
	Browser   string // hash of the cookie of the browser that asked; "" = any browser
	ExpiresAt time.Time
	Tries     int // wrong codes so far
}

// Token is an API token. Only its hash is kept.
type Token struct {
	ID        ID
	Hash      string
	Role      Role
	Label     string
	CreatedAt time.Time
	ExpiresAt time.Time // zero = never
}
