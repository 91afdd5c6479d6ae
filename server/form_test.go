package server_test

import (
	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	permissions[consult.Read] = append(permissions[consult.Read], "GET /consultations/:id/form", "GET /consultations/:id/results")
	permissions[consult.RecordOutcome] = append(permissions[consult.RecordOutcome],
		"GET /officer/consultations/new", "POST /officer/consultations/new", "GET /officer/consultations/:id/form", "POST /officer/consultations/:id/form",
		"GET /officer/consultations/:id/form/file", "POST /officer/consultations/:id/form/file", "GET /officer/consultations/:id/form/question",
		"POST /officer/consultations/:id/form/question", "GET /officer/consultations/:id/response", "POST /officer/consultations/:id/response")
}
