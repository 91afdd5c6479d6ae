// Package server assembles a node of the site out of its parts and owns no rule of its own. This is the map of the code.
//
//	config.go        every setting              server.go   what is made of what, and the order of starting and stopping
//	routes.go        every URL, one line each   route.go    what stands before each: deadline, rate, identity, origin, permission
//	limits.go        every limit of the shell   front.go    what is refused before a route is looked for
//	limiter.go, clientip.go   rates, and whose they are
//	live_source.go, relay.go  what the live hub is handed; how committed events reach the bus
//	alert.go, webhook.go      what reads the news: saved searches, and addresses of other programs
//	answer.go        lets answers out when their moment has come, and brings them to everybody who asked
//	cycle.go         the law's clock: signs of life, and rounds that close by themselves
//	health.go, metrics.go     what an operator watches
//
// The packages below, from the middle outwards:
//
//	consult/       the domain: types, rules, permissions, errors. Start here: one noun, one file
//	picture/       pictures of fact cards and previews of shared pages, as SVG and PNG, with QR codes; pure
//	redact/        finds what a public text should not hold; pure, imports nothing of ours
//	reach/         figures for analysts and what protects the people in them; pure
//	similar/       texts that say the same: letters of campaigns, groups that explain themselves, suggestions; pure
//	store/         SQL for SQLite and PostgreSQL, one text per query; storetest/ is what every store must do
//	bus/           the doorbell between nodes: memory and Redis; bustest/ is what every bus must do
//	live/          sockets that lose nothing and double nothing (docs/live-protocol.md)
//	identity/      one-time links, sessions, officers, API tokens
//	notify/        mail out: one kind, one file
//	hook/          calls to addresses that somebody typed, and to nothing in our own house
//	ingest/        applications, boundaries, populations and postcodes in (docs/importing.md)
//	export/        CSV, GeoJSON and packages out
//	ogc/           collections for maps, as OGC API Features asks (docs/open-data.md)
//	picture/       what people pass on, drawn: fact cards and previews as SVG and PNG, QR codes
//	typed/         cleans what people type, the same for every door
//	web/           pages: one page, one file; its template, style and script lie in static/page/<page>/
//	api/           JSON for programs, its OpenAPI document, and the doors of other vocabularies (docs/exchange.md)
//	demo/          eight invented applications and a matter of another kind, played through the use cases
//
// And what only tests need:
//
//	servertest/    the whole site on temporary stores, with a clock that only tests move and a store that can fail
//	testservices/  a real PostgreSQL and a real Redis for tests
//	faults/        running sites, broken on purpose, with the books kept
//	e2e/           a browser walks through the site (JavaScript, run by `make test`)
//
// Beside this package: cmd/yousaid is the program, cmd/dev the workbench behind the Makefile, geo places (the only importer of the
// geometry library), static what the browser gets and static/lang every sentence, migrations the schema of both databases.
//
// Imports go one way, and imports_test.go holds it:
//
//	cmd → server → { web, api, live, store, bus, identity, notify, ingest, export, demo } → { reach, similar } → consult → { geo, redact }
//	web → identity, export, picture, typed, static/lang    api → typed    live → bus    notify → static/lang    store → migrations
//	consult: the standard library, geo and redact    live: no templates, no store    Fiber: only server, web, api, live
//
// How a comment travels: routes.go names the URL, the page and the permission → web/comment_steps.go reads the form into values of
// its own → one method of consult.Service, with the actor → the rules → one call of the store, which saves comment, audit row,
// events and mails in one transaction → relay.go rings the bus, notify sends the mails → live on every node reads the event,
// renders it once per language and audience and writes it to its readers. The analyst's figures read the same tables (store/reach.go).
package server
