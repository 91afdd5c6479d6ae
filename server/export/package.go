package export

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// The files of a package.
const (
	dataFile     = "data.csv"
	placesFile   = "data.geojson"
	figuresFile  = "figures.csv"
	codebookFile = "codebook.csv"
	readmeFile   = "README.txt"
)

// zipTime is the time of every file in a package: the earliest that the format knows, because the same data makes the same bytes.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Content is what goes into a package.
type Content struct {
	Authority string
	Selection []string // the conditions, one in words each; none = everything
	Comments  Comments
	Report    reach.Report
	Words     Words
}

// Package writes a zip of data.csv, data.geojson, figures.csv, codebook.csv and README.txt. The README comes last: it tells what the
// others hold, with their SHA-256. It carries no time of its own, so that the same data gives the same bytes.
func Package(w io.Writer, c Content) error {
	out := zip.NewWriter(w)
	p := packer{zip: out}
	latest, n := consult.Date(""), 0
	watched := func(each func(consult.ExportedComment) error) error {
		latest, n = "", 0
		return c.Comments(func(e consult.ExportedComment) error {
			latest, n = max(latest, e.Published), n+1
			return each(e)
		})
	}
	p.add(dataFile, func(w io.Writer) error { return CommentsCSV(w, watched, false) })
	p.add(placesFile, func(w io.Writer) error { return CommentsGeoJSON(w, c.Comments) })
	p.add(figuresFile, func(w io.Writer) error { return FiguresCSV(w, c.Report, "", c.Words, false) })
	p.add(codebookFile, func(w io.Writer) error { return Codebook(w, c.Words) })
	p.add(readmeFile, func(w io.Writer) error {
		_, err := io.WriteString(w, readme(c, p.sums, n, latest))
		return err
	})
	if p.err != nil {
		return p.err // without its directory the zip cannot be opened: half a package is none
	}
	return out.Close()
}

// packer adds files to a zip until one fails.
type packer struct {
	zip  *zip.Writer
	sums []string // "<sha-256>  <file>", as sha256sum prints and checks them
	err  error
}

func (p *packer) add(name string, write func(io.Writer) error) {
	if p.err != nil {
		return
	}
	file, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime})
	if err != nil {
		p.err = err
		return
	}
	sum := sha256.New()
	p.err = write(io.MultiWriter(file, sum))
	p.sums = append(p.sums, hex.EncodeToString(sum.Sum(nil))+"  "+name)
}

// readme says what a package holds, how it may be read and how it may not.
func readme(c Content, sums []string, n int, latest consult.Date) string {
	w := c.Words
	lines := []string{w("export.readme_title", "authority", c.Authority), "", w("export.readme_selection")}
	for _, s := range c.Selection {
		lines = append(lines, "- "+s)
	}
	if len(c.Selection) == 0 {
		lines = append(lines, "- "+w("export.readme_everything"))
	}
	lines = append(lines, w("export.readme_comments", "n", n))
	if latest != "" {
		lines = append(lines, w("export.readme_latest", "date", string(latest)))
	}
	lines = append(lines, "")
	for _, file := range []string{"data", "geojson", "figures", "codebook"} {
		lines = append(lines, w("export.readme_"+file))
	}
	lines = append(lines, "", w("reach.no_sample"), "", w("export.readme_protection"), "", w("export.readme_formulas"), "",
		w("export.readme_licence"), "", w("export.readme_sums"))
	lines = append(lines, sums...)
	return strings.Join(lines, "\r\n") + "\r\n"
}
