package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// isDirectory recognises a list of consultees by its columns.
func isDirectory(t *table) bool {
	return t.has("consultee", "kind") && (t.has("email") || t.has("address", "postcode"))
}

// takeDirectory saves the consultees that officers pick from.
func (i *importer) takeDirectory(ctx context.Context, src *source) error {
	var rows []consult.DirectoryEntry
	seen := map[string]int{}
	src.table.each(src.FileReport, func(r row) {
		e, field, bad := readDirectoryEntry(src.table, r)
		key := strings.ToLower(e.Name)
		if earlier := seen[key]; bad == "" && earlier > 0 {
			field, bad = "consultee", fmt.Sprintf("%s stands in row %d already", quoted(e.Name), earlier)
		}
		if bad != "" {
			src.skip(Problem{Row: r.n, Field: src.table.label(field), Reason: bad})
			return
		}
		seen[key] = r.n
		rows = append(rows, e)
	})
	if len(rows) == 0 {
		src.refuse(Problem{Reason: "no row could be taken"})
		return nil
	}
	var err error
	src.Created, src.Updated, src.Unchanged, err = i.svc.TakeDirectory(ctx, i.actor, rows)
	return src.outcome(err)
}

func readDirectoryEntry(t *table, r row) (e consult.DirectoryEntry, field, bad string) {
	e.Name, e.Kind = line(t.get(r, "consultee")), consult.ConsulteeKind(strings.ToLower(t.get(r, "kind")))
	e.Email, e.Address = t.get(r, "email"), line(t.get(r, "address"))
	code, ok := consult.NormalPostcode(t.get(r, "postcode"))
	switch {
	case e.Name == "" || consult.Length(e.Name) > consult.MaxName:
		return e, "consultee", fmt.Sprintf("no name, or one of more than %d characters", consult.MaxName)
	case !slices.Contains(consult.ConsulteeKinds(), e.Kind):
		return e, "kind", "not statutory, internal or organisation: " + quoted(string(e.Kind))
	case e.Email != "" && !consult.ValidEmail(e.Email):
		return e, "email", "not an email address"
	case e.Address != "" && !ok:
		return e, "postcode", "not a postcode: " + quoted(t.get(r, "postcode"))
	case e.Email == "" && e.Address == "":
		return e, "email", "neither an email address nor a postal one"
	case consult.Length(e.Address) > consult.MaxAddress:
		return e, "address", fmt.Sprintf("an address of more than %d characters", consult.MaxAddress)
	}
	if e.Address != "" {
		e.Postcode = code
	}
	return e, "", ""
}
