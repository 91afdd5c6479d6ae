package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of an import (S15). They bound memory: nothing beyond them is ever held.
const (
	MaxFiles   = 64
	MaxBytes   = 10 << 20 // of one file
	MaxRows    = 100_000  // of one table
	MaxColumns = 200
	MaxCells   = 2_000_000 // of one table
	MaxCell    = 64 << 10  // bytes of one cell
	MaxDepth   = 32        // of nested JSON
)

// File is one file to import. Open may be called once. Some systems' files say neither whose application they speak of nor which: then
// the operator does, in Authority and Reference. What a file says itself counts more.
type File struct {
	Name      string // for the report only
	Authority string // "local-authority:BIR"
	Reference string // of the application
	Open      func() (io.ReadCloser, error)
}

// refusal is why a whole file cannot be taken.
type refusal struct {
	row    int
	path   string
	reason string
}

func (r *refusal) Error() string { return r.reason }

func (r *refusal) problem() Problem { return Problem{Row: r.row, Path: r.path, Reason: r.reason} }

func refused(format string, args ...any) *refusal {
	return &refusal{reason: fmt.Sprintf(format, args...)}
}

// read takes a file's bytes within the limit and gives them as UTF-8 text.
func read(f File) ([]byte, *refusal) {
	r, err := f.Open()
	if err != nil {
		return nil, refused("the file cannot be opened")
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, refused("the file cannot be read to its end")
	}
	if len(data) > MaxBytes {
		return nil, refused("the file is larger than %d MiB; split it", MaxBytes>>20)
	}
	return decodeText(data)
}

// signatures of files that people send instead of a text file, and what they should do.
var signatures = []struct{ start, reason string }{
	{"PK\x03\x04", "this is a zip or XLSX file; unpack it, or save the sheet as CSV UTF-8"},
	{"\x1f\x8b", "this is a gzip file; unpack it first"},
	{"%PDF", "this is a PDF, not data"},
	{"\xd0\xcf\x11\xe0", "this is an old Excel file; save the sheet as CSV UTF-8"},
}

// decodeText gives bytes as UTF-8 without a byte order mark. UTF-16 with its mark (what Excel calls "Unicode text") is converted.
func decodeText(data []byte) ([]byte, *refusal) {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.start)) {
			return nil, refused("%s", s.reason)
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		data = fromUTF16(data[2:], binary.BigEndian)
	default:
		data = bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, refused("the file is empty")
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return nil, refused("a NUL at byte %d: not a text file, or UTF-16 without its byte order mark; save it as UTF-8", at+1)
	}
	if at := invalidAt(data); at >= 0 {
		line := bytes.Count(data[:at], []byte("\n")) + 1
		return nil, refused("line %d is not UTF-8 text; save the file as CSV UTF-8", line)
	}
	return data, nil
}

// invalidAt is the offset of the first byte that is not UTF-8, -1 for none.
func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// checkDepth refuses JSON nested deeper than MaxDepth before anything is parsed.
func checkDepth(data []byte) *refusal {
	depth, inText := 0, false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return refused("JSON nested deeper than %d", MaxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
