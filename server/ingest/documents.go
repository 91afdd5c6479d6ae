package ingest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// readers read one record of a JSON document of each kind.
var readers = map[Kind]func(text []byte, out *record, authority string, day func(time.Time) consult.Date) *refusal{
	ODPApplication: readODP, ODPApplications: readODP, BOPSApplications: readBOPS, CitizenSpace: readCitizenSpace,
}

// documents reads every JSON file of applications and other matters. In a file of several, one that cannot be read is left out alone.
func (i *importer) documents() []*record {
	var records []*record
	for _, src := range i.of(ODPApplication, ODPApplications, BOPSApplications, CitizenSpace) {
		items, list := itemsOf(src.data)
		src.Rows = len(items)
		for n, item := range items {
			r := &record{file: src.FileReport}
			if list != "" {
				r.path = fmt.Sprintf("%s[%d]", list, n)
			}
			bad := readers[src.kind](item, r, src.authority, i.dayOf)
			switch {
			case bad == nil:
				records = append(records, r)
			case list == "":
				src.refuse(bad.problem())
			default:
				if bad.path == "" {
					bad.path = r.path
				}
				src.skip(bad.problem())
			}
		}
	}
	return records
}

// itemsOf finds the records of a document, in a bare list or under "data" of an API's answer, and the path of their list. It is "" where the
// document holds one record, alone or as an API's answer.
func itemsOf(text []byte) (items []json.RawMessage, list string) {
	if json.Unmarshal(text, &items) == nil {
		return items, "$"
	}
	m := members(text)
	if json.Unmarshal(m["data"], &items) == nil && items != nil {
		return items, "data"
	}
	if data := members(m["data"]); recogniseItem(m) == Unknown && recogniseItem(data) != Unknown {
		return []json.RawMessage{m["data"]}, ""
	}
	return []json.RawMessage{text}, ""
}
