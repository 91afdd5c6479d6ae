// Package ingest brings planning applications, boundaries, population figures and postcodes in from the files that councils and
// the state publish. It knows a file by what is in it, never by its name.
//
// The rules, which docs/importing.md explains to operators:
//
//   - A file that is broken is refused whole. A row that is wrong is left out, and the report says which row and why.
//   - A value whose meaning is plain is taken with a warning; one whose meaning is not plain is left out with a warning.
//   - Importing the same file twice changes nothing: every application carries a hash of the record it was made from.
//   - What is known of applicant and agent goes into consult.Case.Applicant and nowhere else. Case officers' names go nowhere.
//
// Comments made elsewhere are public where they were published, and their authors are kept apart (comments.go). documents.go finds the
// records of a JSON file; odp.go, bops.go and citizenspace.go read one each.
//
// The way of a file: read.go (bytes to text, within limits) → recognise.go (which kind) → one file per kind (records and
// problems, no writes) → ingest.go (which record counts when several speak of one application) → one use case of consult each.
package ingest
