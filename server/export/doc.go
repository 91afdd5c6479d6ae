// Package export writes files for analysts: published comments and protected figures as CSV and GeoJSON, with a codebook, alone or
// as one package. It streams: what it holds in memory does not grow with what it writes. It knows no HTTP and no store.
//
//	column.go    what a file's columns are: written once, so that file and codebook cannot disagree
//	csv.go       tables as CSV (UTF-8, RFC 4180) that no spreadsheet takes for formulas
//	comments.go  published comments, one row each
//	geojson.go   the same as GeoJSON (RFC 7946)
//	figures.go   a reach.Report
//	codebook.go  every field of every file
//	package.go   all of it in one zip, the same bytes for the same data
//
//	odp.go, odp_comment.go, addition.go   applications and comments as Open Digital Planning publishes them
//	pads.go      applications as MHCLG's linked tables
//	bops.go, citizenspace.go   comments as BOPS takes them, rounds as a Citizen Space hub lists them
//	gate.go      how many files are written at once, and how one ends
//
// Words for people come from the catalogue through Words.
package export

// Words gives the text of a key of the catalogue, as lang.Language.T does.
type Words func(key string, args ...any) string
