package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
)

var errAuditUsage = errors.New("usage: yousaid audit verify [--trust KEY,…] [--file FILE] | export FILE | key")

// audit checks the log, writes it to a file for others to check, or prints the public key it is signed with here.
func audit(ctx context.Context, cfg server.Config, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errAuditUsage
	}
	set := flag.NewFlagSet("audit", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	file := set.String("file", "", "")
	trust := set.String("trust", "", "")
	if err := set.Parse(args[1:]); err != nil {
		return errAuditUsage
	}
	switch verb, rest := args[0], set.Args(); {
	case verb == "verify" && len(rest) == 0:
		return verifyAudit(ctx, cfg, *file, strings.FieldsFunc(*trust, func(r rune) bool { return r == ',' }), out)
	case verb == "export" && len(rest) == 1:
		return exportAudit(ctx, cfg, rest[0], out)
	case verb == "key" && len(rest) == 0:
		seal, err := server.OpenSeal(cfg)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, seal.Public())
		return err
	}
	return errAuditUsage
}

// verifyAudit checks the store's log, or an exported one without any store.
func verifyAudit(ctx context.Context, cfg server.Config, file string, trusted []string, out io.Writer) error {
	var check consult.AuditCheck
	if file != "" {
		raw, err := os.Open(file)
		if err != nil {
			return err
		}
		check, err = readAudit(raw, trusted)
		if err := errors.Join(err, raw.Close()); err != nil {
			return err
		}
	} else {
		app, err := server.New(ctx, cfg, server.Options{})
		if err != nil {
			return err
		}
		defer app.Close()
		if check, err = app.Store().AuditVerify(ctx, trusted...); err != nil {
			return err
		}
	}
	switch {
	case check.FirstBad != 0 && check.Why == "signature":
		return fmt.Errorf("row %d is not signed by a key that may sign it", check.FirstBad)
	case check.FirstBad != 0:
		return fmt.Errorf("row %d does not fit the chain: it or one before it was changed", check.FirstBad)
	}
	fmt.Fprintf(out, "%d rows, chain unbroken\n", check.Rows)
	if check.Unsigned > 0 {
		fmt.Fprintf(out, "%d rows at the beginning are from before the log was signed\n", check.Unsigned)
	}
	for _, s := range check.Signers {
		fmt.Fprintf(out, "%d rows (%d to %d) signed by %s\n", s.Rows, s.First, s.Last, s.Key)
	}
	return nil
}

// auditLine is one line of an exported log: a row, or, last, where the log ends.
type auditLine struct {
	*consult.AuditRow
	End *auditEnd `json:"end,omitempty"`
}

type auditEnd struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// readAudit checks an exported log. Without its last line it was cut off.
func readAudit(r io.Reader, trusted []string) (consult.AuditCheck, error) {
	check := consult.AuditCheck{Trusted: trusted}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	ended := false
	for n := 1; lines.Scan(); n++ {
		var line auditLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || ended || (line.AuditRow == nil) == (line.End == nil) {
			return check, fmt.Errorf("line %d is no line of an exported log", n)
		}
		if line.End != nil {
			check.End(line.End.Seq, line.End.Hash)
			ended = true
			continue
		}
		check.Add(*line.AuditRow)
	}
	if err := lines.Err(); err != nil {
		return check, err
	}
	if !ended {
		return check, errors.New("the file ends before the log does")
	}
	return check, nil
}

// auditPage is how many rows are read at a time.
const auditPage = 1000

// exportAudit writes the log as lines of JSON. The file holds no person's words; it says who acted by number.
func exportAudit(ctx context.Context, cfg server.Config, path string, out io.Writer) (err error) {
	app, err := server.New(ctx, cfg, server.Options{})
	if err != nil {
		return err
	}
	defer app.Close()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := json.NewEncoder(file)
	end := auditEnd{}
	for {
		rows, err := app.Store().AuditRows(ctx, end.Seq, auditPage)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := lines.Encode(auditLine{AuditRow: &r}); err != nil {
				return err
			}
			end = auditEnd{r.Seq, r.Hash}
		}
		if len(rows) < auditPage {
			break
		}
	}
	if err := lines.Encode(auditLine{End: &end}); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d rows written to %s\n", end.Seq, path)
	return nil
}
