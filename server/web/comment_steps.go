package web

import (
	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// These draw and read the single steps of the comment form.

// values is the form of a draft as if it had just been typed; what really was just typed goes before it.
func values(f *Form, fields map[string]string) *Form {
	if f != nil {
		return f
	}
	typed := map[string][]string{}
	for name, v := range fields {
		if v != "" {
			typed[name] = []string{v}
		}
	}
	return Filled(typed)
}

func fillOpinion(p *commentStep, f *Form, d consult.DraftData) {
	if f == nil {
		topics := make([]string, len(d.Topics))
		for i, t := range d.Topics {
			topics[i] = string(t)
		}
		f = Filled(map[string][]string{"stance": {string(d.Stance)}, "topics": topics})
	}
	p.Stance, p.Topics = p.opinionFields(f)
}

func fillWords(p *commentStep, f *Form, d consult.DraftData) {
	typed := map[string]string{}
	for t, text := range d.Texts {
		typed["text-"+string(t)] = text
	}
	f = values(f, typed)
	for _, t := range d.Topics {
		area := p.TextArea(f, "text-"+string(t), "topic."+string(t), consult.MaxPoint)
		area.Hint = p.T("topic_counts." + string(t))
		for _, silent := range p.Promise.Not {
			if silent.Topic == p.topic(t) {
				area.Hint += " " + p.T("promise.not_topic", "reason", silent.Reason)
			}
		}
		p.Texts = append(p.Texts, area)
	}
}

func readWords(f *Form, d *consult.DraftData) {
	if d.Texts == nil {
		d.Texts = map[consult.Topic]string{}
	}
	for _, t := range d.Topics {
		name := "text-" + string(t)
		d.Texts[t] = f.Text(name, consult.MaxPoint)
		if consult.Blank(d.Texts[t]) {
			f.Fail(name, "required")
		}
	}
}

func fillPlace(p *commentStep, f *Form, d consult.DraftData) {
	f = values(f, map[string]string{"place": d.PlaceText, "lat": d.Lat, "lon": d.Lon})
	p.Place = p.TextInput(f, "place", "comment_new.place")
	p.Postcode = p.TextInput(f, "place-postcode", "comment_new.place_postcode")
	p.Postcode.Short = true
	p.Lat, p.Lon = p.TextInput(f, "lat", "comment_new.lat"), p.TextInput(f, "lon", "comment_new.lon")
	for _, in := range []*TextInput{&p.Lat, &p.Lon} {
		in.Short, in.InputMode = true, "decimal"
	}
	p.Scripts = append(p.Scripts, "part/place-picker/place-picker.js")
}

func readPlace(f *Form, d *consult.DraftData) {
	d.PlaceText = f.Line("place", consult.MaxPlace)
	lat, hasLat := f.Float("lat", -90, 90)
	lon, hasLon := f.Float("lon", -180, 180)
	d.Lat, d.Lon = f.Value("lat"), f.Value("lon")
	if hasLat != hasLon {
		f.Fail("lat", "place_pair")
		return
	}
	if hasLat {
		place := geo.Point{Lat: lat, Lon: lon}
		if !place.Valid() {
			f.Fail("lat", "place")
		}
		d.Lat, d.Lon = coordinate(lat), coordinate(lon)
	}
}

func fillDetails(p *commentStep, f *Form, d consult.DraftData) {
	shown := ""
	if d.ShowName {
		shown = "yes"
	}
	k := d.Contact
	f = values(f, map[string]string{"name": k.Name, "postcode": k.Postcode, "address": k.Address, "email": k.Email, "show-name": shown})
	p.Name = p.TextInput(f, "name", "comment_new.name")
	p.Name.Autocomplete = "name"
	p.Code = p.TextInput(f, "postcode", "comment_new.postcode")
	p.Code.Short, p.Code.Autocomplete = true, "postal-code"
	p.Home = p.TextInput(f, "address", "comment_new.address")
	p.Home.Autocomplete = "street-address"
	p.Email = p.TextInput(f, "email", "comment_new.email")
	p.Email.Type, p.Email.Autocomplete = "email", "email"
	p.ShowName = Checkboxes(&p.Base, f, "show-name", "comment_new.show_name", []string{"yes"}, "comment_new.show_name_")
}

func readDetails(f *Form, d *consult.DraftData) {
	d.Contact = consult.Contact{Name: f.Line("name", consult.MaxName), Postcode: f.Line("postcode", 12),
		Address: f.Line("address", consult.MaxAddress), Email: f.Line("email", consult.MaxEmail)}
	d.ShowName = len(ChooseMany(f, "show-name", []string{"yes"})) > 0
	if f.Err("") == nil {
		f.Add(consult.CheckContact(d.Contact))
	}
}

func fillCheck(p *commentStep, _ *Form, d consult.DraftData) {
	row := func(key, value, step string, typed bool) {
		if value == "" {
			value, typed = p.T("site.none"), false
		}
		p.Check.Rows = append(p.Check.Rows, SummaryRow{Key: key, Value: value, Typed: typed, Change: step})
	}
	row(p.T("comment_new.stance"), p.T("stance."+string(d.Stance)), "opinion", false)
	for _, t := range d.Topics {
		row(p.T("topic."+string(t)), d.Texts[t], "words", true)
	}
	place := d.PlaceText
	if d.Lat != "" && d.Lon != "" {
		place = p.T("comment_new.place_both", "place", place, "lat", d.Lat, "lon", d.Lon)
	}
	row(p.T("comment_new.place_short"), place, "place", true)
	row(p.T("comment_new.name"), d.Contact.Name, "details", true)
	shown := "comment_new.name_hidden"
	if d.ShowName {
		shown = "comment_new.name_shown"
	}
	row(p.T("comment_new.show_name"), p.T(shown), "details", false)
	row(p.T("comment_new.postcode"), d.Contact.Postcode, "details", true)
	row(p.T("comment_new.address"), d.Contact.Address, "details", true)
	row(p.T("comment_new.email"), d.Contact.Email, "details", true)
	p.Next = Button{Text: p.T("comment_new.send")}
}

// changeLinks makes each row's step the address of its page.
func (p *commentStep) changeLinks(draft string) {
	for i := range p.Check.Rows {
		p.Check.Rows[i].Change = stepHref(draft, p.Check.Rows[i].Change) + "?return=check"
	}
}
