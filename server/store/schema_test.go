package store_test

import (
	"bufio"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/migrations"
	"github.com/yousaid/yousaid/server/store"
)

// files reads a folder of migrations by name.
func files(t *testing.T, folder fs.FS) map[string]string {
	t.Helper()
	found := map[string]string{}
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = string(text)
	}
	return found
}

func TestMigrationsHaveTheSameNumbersAndNames(t *testing.T) {
	lite, pg := files(t, migrations.SQLite()), files(t, migrations.PostgreSQL())
	a, b := slices.Sorted(maps.Keys(lite)), slices.Sorted(maps.Keys(pg))
	if !slices.Equal(a, b) || len(a) == 0 {
		t.Fatalf("sqlite has %v\npostgres has %v", a, b)
	}
	for i, name := range a {
		number, _, _ := strings.Cut(name, "_")
		if len(number) != 5 || i > 0 && strings.HasPrefix(a[i-1], number+"_") {
			t.Errorf("%s: want a name that begins with a number of five digits of its own", name)
		}
	}
}

func TestEveryIndexSaysWhyItExists(t *testing.T) {
	for folder, all := range map[string]map[string]string{
		"sqlite": files(t, migrations.SQLite()), "postgres": files(t, migrations.PostgreSQL()),
	} {
		for name, text := range all {
			before := ""
			for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); before = lines.Text() {
				if strings.HasPrefix(lines.Text(), "CREATE") && strings.Contains(lines.Text(), "INDEX") && !strings.HasPrefix(before, "-- ") {
					t.Errorf("%s: no comment before %q", path.Join(folder, name), lines.Text())
				}
			}
		}
	}
}

// families makes the column types of both databases comparable. Booleans are integers in SQLite, and so only their names tell.
var families = map[string]string{"INTEGER": "integer", "REAL": "real", "TEXT": "text", "bigint": "integer", "boolean": "integer",
	"double precision": "real", "text": "text"}

// columns lists "table.column type" of the migrated schema.
func columns(t *testing.T, s *store.Store) []string {
	t.Helper()
	query := `SELECT m.name, p.name, p.type FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'`
	if s.IntegrityCheck() == "" {
		query = `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'`
	}
	rows, err := s.Writer().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "sqlite_") {
			continue
		}
		if families[kind] == "" {
			t.Errorf("%s.%s: the type %q has no counterpart", table, column, kind)
		}
		found = append(found, table+"."+column+" "+families[kind])
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

func TestBothDatabasesHaveTheSameTablesAndColumns(t *testing.T) {
	a, b := columns(t, onSQLite(t)), columns(t, onPostgreSQL(t))
	if !slices.Equal(a, b) || len(a) < 100 {
		t.Errorf("sqlite has %d columns:\n%s\npostgres has %d:\n%s", len(a), strings.Join(a, "\n"), len(b), strings.Join(b, "\n"))
	}
}
