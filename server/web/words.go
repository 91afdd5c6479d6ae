package web

import (
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// paragraphs splits plain text at blank lines.
func paragraphs(text string) []string {
	var list []string
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// threadHref is the address of a thread, or of one message in it.
func threadHref(thread consult.ID, seq int64) string {
	href := "/threads/" + thread.String()
	if seq > 0 {
		href += "#message-" + strconv.FormatInt(seq, 10)
	}
	return href
}
