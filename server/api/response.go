package api

import "github.com/yousaid/yousaid/server/consult"

// maxItems bounds the lists in a response; no question has more options.
const maxItems = consult.MaxOptions + 1

// readResponses reads what a comment answers to the questions of a consultation's form. The domain holds it to the form.
func readResponses(d *document) []consult.Response {
	var list []consult.Response
	for _, r := range d.objects("responses", consult.MaxQuestions) {
		place := r.object("place")
		response := consult.Response{Question: r.line("question"), Chosen: r.lines("chosen", maxItems), DontKnow: r.flag("dont_know"),
			Ranked: r.lines("ranked", maxItems), Words: r.text("text")}
		if step, ok := r.number("step"); ok {
			response.Step = int(step)
			if float64(response.Step) != step {
				r.fail("step", "choice")
			}
		}
		lat, hasLat := place.number("lat")
		lon, hasLon := place.number("lon")
		if response.Lat, response.Lon, response.HasPlace = lat, lon, hasLat && hasLon; hasLat != hasLon {
			r.fail("place", "place_pair")
		}
		list = append(list, response)
	}
	return list
}
