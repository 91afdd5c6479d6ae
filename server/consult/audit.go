package consult

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// AuditRow is one line of the append-only log. Hash covers the row and Previous, so that a change to any row shows; Signature shows
// who could have written the hash.
type AuditRow struct {
	Seq       int64     `json:"seq"`
	At        time.Time `json:"at"`
	ActorKind ActorKind `json:"actorKind"`
	Actor     ID        `json:"actor,omitzero"`
	Action    string    `json:"action"`
	Subject   ID        `json:"subject,omitzero"`
	Detail    string    `json:"detail"`
	Previous  string    `json:"previous"`
	Hash      string    `json:"hash"`
	Signer    string    `json:"signer,omitempty"`    // the public key, base64; "" = not signed
	Signature string    `json:"signature,omitempty"` // Ed25519 of Hash's text, base64
}

// Digest is the hex SHA-256 of the row's fields in the order of its columns, each written as its length in bytes, a colon and
// itself, so that no two rows read the same; the last field is the previous row's hash. Moments count in microseconds.
func (r AuditRow) Digest() string {
	var b strings.Builder
	decimal := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, field := range []string{
		decimal(r.Seq), decimal(r.At.UnixMicro()), string(r.ActorKind), decimal(int64(r.Actor)), r.Action,
		decimal(int64(r.Subject)), r.Detail, r.Previous,
	} {
		b.WriteString(decimal(int64(len(field))) + ":" + field)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// Seal signs the log's rows with Ed25519 (RFC 8032). The private key belongs outside the database, so that whoever can rewrite the
// rows and their hashes still cannot sign them. The zero Seal signs nothing.
type Seal struct{ private ed25519.PrivateKey }

// NewSeal makes a seal of a seed of 32 random bytes.
func NewSeal(seed [ed25519.SeedSize]byte) Seal {
	return Seal{ed25519.NewKeyFromSeed(seed[:])}
}

// Public is the seal's public key, base64; "" for the zero Seal.
func (s Seal) Public() string {
	if s.private == nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(s.private.Public().(ed25519.PublicKey))
}

// Sign fills a row's signer and signature; its hash must be there.
func (s Seal) Sign(r *AuditRow) {
	if s.private == nil {
		return
	}
	r.Signer = s.Public()
	r.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(s.private, []byte(r.Hash)))
}

// signed tells whether the row's signature is its signer's.
func (r AuditRow) signed() bool {
	key, err := base64.StdEncoding.DecodeString(r.Signer)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return false
	}
	signature, err := base64.StdEncoding.DecodeString(r.Signature)
	return err == nil && ed25519.Verify(key, []byte(r.Hash), signature)
}

// AuditCheck walks a log from its first row and finds where it stops being what was written. The zero value is ready.
type AuditCheck struct {
	Trusted  []string // public keys that may have signed; none = any
	Rows     int64
	Unsigned int64  // rows from before the log was signed
	FirstBad int64  // the number of the first row that is missing, was changed, or is not signed as it must be; 0 = none
	Why      string // what is wrong with it: "chain" or "signature"
	Signers  []AuditSigner
	previous string
}

// AuditSigner is a key and the rows it signed.
type AuditSigner struct {
	Key         string
	First, Last int64
	Rows        int64
}

// Add checks the next row.
func (c *AuditCheck) Add(r AuditRow) {
	c.Rows++
	if r.Seq != c.Rows || r.Previous != c.previous || r.Hash != r.Digest() {
		c.bad("chain")
	}
	c.previous = r.Hash
	switch {
	case r.Signer == "" && len(c.Signers) == 0:
		c.Unsigned++
	case r.Signer == "" || !r.signed() || len(c.Trusted) > 0 && !slices.Contains(c.Trusted, r.Signer):
		c.bad("signature")
	}
	if r.Signer == "" {
		return
	}
	i := slices.IndexFunc(c.Signers, func(s AuditSigner) bool { return s.Key == r.Signer })
	if i < 0 {
		i = len(c.Signers)
		c.Signers = append(c.Signers, AuditSigner{Key: r.Signer, First: r.Seq})
	}
	c.Signers[i].Last, c.Signers[i].Rows = r.Seq, c.Signers[i].Rows+1
}

// End checks that the log ends where it says it does: rows cut off its end show. Where keys are trusted, a log from which every
// signature was taken is none of theirs.
func (c *AuditCheck) End(seq int64, hash string) {
	if len(c.Trusted) > 0 && len(c.Signers) == 0 && c.Rows > 0 {
		c.bad("signature")
	}
	if seq != c.Rows || hash != c.previous {
		c.Rows++
		c.bad("chain")
		c.Rows--
	}
}

func (c *AuditCheck) bad(why string) {
	if c.FirstBad == 0 {
		c.FirstBad, c.Why = c.Rows, why
	}
}
