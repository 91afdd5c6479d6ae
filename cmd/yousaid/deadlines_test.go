package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestDeadlinesPrintTheLastDayAndHowItWasCounted(t *testing.T) {
	m := newMachine(t)
	for _, row := range []struct{ args, day, how string }{
		{"--event site-notice --date 2026-04-02", "2026-04-24",
			"21 days from the site-notice of 2026-04-02, that day counted; public holidays disregarded: 2026-04-03, 2026-04-06; closes at midnight Europe/London, 2026-04-25T00:00:00+01:00"},
		{"--event site-notice --date 2026-04-02 --eia", "2026-05-01",
			"30 days from the site-notice of 2026-04-02, that day counted; no public holidays disregarded; closes at midnight Europe/London, 2026-05-02T00:00:00+01:00"},
		{"--event=newspaper --date=2026-04-02", "2026-04-17", "closes at midnight Europe/London, 2026-04-18T00:00:00+01:00"},
		{"--event site-notice --date 2026-04-02 --round amendment", "2026-04-17", "14 days"},
		{"--event site-notice --date 2026-03-09", "2026-03-29", "2026-03-30T00:00:00+01:00"},
		{"--event site-notice --date 2026-10-05", "2026-10-25", "2026-10-26T00:00:00Z"},
		{"--event site-notice --date 2026-04-02 --event newspaper --date 2026-04-16 --event website --date 2026-04-02", "2026-04-29",
			"14 days from the newspaper of 2026-04-16, that day counted, the latest of 3 notices;"},
	} {
		lines := strings.Split(m.must(append([]string{"deadlines"}, strings.Fields(row.args)...)...), "\n")
		if len(lines) != 3 || lines[0] != row.day || !strings.Contains(lines[1], row.how) || lines[2] != "" {
			t.Errorf("%s printed %q, want %s and %q", row.args, lines, row.day, row.how)
		}
	}
	if files, err := os.ReadDir(m.env["YOUSAID_DATA"]); err != nil || len(files) != 0 {
		t.Errorf("computing a day touched the store: %v, %v", files, err)
	}
}

func TestDeadlinesForPrograms(t *testing.T) {
	m := newMachine(t)
	out := m.must("deadlines", "--json", "--event", "site-notice", "--date", "2026-04-02", "--event", "website", "--date", "2026-06-01")
	var got struct {
		LastDay string `json:"last_day"`
		Closes  string `json:"closes"`
		Events  []struct {
			Event, Date string
			Days        int
			Disregarded []string
			LastDay     string `json:"last_day"`
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got.LastDay != "2026-06-14" || got.Closes != "2026-06-15T00:00:00+01:00" || len(got.Events) != 2 || got.Events[0].LastDay != "2026-04-24" ||
		got.Events[0].Days != 21 || len(got.Events[0].Disregarded) != 2 || got.Events[1].Disregarded == nil || len(got.Events[1].Disregarded) != 0 {
		t.Errorf("%s", out)
	}
}

func TestDeadlinesRefuseAndPrintNothing(t *testing.T) {
	m := newMachine(t)
	for args, want := range map[string]string{
		"":                    "usage:",
		"--event site-notice": "usage:",
		"--date 2026-04-02":   "usage:",
		"--event site-notice --date 2026-04-02 --event newspaper":                          "usage:",
		"--event site-notice --date 2026-04-02 more":                                       "usage:",
		"--event pigeon --date 2026-04-02":                                                 `no event "pigeon"; there are site-notice, neighbour-letter, newspaper, website, email`,
		"--event site-notice --date 2026-02-30":                                            `"2026-02-30" is no day`,
		"--event site-notice --date 02/04/2026":                                            "is no day",
		"--event site-notice --date 2026-04-02 --round third":                              `no round of kind "third"`,
		"--event site-notice --date 2028-12-20":                                            "reaches from 2024-01-01 to 2028-12-31",
		"--event site-notice --date 2031-04-02 --eia":                                      "not computed",
		"--event site-notice --date 2023-12-31":                                            "not computed",
		"--event site-notice --date 2026-04-02 --event newspaper --date 2029-01-05 --json": "not computed",
	} {
		out, err := m.run(append([]string{"deadlines"}, strings.Fields(args)...)...)
		if err == nil || out != "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v and %q, want %q and nothing printed", args, err, out, want)
		}
	}
}
