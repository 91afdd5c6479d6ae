// Package consult is the domain: what a council asks, what residents say, what is answered and what came of it.
//
// It decides; everything around it carries. One noun has one file, and the same file name in store, web and api:
//
//	consultation.go  what the authority asks about, its planning application, rounds, versions and documents
//	comment.go       the formal representation: a stance, a place, one point per topic
//	draft.go         a comment being written, so that no typed word is lost
//	thread.go        informal dialogue: threads, messages, events
//	imported.go      a comment that was made elsewhere
//	exchange.go      a public case as other systems are handed it
//	outcome.go       "you said, we did", one per topic
//	follow.go        who wants to be told by e-mail
//	officer.go       who signs in, with which roles
//	actor.go         who acts, and the one policy function (Can)
//	calendar.go      days: the authority's zone, working days, days left
//	change.go        what every write carries: actor, audit, events, mails
//	store.go         what the domain needs of a store; server/store implements it on SQLite and PostgreSQL
//
// Service is the only door: one method per use case, each taking the Actor. It imports the standard library and geo only.
package consult
