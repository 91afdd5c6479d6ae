package identity

import "strings"

// browserName makes of a User-Agent header what an officer recognises in a list: "Firefox, Windows". Only these few words are kept,
// not the header. "" when nothing is recognised.
func browserName(agent string) string {
	name := firstIn(agent, [][2]string{
		// The order matters: most browsers name the ones they descend from as well.
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	})
	system := firstIn(agent, [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"},
		{"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	})
	if name != "" && system != "" {
		return name + ", " + system
	}
	return name + system
}

func firstIn(agent string, marks [][2]string) string {
	for _, m := range marks {
		if strings.Contains(agent, m[0]) {
			return m[1]
		}
	}
	return ""
}
