// Package reach turns received comments into the figures an analyst may publish: who spoke, when, on what, and how they were
// answered. It computes and protects; it knows neither SQL nor HTTP.
//
//	measure.go   Measure: one pass over the comments, then the report
//	protect.go   the one place where a count becomes something that may be seen
//	attack.go    what a reader could work out about a withheld count, and the cure
//	guard.go     which selections may be shown at all, because none may differ from another by a few people
//	crowd.go     comments (or equality answers) counted by what a selection can tell apart
//	wait.go      time to the first answer, unanswered comments included
//	equality.go  equality answers against the people who live there, moving in steps
//	interval.go  Wilson's interval and the representation ratio
//
// docs/methodology.md says in words what is guarded and what is not.
package reach
