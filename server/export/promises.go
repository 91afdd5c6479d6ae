package export

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/yousaid/yousaid/server/reach"
)

// PromisesCSV writes the public record of a consultation's promises: a row for all points, one for each topic and service that may be
// shown by itself, one for each reason for a pause. Median and percentile are working days, empty where they are not shown or not reached.
func PromisesCSV(w io.Writer, r reach.PromiseRecord) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := append([]string{"part", "code", "points"}, reach.PromiseStandings()...)
	rows := [][]string{append(header, "median_working_days", "ninety_percent_working_days"), promiseRow("all", r.Total)}
	for _, f := range r.Topics {
		rows = append(rows, promiseRow("topic", f))
	}
	for _, f := range r.Services {
		rows = append(rows, promiseRow("service", f))
	}
	for _, f := range r.Pauses {
		row := make([]string, len(rows[0]))
		row[0], row[1], row[2] = "paused-for", f.Reason, strconv.Itoa(f.Points)
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}

func promiseRow(part string, f reach.PromiseFigures) []string {
	row := []string{part, harmless(f.Code), strconv.Itoa(f.Points)}
	for _, n := range f.Standing() {
		row = append(row, strconv.Itoa(n))
	}
	return append(row, waited(f.Median), waited(f.NinetyPercent))
}

func waited(w reach.Wait) string {
	if !w.Shown || !w.Reached {
		return ""
	}
	return strconv.Itoa(w.Days)
}
