package store

import (
	"context"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

const areaColumns = `code, kind, name, geometry, source, hash`

func scanArea(r row) (a consult.Area, err error) {
	return a, r.Scan(&a.Code, &a.Kind, &a.Name, raw(&a.Geometry), &a.Source, &a.Hash)
}

// Areas lists areas of a kind by code; "" lists all.
func (s *Store) Areas(ctx context.Context, kind string) ([]consult.Area, error) {
	l, err := list(s.reading(ctx), scanArea, `SELECT `+areaColumns+` FROM area WHERE kind = $1 OR $1 = '' ORDER BY code`, kind)
	return l, failure("read areas", err)
}

// tally counts what an import did.
type tally struct{ created, updated, unchanged int }

// newer collects from an import what is not stored already: by key, the last of several with one key.
func newer[K, V comparable](t *tally, incoming []V, known map[K]V, key func(V) K) []V {
	at := map[K]int{}
	var changed []V
	for _, v := range incoming {
		k := key(v)
		if i, twice := at[k]; twice {
			changed[i] = v
			continue
		}
		old, found := known[k]
		switch {
		case !found:
			t.created++
		case old != v:
			t.updated++
		default:
			t.unchanged++
			continue
		}
		at[k] = len(changed)
		changed = append(changed, v)
	}
	return changed
}

// areaRow is an area without its geometry, for which the hash stands.
type areaRow struct{ code, kind, name, source, hash string }

// SaveAreas adds and changes areas by code, all or nothing. One whose hash, name, kind and source are the same is unchanged.
func (s *Store) SaveAreas(ctx context.Context, areas []consult.Area, ch consult.Change) (created, updated, unchanged int, err error) {
	var t tally
	err = s.change(ctx, "save areas", ch, 0, func(w *change) error {
		t = tally{}
		known, geometry := map[string]areaRow{}, map[string]consult.Area{}
		if err := w.each(func(r row) error {
			var a areaRow
			err := r.Scan(&a.code, &a.kind, &a.name, &a.source, &a.hash)
			known[a.code] = a
			return err
		}, `SELECT code, kind, name, source, hash FROM area`); err != nil {
			return err
		}
		var incoming []areaRow
		for _, a := range areas {
			incoming = append(incoming, areaRow{a.Code, a.Kind, a.Name, a.Source, a.Hash})
			geometry[a.Code] = a
		}
		var rows [][]any
		for _, a := range newer(&t, incoming, known, func(a areaRow) string { return a.code }) {
			rows = append(rows, []any{a.code, a.kind, a.name, geometry[a.code].Geometry, a.source, a.hash})
		}
		return w.upsert(`INSERT INTO area (`+areaColumns+`)`, rows, `ON CONFLICT (code) DO UPDATE SET kind = excluded.kind,
			name = excluded.name, geometry = excluded.geometry, source = excluded.source, hash = excluded.hash`)
	})
	return t.created, t.updated, t.unchanged, err
}

// upsert writes changed rows; with none there was nothing to do.
func (w *change) upsert(into string, rows [][]any, after string) error {
	if len(rows) == 0 {
		return errNothing
	}
	return w.insert(into, rows, after)
}

const benchmarkColumns = `name, area_code, area_name, people_group, population, source, vintage`

func scanBenchmark(r row) (b consult.Benchmark, err error) {
	return b, r.Scan(&b.Name, &b.AreaCode, &b.AreaName, &b.Group, &b.Population, &b.Source, &b.Vintage)
}

type benchmarkKey struct{ name, area, group string }

func keyOfBenchmark(b consult.Benchmark) benchmarkKey {
	return benchmarkKey{b.Name, b.AreaCode, b.Group}
}

// SaveBenchmarks adds and changes population figures by name, area and group, all or nothing.
func (s *Store) SaveBenchmarks(ctx context.Context, b []consult.Benchmark, ch consult.Change) (created, updated, unchanged int, err error) {
	var t tally
	err = s.change(ctx, "save benchmarks", ch, 0, func(w *change) error {
		t = tally{}
		known := map[benchmarkKey]consult.Benchmark{}
		if err := w.each(func(r row) error {
			v, err := scanBenchmark(r)
			known[keyOfBenchmark(v)] = v
			return err
		}, `SELECT `+benchmarkColumns+` FROM benchmark`); err != nil {
			return err
		}
		var rows [][]any
		for _, v := range newer(&t, b, known, keyOfBenchmark) {
			rows = append(rows, []any{v.Name, v.AreaCode, v.AreaName, v.Group, v.Population, v.Source, v.Vintage})
		}
		return w.upsert(`INSERT INTO benchmark (`+benchmarkColumns+`)`, rows, `ON CONFLICT (name, area_code, people_group) DO UPDATE SET
			area_name = excluded.area_name, population = excluded.population, source = excluded.source, vintage = excluded.vintage`)
	})
	return t.created, t.updated, t.unchanged, err
}

// Postcode finds where a unit postcode lies, or the mean of those that begin with a district ("B9") or sector ("B9 5").
func (s *Store) Postcode(ctx context.Context, code string) (consult.Postcode, error) {
	const op = "find postcode"
	prefix := postcodePrefix(strings.TrimSpace(code))
	p := consult.Postcode{Code: strings.TrimSpace(prefix)}
	if p.Code == "" {
		return consult.Postcode{}, fail(consult.NotFound, op, nil)
	}
	n, err := one(s.reading(ctx), func(r row) (n int64, err error) { return n, r.Scan(&n, &p.Place.Lon, &p.Place.Lat) },
		// The end of the range: no postcode holds a character beyond Z, and the column compares bytes.
		`SELECT COUNT(*), COALESCE(AVG(lon), 0), COALESCE(AVG(lat), 0) FROM postcode WHERE code >= $1 AND code < $2`, prefix, prefix+"[")
	if err == nil && n == 0 {
		err = fail(consult.NotFound, op, nil)
	}
	if err != nil {
		return consult.Postcode{}, failure(op, err)
	}
	return p, nil
}

// SavePostcodes adds and changes postcodes, all or nothing.
func (s *Store) SavePostcodes(ctx context.Context, postcodes []consult.Postcode, ch consult.Change) (created, updated, unchanged int, err error) {
	var t tally
	err = s.change(ctx, "save postcodes", ch, 0, func(w *change) error {
		t = tally{}
		known, err := w.knownPostcodes(postcodes)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, p := range newer(&t, postcodes, known, func(p consult.Postcode) string { return p.Code }) {
			rows = append(rows, []any{p.Code, p.Place.Lon, p.Place.Lat})
		}
		return w.upsert(`INSERT INTO postcode (code, lon, lat)`, rows, `ON CONFLICT (code) DO UPDATE SET lon = excluded.lon, lat = excluded.lat`)
	})
	return t.created, t.updated, t.unchanged, err
}

func (w *change) knownPostcodes(postcodes []consult.Postcode) (map[string]consult.Postcode, error) {
	known := map[string]consult.Postcode{}
	for chunk := range slices.Chunk(postcodes, maxArguments) {
		var wanted []string
		for _, p := range chunk {
			wanted = append(wanted, p.Code)
		}
		var q text
		q.add(`SELECT code, lon, lat FROM postcode WHERE code IN `)
		in(&q, wanted)
		if err := w.each(func(r row) error {
			var p consult.Postcode
			err := r.Scan(&p.Code, &p.Place.Lon, &p.Place.Lat)
			known[p.Code] = p
			return err
		}, q.String(), q.args...); err != nil {
			return nil, err
		}
	}
	return known, nil
}
