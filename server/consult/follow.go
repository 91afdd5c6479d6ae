package consult

import "time"

// Follow is somebody who wants mail about a consultation. It is a contact: no public reader sees it.
type Follow struct {
	ID           ID
	Consultation ID
	Email        string
	Language     string
	Confirmed    bool
	CreatedAt    time.Time
}

// MailKind names a kind of mail; each has one template in notify and its words in static/lang.
type MailKind string

// The mails.
const (
	MailReceipt      MailKind = "receipt"       // your comment arrived; link to its own page
	MailPublished    MailKind = "published"     // your comment can be read
	MailAnswered     MailKind = "answered"      // an official reply to your comment
	MailReply        MailKind = "reply"         // an official reply in a thread of something you follow
	MailOutcome      MailKind = "outcome"       // we asked, you said, we did
	MailConfirm      MailKind = "confirm"       // confirm that you want mail
	MailSignIn       MailKind = "sign-in"       // one-time link for officers
	MailInvite       MailKind = "invite"        // you were made an officer
	MailStateChange  MailKind = "state-change"  // the consultation moved on
	MailAlert        MailKind = "alert"         // what a saved search found
	MailAlertConfirm MailKind = "alert-confirm" // confirm that you want a saved search to write
	MailConsultee    MailKind = "consultee"     // you are asked for an opinion
	MailExtended     MailKind = "extended"      // a round ends on a later day
	MailHidden       MailKind = "hidden"        // a moderator has hidden your comment; how to object
	MailRestored     MailKind = "restored"      // your comment can be read again
	MailUpheld       MailKind = "upheld"        // your objection was looked at; your comment stays hidden
	MailPromise      MailKind = "promise"       // a point of your comment was closed without an answer
	MailAmendment    MailKind = "amendment"     // what you spoke about has changed: does your comment still stand?
	MailFact         MailKind = "fact"          // what the authority knows about a claim you made, or may have read

	MailConcernAnswer MailKind = "concern-answer" // an answer to what several people asked, and one of them is you
)

// Mail is one message to be sent: to an address, or to everybody an audience names when the change commits.
type Mail struct {
	Kind     MailKind
	To       string // one address; "" = use Audience
	Audience Audience
	Language string            // of a single address; audiences use each reader's own
	Data     map[string]string // what the template needs, besides consultation and links
	Subject  ID                // consultation, comment, thread or follow it is about; the delivery's ids come from it
}

// Audience names the readers of a mail.
type Audience struct {
	Consultation ID      // confirmed followers and commenters with an address
	Comment      ID      // the author of one comment
	Everyone     bool    // with Consultation: commenters too; without: followers only
	Topics       []Topic // with Consultation: only authors of comments with a point on one of these
	Fact         ID      // with Consultation: only those whom this version of the card has not reached
	FactVersion  int
	Authors      bool // with Fact: of the published comments the card is pinned to
	Followers    bool // with Fact: confirmed followers of the consultation
}

// What Mail.Data holds, by kind of mail.
const (
	DataState   = "state"   // state-change: where the consultation moved to
	DataToken   = "token"   // sign-in, invite: the secret part of the link; the store empties Data once the mail is sent or given up
	DataChanged = "changed" // amendment: what changed, in the authority's plain words
	DataCloses  = "closes"  // amendment, extended, neighbour: the last day of the round
	DataRound   = "round"   // amendment: the round's number
	DataExpires = "expires" // sign-in, invite: when the link ends, RFC 3339
	DataDue     = "due"     // consultee: the last day for an answer
	DataWhy     = "why"     // consultee: why it is consulted
	DataAction  = "action"  // consultee: ask, remind, resend or reconsult
	DataReason  = "reason"  // consultee: why again
	DataFact    = "fact"    // fact: the card's id
	DataClaim   = "claim"   // fact: the claim
	DataShort   = "short"   // fact: the answer in a sentence or two
	DataService = "service" // fact: who answers
	DataTopics  = "topics"  // concern-answer: the author's topics that it answers, with commas
	DataAnswer  = "answer"  // concern-answer: the answer's id
	DataBefore  = "before"  // concern-answer: "yes" = they got an earlier version, and this one corrects it
)

// Delivery is one mail to one address, waiting, sent or failed. Its ID is the Message-ID.
type Delivery struct {
	ID           ID
	Kind         MailKind
	To           string
	Language     string
	Data         map[string]string
	Consultation ID
	Comment      ID  // for links to the comment's own page
	Thread       ID  // for links to the thread
	Follow       ID  // for the unsubscribe link
	Alert        ID  // whose hits it lists, and for its unsubscribe link
	Consultee    ID  // whose state the sending changes
	Tries        int // attempts begun, this one included
	NextTry      time.Time
	SentAt       time.Time
	Failed       string // last error, without the address
}
