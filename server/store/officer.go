package store

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

const officerColumns = `o.id, o.email, o.name, o.service, o.title, o.roles, o.disabled, o.created_at, o.seen_at`

func officerFields(o *consult.Officer) []any {
	return []any{&o.ID, &o.Email, &o.Name, &o.Service, &o.Title, codes(&o.Roles), &o.Disabled, moment(&o.CreatedAt), moment(&o.SeenAt)}
}

func scanOfficer(r row) (o consult.Officer, err error) { return o, r.Scan(officerFields(&o)...) }

// Officers lists everybody who can or could sign in, by address.
func (s *Store) Officers(ctx context.Context) ([]consult.Officer, error) {
	l, err := list(s.reading(ctx), scanOfficer, `SELECT `+officerColumns+` FROM officer o ORDER BY o.email`)
	return l, failure("list officers", err)
}

const officerByID = `SELECT ` + officerColumns + ` FROM officer o WHERE o.id = $1`

// Officer finds one by id.
func (s *Store) Officer(ctx context.Context, id consult.ID) (consult.Officer, error) {
	o, err := one(s.reading(ctx), scanOfficer, officerByID, id)
	return o, failure("read officer", err)
}

// OfficerByEmail finds one by address, whatever its case.
func (s *Store) OfficerByEmail(ctx context.Context, email string) (consult.Officer, error) {
	o, err := one(s.reading(ctx), scanOfficer, `SELECT `+officerColumns+` FROM officer o WHERE o.email = $1`, addressKey(email))
	return o, failure("read officer", err)
}

// SaveOfficer adds or changes one. Conflict when the address belongs to another. Whoever is disabled or has other roles than
// before is signed out everywhere.
func (s *Store) SaveOfficer(ctx context.Context, o consult.Officer, ch consult.Change) error {
	return s.change(ctx, "save officer", ch, o.ID, func(w *change) error {
		before, err := list(&w.conn, scanOfficer, officerByID, o.ID)
		if err != nil {
			return err
		}
		if _, err := w.exec(`INSERT INTO officer (id, email, name, service, title, roles, disabled, created_at, seen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name,
			service = excluded.service, title = excluded.title, roles = excluded.roles, disabled = excluded.disabled`,
			o.ID, addressKey(o.Email), o.Name, o.Service, o.Title, joined(o.Roles), o.Disabled, o.CreatedAt, o.SeenAt); err != nil {
			return err
		}
		if len(before) == 0 || !o.Disabled && sameRoles(before[0].Roles, o.Roles) {
			return nil
		}
		_, err = w.exec(`DELETE FROM session WHERE officer = $1`, o.ID)
		return err
	})
}

func sameRoles(a, b []consult.Role) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// SaveToken keeps an API token.
func (s *Store) SaveToken(ctx context.Context, t consult.Token, ch consult.Change) error {
	return s.change(ctx, "save token", ch, t.ID, func(w *change) error {
		return w.insert(`INSERT INTO token (id, hash, role, label, created_at, expires_at)`,
			[][]any{{t.ID, t.Hash, t.Role, t.Label, t.CreatedAt, t.ExpiresAt}}, "")
	})
}

// Token finds an API token by its hash, also one that is over.
func (s *Store) Token(ctx context.Context, hash string) (consult.Token, error) {
	t, err := one(s.reading(ctx), func(r row) (t consult.Token, err error) {
		return t, r.Scan(&t.ID, &t.Hash, &t.Role, &t.Label, moment(&t.CreatedAt), moment(&t.ExpiresAt))
	}, `SELECT id, hash, role, label, created_at, expires_at FROM token WHERE hash = $1`, hash)
	return t, failure("read token", err)
}
