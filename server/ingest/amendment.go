package ingest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// amendment is one change of a proposal after it was valid: its words, its boundary or both.
type amendment struct {
	On                 consult.Date
	Previous, Proposed string // descriptions; "" = not changed
	Original, Boundary json.RawMessage
	Why                string
}

// versions lists what was proposed, from the first to what is proposed now. Each amendment makes one; what it does not change stays.
func (r *record) versions() []consult.ProposalVersion {
	slices.SortStableFunc(r.Amendments, func(a, b amendment) int { return strings.Compare(string(a.On), string(b.On)) })
	first := consult.ProposalVersion{Number: 1, Description: r.Description, Boundary: r.Boundary, ReceivedOn: r.Received}
	for _, a := range slices.Backward(r.Amendments) {
		if a.Previous != "" {
			first.Description = a.Previous
		}
		if a.Original != nil {
			first.Boundary = a.Original
		}
	}
	first.Summary = first.Description
	list := []consult.ProposalVersion{first}
	for i, a := range r.Amendments {
		v := list[i]
		v.Number, v.ReceivedOn, v.Summary = i+2, a.On, a.Why
		if a.Proposed != "" {
			v.Description = a.Proposed
		}
		if a.Boundary != nil {
			v.Boundary = a.Boundary
		}
		list = append(list, v)
	}
	return list
}
