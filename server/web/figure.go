package web

// Figure is a bar chart that is its own table: every bar stands in the row of its number, so the two cannot disagree, a narrow
// screen keeps it readable and a screen reader meets the table only. Part "figure".
type Figure struct {
	ID       string // unique on the page
	Caption  string
	Of       string // heading of the labels' column
	Count    string // heading of the numbers' column
	Bars     []Bar
	Note     string // units, what is missing, how it was protected; "" = none
	Download *Link  // exactly these numbers as a file; nil = none
}

// Bar is one row. A suppressed one shows its Text (as "fewer than 8") and draws nothing: its length would give the number away.
type Bar struct {
	Label      string
	Value      int
	Text       string // the value in words; "" = the number
	Suppressed bool
}

// BarRow is a Bar with the length it is drawn at, in thousandths of the longest.
type BarRow struct {
	Bar
	Length int
}

// Rows gives each bar its length.
func (f Figure) Rows() []BarRow {
	longest := 0
	for _, b := range f.Bars {
		if !b.Suppressed {
			longest = max(longest, b.Value)
		}
	}
	rows := make([]BarRow, len(f.Bars))
	for i, b := range f.Bars {
		rows[i] = BarRow{Bar: b}
		if longest > 0 && !b.Suppressed {
			rows[i].Length = b.Value * 1000 / longest
		}
	}
	return rows
}
