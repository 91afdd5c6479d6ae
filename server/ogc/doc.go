// Package ogc knows the site's collections as OGC API Features names them (Part 1: Core, Part 2: Coordinate Reference Systems): which
// there are, what their features say, how they are asked for. It knows no HTTP; api writes it as JSON, web as pages.
//
//	collection.go  the collections
//	site.go, round.go, comment.go, ward.go, density.go   what each one's features say, and where they come from
//	query.go       the parameters of a request, read strictly
//	datetime.go    the parameter datetime
//	source.go      reading features page by page
//
// What is read is what a visitor may read, whoever asks.
package ogc
