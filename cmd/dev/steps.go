package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// step is one check of `test`. It returns what it counted; a check that has nothing to count returns none and counts
// as one, passed or failed.
type step struct {
	name     string
	services bool // needs PostgreSQL and Redis
	do       func(context.Context) (tally, error)
}

// check makes a step of something that only succeeds or fails.
func check(name string, do func(context.Context) error) step {
	return step{name: name, do: func(ctx context.Context) (tally, error) { return tally{}, do(ctx) }}
}

// runSteps runs steps in order, stopping at the first failure unless told to go on, and prints a table and, as its
// last line, the sum. What failed is printed where it happens.
func runSteps(ctx context.Context, out io.Writer, steps []step, keepGoing bool) error {
	var sum tally
	var table strings.Builder
	stopped := false
	for _, s := range steps {
		if stopped || ctx.Err() != nil {
			fmt.Fprintf(&table, "%-10s not run\n", s.name)
			continue
		}
		fmt.Fprintf(out, "\n== %s\n", s.name)
		start := time.Now()
		counted, err := s.do(ctx)
		if counted == (tally{}) && err == nil {
			counted.passed = 1
		}
		if err != nil {
			fmt.Fprintf(out, "%s: %v\n", s.name, err)
			counted.failed = max(counted.failed, 1)
		}
		sum.add(counted)
		word := "ok"
		if counted.failed > 0 {
			word = "FAILED"
			stopped = !keepGoing
		}
		fmt.Fprintf(&table, "%-10s %-6s %7.1fs %6d passed %4d failed\n",
			s.name, word, time.Since(start).Seconds(), counted.passed, counted.failed)
	}
	fmt.Fprintf(out, "\n%s\n%d passed, %d failed\n", table.String(), sum.passed, sum.failed)
	if sum.failed > 0 {
		return errReported
	}
	return ctx.Err()
}

// pick keeps the steps named in a comma-separated list, in their own order; all of them for an empty list.
func pick(steps []step, names string) ([]step, error) {
	if names == "" {
		return steps, nil
	}
	wanted := strings.Split(names, ",")
	var all []string
	var picked []step
	for _, s := range steps {
		all = append(all, s.name)
		if slices.Contains(wanted, s.name) {
			picked = append(picked, s)
		}
	}
	for _, name := range wanted {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("no check is named %q; there are %s", name, strings.Join(all, ", "))
		}
	}
	return picked, nil
}
