package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

var errHalfway = errors.New("halfway")

// A file that cannot begin is an error; one that fails halfway is cut off, never ended as if it were whole.
func TestAnExportThatFailsIsNeverTakenForWhole(t *testing.T) {
	var g Gate
	if _, err := g.Start(func(io.Writer) error { return errHalfway }); !errors.Is(err, errHalfway) {
		t.Errorf("a file that cannot begin: %v", err)
	}
	if _, err := g.Start(func(io.Writer) error { panic("a slip") }); err == nil || !strings.Contains(err.Error(), "a slip") {
		t.Errorf("a file whose writer panics: %v", err)
	}
	body, err := g.Start(func(w io.Writer) error {
		if _, err := w.Write(bytes.Repeat([]byte("x"), gateBuffer+1)); err != nil {
			return err
		}
		return errHalfway
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(body); !errors.Is(err, errHalfway) || len(got) == 0 {
		t.Errorf("halfway: %d bytes, then %v", len(got), err)
	}
	if body, err := g.Start(func(io.Writer) error { return nil }); err != nil {
		t.Errorf("an empty file: %v", err)
	} else if got, err := io.ReadAll(body); err != nil || len(got) != 0 {
		t.Errorf("an empty file: %q, %v", got, err)
	}
}

// A reader who goes away stops the writer, and the number of writers has a bound.
func TestExportsStopWithTheirReaderAndAreFew(t *testing.T) {
	var g Gate
	stopped := make(chan error, maxRunning)
	endless := func(w io.Writer) error {
		for {
			if _, err := fmt.Fprintln(w, "a row"); err != nil {
				stopped <- err
				return err
			}
		}
	}
	var open []io.Closer
	for range maxRunning {
		body, err := g.Start(endless)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, body)
	}
	if _, err := g.Start(endless); consult.KindOf(err) != consult.TooMany {
		t.Errorf("one export too many: %v", err)
	}
	for _, body := range slices.Backward(open) {
		if err := body.Close(); err != nil {
			t.Error(err)
		}
	}
	for range maxRunning {
		if err := <-stopped; !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("stopped with %v", err)
		}
	}
	// The last writer counts itself out after it has stopped; a new one must get in.
	for consult.KindOf(func() error {
		body, err := g.Start(func(io.Writer) error { return nil })
		if err == nil {
			return body.Close()
		}
		return err
	}()) == consult.TooMany {
	}
}
