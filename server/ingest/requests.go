package ingest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// attachRequests reads BOPS' validation requests and adds those that changed a proposal to the applications of the same import.
func attachRequests(src *source, records []*record, day func(time.Time) consult.Date) {
	var in struct {
		Data []bopsRequest `json:"data"`
	}
	if err := json.Unmarshal(src.data, &in); err != nil {
		src.refuse(jsonRefusal(src.data, err).problem())
		return
	}
	byReference := map[string]*record{}
	for _, r := range records {
		if r.Source == "bops" {
			byReference[r.Reference] = r
		}
	}
	src.Rows = len(in.Data)
	taken := 0
	for n := range in.Data {
		q := &in.Data[n]
		path := fmt.Sprintf("data[%d]", n)
		a, why := q.amendment(day)
		if why != "" {
			src.warn(Problem{Path: path, Reason: "changes nothing here: " + why})
			continue
		}
		r := byReference[line(q.PlanningApplication.Reference)]
		if r == nil {
			src.skip(Problem{Path: path, Reason: "no BOPS application " + quoted(q.PlanningApplication.Reference) + " in this import; give both in one import"})
			continue
		}
		if len(r.Amendments) == maxParts {
			src.skip(Problem{Path: path, Reason: "more amendments of one application than are kept"})
			continue
		}
		r.Amendments = append(r.Amendments, a)
		taken++
	}
	src.Note = "read together with the applications: " + counted(taken, "amendment")
}
