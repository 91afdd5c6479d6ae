package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func steps(ran *[]string) []step {
	named := func(name string, counted tally, err error) step {
		return step{name: name, do: func(context.Context) (tally, error) {
			*ran = append(*ran, name)
			return counted, err
		}}
	}
	return []step{
		named("form", tally{}, nil),
		named("tests", tally{passed: 7, failed: 2}, errors.New("exit status 1")),
		named("walk", tally{passed: 3}, nil),
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return lines[len(lines)-1]
}

func TestStepsStopAtTheFirstFailureAndSaySo(t *testing.T) {
	var ran []string
	var out strings.Builder
	if err := runSteps(t.Context(), &out, steps(&ran), false); err == nil {
		t.Error("a failure is no error")
	}
	if got := strings.Join(ran, " "); got != "form tests" {
		t.Errorf("ran %s", got)
	}
	if got := lastLine(out.String()); got != "8 passed, 2 failed" {
		t.Errorf("the last line is %q", got)
	}
	if !strings.Contains(out.String(), "walk       not run") {
		t.Errorf("the table is silent about what did not run:\n%s", out.String())
	}
}

func TestStepsCanGoOn(t *testing.T) {
	var ran []string
	var out strings.Builder
	if err := runSteps(t.Context(), &out, steps(&ran), true); err == nil {
		t.Error("a failure is no error")
	}
	if got := lastLine(out.String()); len(ran) != 3 || got != "11 passed, 2 failed" {
		t.Errorf("ran %v and closed with %q", ran, got)
	}
}

func TestStepsThatAllPass(t *testing.T) {
	var ran []string
	var out strings.Builder
	all := steps(&ran)
	if err := runSteps(t.Context(), &out, []step{all[0], all[2]}, false); err != nil {
		t.Error(err)
	}
	if got := lastLine(out.String()); got != "4 passed, 0 failed" {
		t.Errorf("the last line is %q", got)
	}
}

func TestAnErrorWithoutACountIsOneFailure(t *testing.T) {
	var out strings.Builder
	broken := check("broken", func(context.Context) error { return errors.New("its words") })
	if err := runSteps(t.Context(), &out, []step{broken}, false); err == nil {
		t.Error("a failure is no error")
	}
	if got := lastLine(out.String()); got != "0 passed, 1 failed" || !strings.Contains(out.String(), "its words") {
		t.Errorf("printed:\n%s", out.String())
	}
}

func TestPickKeepsTheOrderAndRefusesUnknownNames(t *testing.T) {
	var ran []string
	picked, err := pick(steps(&ran), "walk,form")
	if err != nil || len(picked) != 2 || picked[0].name != "form" || picked[1].name != "walk" {
		t.Errorf("picked %v, %v", picked, err)
	}
	if _, err := pick(steps(&ran), "form,wlak"); err == nil || !strings.Contains(err.Error(), "wlak") {
		t.Errorf("an unknown name says %v", err)
	}
}

func TestNodeTallyReadsTheRunnersOwnReport(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, map[string]string{"a.test.mjs": `
import { describe, test } from "node:test";
import assert from "node:assert";
test("fine", () => {});
describe("group", () => { test("also fine", () => {}); test("wrong", () => assert.equal(1, 2)); });
test("left out", { skip: true }, () => {});
`})
	report, err := exec.Command("node", "--test", "--test-reporter=tap", filepath.Join(dir, "a.test.mjs")).Output()
	if failed := new(exec.ExitError); !errors.As(err, &failed) {
		t.Fatalf("a failing test file ends with %v", err)
	}
	got, err := readNodeTally(string(report))
	if err != nil || got != (tally{passed: 2, failed: 2}) {
		t.Errorf("counted %+v, %v\n%s", got, err, report)
	}
}

func TestNodeTallyRefusesHalfAReport(t *testing.T) {
	for name, report := range map[string]string{
		"empty":   "",
		"cut off": "TAP version 13\nok 1 - fine\n# tests 1\n# pass 1\n",
		"no test": "# pass 0\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n",
	} {
		if got, err := readNodeTally(report); err == nil || got.failed == 0 {
			t.Errorf("%s: counted %+v, %v", name, got, err)
		}
	}
}

func TestLackingNamesEveryMissingToolAndItsPackages(t *testing.T) {
	present := func() (string, error) { return "/bin/sh", nil }
	absent := func() (string, error) { return "", os.ErrNotExist }
	names, packages := lacking([]tool{
		{"a shell", []string{"dash"}, present},
		{"a compiler", []string{"gcc", "libc6-dev"}, absent},
		{"a browser", []string{"chromium"}, absent},
	})
	if strings.Join(names, ", ") != "a compiler, a browser" || strings.Join(packages, " ") != "gcc libc6-dev chromium" {
		t.Errorf("missing %v from %v", names, packages)
	}
}

// TestInterruptTakesTheWholeGroup: a command's own children end with it.
func TestInterruptTakesTheWholeGroup(t *testing.T) {
	out, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	ctx, cancel := context.WithCancel(t.Context())
	w := &workbench{root: t.TempDir(), out: write}
	c := w.command(ctx, "sh", "-c", "sleep 1000 & echo started; wait")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	if _, err := out.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := c.Wait(); err == nil {
		t.Error("the command ended as if nothing had happened")
	}
	// The pipe closes only when the grandchild, which holds it too, is gone.
	if n, err := out.Read(make([]byte, 100)); n != 0 || err == nil {
		t.Errorf("read %d bytes, %v; want the end", n, err)
	}
}
