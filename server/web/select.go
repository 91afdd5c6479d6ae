package web

// Select is one choice of many, such as a ward. Part "select".
type Select struct {
	Field
	Options []Choice // the first is what stands when nothing is chosen
}
