package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// nodeCounts are the lines at the end of what Node's test runner writes in TAP: "# pass 12".
var nodeCounts = regexp.MustCompile(`(?m)^# (pass|fail|cancelled|skipped|todo) (\d+)$`)

// readNodeTally counts the tests of a TAP report. Everything but a pass counts as failed, also what was skipped.
func readNodeTally(report string) (tally, error) {
	var t tally
	found := nodeCounts.FindAllStringSubmatch(report, -1)
	if len(found) != 5 {
		return tally{failed: 1}, errors.New("the test runner ended before its summary")
	}
	for _, m := range found {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return tally{failed: 1}, err
		}
		if m[1] == "pass" {
			t.passed += n
		} else {
			t.failed += n
		}
	}
	if t.passed+t.failed == 0 {
		return tally{failed: 1}, fmt.Errorf("no test ran")
	}
	return t, nil
}
