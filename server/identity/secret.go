package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
)

var base32Lower = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewSecret is 128 random bits as 26 characters of Crockford base32: tokens of links and sessions, and what a browser's cookie holds.
func NewSecret() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return base32Lower.EncodeToString(b[:])
}

// newCode is six random digits, to be read from one screen and typed on another.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return fmt.Sprintf("%06d", n)
}

// hash is what is kept of a secret. 128 random bits need no salt and no slow function: there is nothing to guess.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// hashCode ties a code to its link's token, which is not kept: a million codes are quickly tried, but not without the token.
func hashCode(token, code string) string { return hash(token + " " + code) }

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// plainCode is a typed code without the spaces and dashes that people read into it.
func plainCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, typed)
}
