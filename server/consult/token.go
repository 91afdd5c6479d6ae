package consult

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
)

var base32Lower = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

func encode(b []byte) string { return base32Lower.EncodeToString(b) }

// linkPurpose separates links, so that one kind's token never opens another.
type linkPurpose string

const (
	linkMine   linkPurpose = "my-comment"
	linkFollow linkPurpose = "follow"
)

// token makes an unguessable link for a record: its id and 128 bits of HMAC-SHA256. Nothing needs to be kept, and a mail sent
// later can carry the same link.
func (s *Service) token(purpose linkPurpose, id ID) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(id.String()))
	return id.String() + encode(mac.Sum(nil)[:16])
}

// open reads a token; a wrong one is NotFound, as an unknown page is.
func (s *Service) open(purpose linkPurpose, token string) (ID, error) {
	if len(token) < idLength {
		return 0, fail(NotFound, "open link")
	}
	id, err := ParseID(token[:idLength])
	if err != nil {
		return 0, err
	}
	if !hmac.Equal([]byte(s.token(purpose, id)), []byte(token)) {
		return 0, fail(NotFound, "open link")
	}
	return id, nil
}

// MyCommentToken opens a comment's own page; mails and receipts carry it.
func (s *Service) MyCommentToken(comment ID) string { return s.token(linkMine, comment) }

// FollowToken confirms or ends a subscription; every mail to a follower carries it.
func (s *Service) FollowToken(follow ID) string { return s.token(linkFollow, follow) }

// NewKey makes an idempotency key: a random UUID (RFC 9562, version 4).
func NewKey() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
