package store_test

import (
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
)

// noted writes n audit rows.
func noted(t *testing.T, s *store.Store, n int) {
	t.Helper()
	for range n {
		if err := s.Note(t.Context(), consult.Change{Actor: consult.System(), At: now, Action: "note", Subject: 7, Detail: "1:a"}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestS23AuditRowsAreNeverChangedOrDeleted(t *testing.T) {
	bothEngines(t, func(t *testing.T, s *store.Store) {
		noted(t, s, 2)
		for _, statement := range []string{`UPDATE audit SET detail = 'x' WHERE seq = 1`, `DELETE FROM audit WHERE seq = 2`, `DELETE FROM audit`} {
			if _, err := s.Writer().ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "audit rows are never") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if check, err := s.AuditVerify(t.Context()); check.Rows != 2 || check.FirstBad != 0 || err != nil {
			t.Errorf("%+v, %v", check, err)
		}
	})
}

// TestS23TamperingShowsAtItsRow lets somebody with every right on the database change the log.
func TestS23TamperingShowsAtItsRow(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		bad       int64
	}{
		"other words":          {`UPDATE audit SET detail = 'x' WHERE seq = 3`, 3},
		"another actor":        {`UPDATE audit SET actor = 9 WHERE seq = 2`, 2},
		"another kind":         {`UPDATE audit SET actor_kind = 'officer' WHERE seq = 2`, 2},
		"another moment":       {`UPDATE audit SET at = at + 1 WHERE seq = 4`, 4},
		"moved letters":        {`UPDATE audit SET action = 'note1:', detail = 'a' WHERE seq = 3`, 3},
		"another subject":      {`UPDATE audit SET subject = 8 WHERE seq = 1`, 1},
		"a row gone":           {`DELETE FROM audit WHERE seq = 3`, 3},
		"the last row gone":    {`DELETE FROM audit WHERE seq = 5`, 5},
		"all gone":             {`DELETE FROM audit`, 1},
		"a row changed places": {`UPDATE audit SET seq = 99 WHERE seq = 3`, 3},
		"a forged hash":        {`UPDATE audit SET detail = 'x', hash = previous WHERE seq = 3`, 3},
		"a row put in": {`INSERT INTO audit (seq, at, actor_kind, actor, action, subject, detail, previous, hash)
			SELECT 6, at, actor_kind, actor, action, subject, detail, hash, hash FROM audit WHERE seq = 5`, 6},
	} {
		t.Run(name, func(t *testing.T) {
			bothEngines(t, func(t *testing.T, s *store.Store) {
				noted(t, s, 5)
				for _, statement := range append(disarm(s), c.statement) {
					if _, err := s.Writer().ExecContext(t.Context(), statement); err != nil {
						t.Fatal(err)
					}
				}
				if check, err := s.AuditVerify(t.Context()); check.FirstBad != c.bad || err != nil {
					t.Errorf("%+v, want the first bad row to be %d (%v)", check, c.bad, err)
				}
			})
		})
	}
}

// disarm takes the triggers away.
func disarm(s *store.Store) []string {
	if s.IntegrityCheck() == "" {
		return []string{`ALTER TABLE audit DISABLE TRIGGER ALL`}
	}
	return []string{`DROP TRIGGER audit_never_changes`, `DROP TRIGGER audit_never_shrinks`}
}
