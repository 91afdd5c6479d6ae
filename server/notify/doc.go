// Package notify sends what the store's outbox holds: one mail to one address at a time.
//
// A write puts its mails into the outbox in its own transaction (consult.Change.Mails). The relay (relay.go) claims what is due,
// the composer (compose.go) words it in the reader's language, a mailer (mailer.go) hands it over, and the relay notes the result.
// Every kind of mail has its own file, named as its consult.MailKind; its words lie in static/lang/<language>/mail.json.
//
//	message.go   one mail as every mailer takes it, and its encoding
//	mailer.go    the interface, the address that chooses one, and what a failure says
//	smtp.go      SMTP; folder.go: files for development; memory.go: the twin for tests
//	letter.go    text and HTML of a mail, from the same words
//	links.go     every address that a mail leads to
//	relay.go     claim, send, note, try again
//
// A mail is sent at least once. When a server takes a mail and the answer is lost it is sent again under the same Message-ID, by
// which mail programs know it. No address, name or word of a person is ever logged or kept as a reason.
package notify
