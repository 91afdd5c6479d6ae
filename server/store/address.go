package store

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

const addressColumns = `uprn, address, postcode, lon, lat`

func scanAddress(r row) (a consult.Address, err error) {
	return a, r.Scan(&a.UPRN, &a.Text, &a.Postcode, &a.Place.Lon, &a.Place.Lat)
}

// SaveAddresses adds and changes addresses by UPRN, all or nothing.
func (s *Store) SaveAddresses(ctx context.Context, addresses []consult.Address, ch consult.Change) (created, updated, unchanged int, err error) {
	var t tally
	err = s.change(ctx, "save addresses", ch, 0, func(w *change) error {
		t = tally{}
		known, err := w.knownAddresses(addresses)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, a := range newer(&t, addresses, known, func(a consult.Address) string { return a.UPRN }) {
			rows = append(rows, []any{a.UPRN, a.Text, a.Postcode, a.Place.Lon, a.Place.Lat, quadkey(a.Place, true)})
		}
		return w.upsert(`INSERT INTO address (`+addressColumns+`, quadkey)`, rows, `ON CONFLICT (uprn) DO UPDATE SET address = excluded.address,
			postcode = excluded.postcode, lon = excluded.lon, lat = excluded.lat, quadkey = excluded.quadkey`)
	})
	return t.created, t.updated, t.unchanged, err
}

func (w *change) knownAddresses(addresses []consult.Address) (map[string]consult.Address, error) {
	known := map[string]consult.Address{}
	for chunk := range slices.Chunk(addresses, maxArguments) {
		var wanted []string
		for _, a := range chunk {
			wanted = append(wanted, a.UPRN)
		}
		var q text
		q.add(`SELECT ` + addressColumns + ` FROM address WHERE uprn IN `)
		in(&q, wanted)
		if err := w.each(func(r row) error {
			a, err := scanAddress(r)
			known[a.UPRN] = a
			return err
		}, q.String(), q.args...); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// EachAddress reads the addresses of the ranges. Those who ask measure exactly.
func (s *Store) EachAddress(ctx context.Context, ranges []geo.Range, each func(consult.Address) error) error {
	if len(ranges) == 0 {
		return nil
	}
	var q text
	q.add(`SELECT ` + addressColumns + ` FROM address WHERE `)
	for i, r := range ranges {
		if i > 0 {
			q.add(` OR `)
		}
		q.add(`quadkey >= ? AND quadkey < ?`, r.Low, r.High)
	}
	return failure("read addresses", s.reading(ctx).each(func(r row) error {
		a, err := scanAddress(r)
		if err != nil {
			return err
		}
		return each(a)
	}, q.String(), q.args...))
}

// AddressCount counts the list.
func (s *Store) AddressCount(ctx context.Context) (int, error) {
	n, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM address`)
	return int(n), failure("count addresses", err)
}
