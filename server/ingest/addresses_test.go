package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ingest"
)

// everyAddress reads the whole list.
func (s site) everyAddress() map[string]consult.Address {
	s.t.Helper()
	found := map[string]consult.Address{}
	err := s.store.EachAddress(s.t.Context(), geo.Ranges(geo.BritishIsles(), 8), func(a consult.Address) error {
		found[a.UPRN] = a
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

func TestAddressesAreTakenRowByRow(t *testing.T) {
	s := open(t)
	report := s.run(paths(t, "testdata/addresses.csv")...)
	f := report.Files[0]
	if f.Kind != ingest.AddressList || f.Rows != 9 || f.Created != 3 || f.Skipped != 6 {
		t.Fatalf("%+v", f)
	}
	var reasons []string
	for _, p := range f.Problems {
		reasons = append(reasons, fmt.Sprintf("%d %s: %s", p.Row, p.Field, p.Reason))
	}
	want := []string{"5 UPRN: 100099900003 stands in row 4 already", `6 UPRN: not a UPRN: "ABC"`, `7 Postcode: not a postcode: "NOWHERE"`,
		"8 Address: no address", "9 Easting: no place: not two numbers", "10 Easting: not on the National Grid"}
	if strings.Join(reasons, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(reasons, "\n"))
	}
	list := s.everyAddress()
	second := list["100099900002"]
	if second.Text != "2 Sample Street, Bordesley Green" || second.Postcode != "B9 9CI" {
		t.Errorf("%+v: the postcode stands apart from the address", second)
	}
	if d := geo.Distance(second.Place, list["100099900001"].Place); d < 10 || d > 14 {
		t.Errorf("11 m east and 5 m north on the grid are %.1f m on the ground", d)
	}
	again := s.run(paths(t, "testdata/addresses.csv")...).Files[0]
	if again.Created != 0 || again.Updated != 0 || again.Unchanged != 3 {
		t.Errorf("twice is not once: %+v", again)
	}
	moved := s.run(text("uprn,single line address,postcode,longitude,latitude\n100099900001,1a Sample Street,B9 9CI,-1.8598,52.4722\n")).Files[0]
	if moved.Updated != 1 || s.everyAddress()["100099900001"].Text != "1a Sample Street" {
		t.Errorf("a corrected address: %+v", moved)
	}
}

func TestDegreesThatLookExchangedAreRefused(t *testing.T) {
	f := open(t).run(text("UPRN,Address,Postcode,Lat,Lon\n1,1 Sample Street,B9 9CI,-1.86,52.47\n")).Files[0]
	if !f.Refused || f.Problems[0].Reason != "longitude and latitude look exchanged" {
		t.Errorf("%+v", f)
	}
}

func TestConsulteesAreTakenRowByRow(t *testing.T) {
	s := open(t)
	f := s.run(paths(t, "testdata/consultees.csv")...).Files[0]
	if f.Kind != ingest.ConsulteeList || f.Created != 3 || f.Skipped != 3 {
		t.Fatalf("%+v", f)
	}
	list, err := s.store.Directory(t.Context())
	if err != nil || len(list) != 3 || list[0].Name != "Example Canal Society" || list[0].Postcode != "B9 9CK" || list[1].Email != "floods@example.org" {
		t.Errorf("%+v, %v", list, err)
	}
	if again := s.run(paths(t, "testdata/consultees.csv")...).Files[0]; again.Unchanged != 3 {
		t.Errorf("twice is not once: %+v", again)
	}
}
