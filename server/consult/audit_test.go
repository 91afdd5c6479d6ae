package consult

import (
	"slices"
	"testing"
	"time"
)

// aLog is a signed chain of n rows.
func aLog(seal Seal, n int) []AuditRow {
	var rows []AuditRow
	previous := ""
	for i := range n {
		r := AuditRow{Seq: int64(i + 1), At: time.Date(2026, 4, 2, 9, 0, i, 0, time.UTC), ActorKind: Signed, Actor: 7, Action: "message.moderate",
			Subject: ID(i), Detail: "rule", Previous: previous}
		r.Hash = r.Digest()
		seal.Sign(&r)
		previous = r.Hash
		rows = append(rows, r)
	}
	return rows
}

// rechained is what somebody makes of a log who can write every column but has another key, or none.
func rechained(rows []AuditRow, seal Seal) []AuditRow {
	rows = slices.Clone(rows)
	previous := ""
	for i := range rows {
		rows[i].Previous = previous
		rows[i].Hash = rows[i].Digest()
		previous = rows[i].Hash
		seal.Sign(&rows[i])
	}
	return rows
}

func checked(rows []AuditRow, trusted ...string) AuditCheck {
	c := AuditCheck{Trusted: trusted}
	hash := ""
	for _, r := range rows {
		c.Add(r)
		hash = r.Hash
	}
	c.End(int64(len(rows)), hash)
	return c
}

func TestS23WhoeverRewritesTheChainCannotSignIt(t *testing.T) {
	ours, theirs := NewSeal([32]byte{1}), NewSeal([32]byte{2})
	rows := aLog(ours, 5)
	if c := checked(rows, ours.Public()); c.FirstBad != 0 || c.Rows != 5 || c.Unsigned != 0 || len(c.Signers) != 1 || c.Signers[0] != (AuditSigner{ours.Public(), 1, 5, 5}) {
		t.Errorf("an honest log: %+v", c)
	}
	forged := slices.Clone(rows)
	forged[2].Detail = "nothing happened"

	if c := checked(rechained(forged, Seal{})); c.FirstBad != 3 || c.Why != "signature" {
		t.Errorf("rewritten with the old signatures: %+v", c)
	}
	if c := checked(rechained(forged, theirs), ours.Public()); c.FirstBad != 1 || c.Why != "signature" {
		t.Errorf("signed again with another key: %+v", c)
	}
	if c := checked(rechained(forged, theirs)); c.FirstBad != 0 || c.Signers[0].Key != theirs.Public() {
		t.Errorf("without a trusted key the signer is named: %+v", c)
	}
	stripped := rechained(forged, Seal{})
	for i := range stripped {
		stripped[i].Signer, stripped[i].Signature = "", ""
	}
	if c := checked(stripped); c.FirstBad != 0 || c.Unsigned != 5 {
		t.Errorf("a log from before it was signed: %+v", c)
	}
	if c := checked(stripped, ours.Public()); c.FirstBad != 5 || c.Why != "signature" {
		t.Errorf("every signature taken away: %+v", c)
	}
	if c := checked(append(slices.Clone(rows[:3]), stripped[3:]...)); c.FirstBad != 4 {
		t.Errorf("signatures that stop: %+v", c)
	}
}

func TestS23EveryByteOfARowIsSigned(t *testing.T) {
	seal := NewSeal([32]byte{1})
	for name, change := range map[string]func(*AuditRow){
		"moment": func(r *AuditRow) { r.At = r.At.Add(time.Microsecond) }, "kind": func(r *AuditRow) { r.ActorKind = Machine },
		"actor": func(r *AuditRow) { r.Actor++ }, "action": func(r *AuditRow) { r.Action += "x" }, "subject": func(r *AuditRow) { r.Subject++ },
		"detail": func(r *AuditRow) { r.Detail = "" }, "previous": func(r *AuditRow) { r.Previous = "x" }, "hash": func(r *AuditRow) { r.Hash = "x" },
		"signature": func(r *AuditRow) { r.Signature = "x" }, "signer": func(r *AuditRow) { r.Signer = "x" }, "number": func(r *AuditRow) { r.Seq++ },
	} {
		rows := aLog(seal, 3)
		change(&rows[1])
		if c := checked(rows); c.FirstBad != 2 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if c := checked(aLog(seal, 3)[:2]); c.FirstBad != 0 {
		t.Errorf("two rows are a log: %+v", c)
	}
	c := AuditCheck{}
	for _, r := range aLog(seal, 3)[:2] {
		c.Add(r)
	}
	c.End(3, "gone")
	if c.FirstBad != 3 || c.Rows != 2 {
		t.Errorf("the last row gone: %+v", c)
	}
}
