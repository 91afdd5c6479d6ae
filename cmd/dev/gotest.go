package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// tally counts what was checked. A skipped test counts as failed: what did not run was not shown to work.
type tally struct{ passed, failed int }

func (t *tally) add(u tally) {
	t.passed += u.passed
	t.failed += u.failed
}

// goEvent is one line of `go test -json`.
type goEvent struct {
	Action, Package, Test, Output, ImportPath, FailedBuild string
	Elapsed                                                float64
}

// goReport turns the events of `go test -json` into a line per package, the output of what failed, and a count.
type goReport struct {
	out      io.Writer
	tally    tally
	packages map[string]*goPackage
	builds   map[string]string // import path → what the compiler said
}

type goPackage struct {
	tally tally
	said  strings.Builder // what no test said: panics while starting, the race detector at the end
	tests map[string]*goTest
}

type goTest struct {
	said        strings.Builder
	parent      bool // has tests inside: those are counted in its place
	failedChild bool
	ended       bool
}

func newGoReport(out io.Writer) *goReport {
	return &goReport{out: out, packages: map[string]*goPackage{}, builds: map[string]string{}}
}

// read takes the stream to its end. Lines that are no events (the go command's own complaints) are printed.
func (r *goReport) read(events io.Reader) error {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e goEvent
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				r.take(e)
			} else {
				fmt.Fprintf(r.out, "%s", line)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *goReport) take(e goEvent) {
	switch {
	case e.Action == "build-output":
		r.builds[e.ImportPath] += e.Output
	case e.Action == "build-fail":
	case e.Test != "":
		r.pkg(e.Package).takeTest(e, r.out)
	default:
		r.takePackage(e)
	}
}

func (r *goReport) pkg(name string) *goPackage {
	p := r.packages[name]
	if p == nil {
		p = &goPackage{tests: map[string]*goTest{}}
		r.packages[name] = p
	}
	return p
}

func (p *goPackage) test(name string) *goTest {
	t := p.tests[name]
	if t == nil {
		t = &goTest{}
		p.tests[name] = t
		if i := strings.LastIndex(name, "/"); i >= 0 {
			p.test(name[:i]).parent = true
		}
	}
	return t
}

func (p *goPackage) takeTest(e goEvent, out io.Writer) {
	t := p.test(e.Test)
	switch e.Action {
	case "output":
		t.said.WriteString(e.Output)
	case "pass":
		t.ended = true
		if !t.parent {
			p.tally.passed++
		}
	case "fail", "skip":
		t.ended = true
		p.failTest(e.Test, t, out)
		if e.Action == "skip" {
			fmt.Fprintf(out, "    %s was skipped, which counts as failed: say what is missing instead\n", e.Test)
		}
	}
}

// failTest counts a failed test once, at its innermost: not again for each test around it.
func (p *goPackage) failTest(name string, t *goTest, out io.Writer) {
	if i := strings.LastIndex(name, "/"); i >= 0 {
		p.test(name[:i]).failedChild = true
	}
	io.WriteString(out, t.said.String())
	if !t.failedChild {
		p.tally.failed++
	}
}

func (r *goReport) takePackage(e goEvent) {
	p := r.pkg(e.Package)
	switch e.Action {
	case "output":
		p.said.WriteString(e.Output)
		return
	case "fail":
		p.failPackage(r.builds[e.FailedBuild], r.out)
	case "pass":
	default: // start; skip, said of a package without tests
		return
	}
	r.tally.add(p.tally)
	word, took := "FAIL", fmt.Sprintf("%.1fs", e.Elapsed)
	if e.Action == "pass" {
		word = "ok"
	}
	if strings.Contains(p.said.String(), "\t(cached)") { // nothing it depends on has changed since it passed
		took = "cached"
	}
	fmt.Fprintf(r.out, "%-4s %7s %5d passed %3d failed  %s\n", word, took, p.tally.passed, p.tally.failed, e.Package)
}

// failPackage accounts for what no test reported: a build that broke, a test that never ended, a process that died.
func (p *goPackage) failPackage(compiler string, out io.Writer) {
	io.WriteString(out, compiler)
	io.WriteString(out, p.said.String())
	for name, t := range p.tests {
		if !t.ended && !t.parent {
			fmt.Fprintf(out, "    %s did not end\n", name)
			p.failTest(name, t, out)
		}
	}
	if p.tally.failed == 0 {
		p.tally.failed = 1
	}
}
