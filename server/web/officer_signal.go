package web

import (
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/similar"
)

// signalsPage is what stands out in one consultation.
type signalsPage struct {
	Base
	Desk    caseDesk
	Action  string
	Signals []signalView
}

// signalView is one signal. Part "signal".
type signalView struct {
	Key, What, Span, Harmless string
	Count                     int
	Open                      bool
	Looked                    string // who looked and when; "" = nobody
	Found                     string // what they found
	Sample                    string // of a text
	Things                    []Link // the first of them
	More                      int
	Note                      TextArea
	Look                      Button
	Action                    string // "" = shown beside something else
}

// signalThings is how many of what a signal is about are linked.
const signalThings = 12

// minCampaign is how many must have sent a text before officers are told: a couple who write together are no campaign.
const minCampaign = 3

// Signals shows them.
func (w *Web) Signals(c *fiber.Ctx) error {
	p, err := w.signalsView(c, nil, nil)
	return shown(w, c, "officer-signals", p, err)
}

func (w *Web) signalsView(c *fiber.Ctx, f *Form, invalid error) (*signalsPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	_, k, err := w.Service.Posting(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	list, texts, err := w.signals(c, id)
	if err == nil {
		err = w.Service.NoteSignals(c.UserContext(), w.actor(c), id)
	}
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_signals.title", "title", k.Title).about(subjects).WithErrors(invalid)
	return drawSignals(b, k, list, texts, f), nil
}

func drawSignals(b Base, k consult.Consultation, list []consult.Signal, texts map[string]campaign, f *Form) *signalsPage {
	p := &signalsPage{Base: b, Desk: b.caseDesk(k.ID, "signals"), Action: "/officer/consultations/" + k.ID.String() + "/signals"}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	for _, s := range list {
		v := p.signalView(s, texts)
		if v.Open && consult.Can(p.Actor, consult.Moderate) {
			v.Action, v.Look = p.Action, Button{Text: p.T("officer_signals.look"), Secondary: true}
			name := "note-" + s.Key
			v.Note = TextArea{Field: Field{Name: name, Label: p.T("officer_signals.note"), Error: p.ErrorOf(name)}, Value: f.Value(name), Max: consult.MaxSignalNote, Rows: 2}
		}
		p.Signals = append(p.Signals, v)
	}
	return p
}

// signalView words a signal: what, how many, since when, and why it may be harmless.
func (b *Base) signalView(s consult.Signal, texts map[string]campaign) signalView {
	v := signalView{Key: s.Key, Count: s.Count, Open: s.Open(), What: b.T("signal."+string(s.Kind)+"."+string(s.What), "n", s.Count, "usual", s.Usual),
		Span:     b.T("officer_signals.span", "since", b.Language.DateTime(s.Since), "until", b.Language.DateTime(s.Until)),
		Harmless: b.T("signal.harmless." + string(s.Kind)), Sample: texts[s.Key].sample}
	if s.Look != nil {
		v.Looked, v.Found = b.T("officer_signals.looked", "by", s.Look.By, "at", b.Language.DateTime(s.Look.At)), s.Look.Note
	}
	for i, id := range s.Things {
		if i == signalThings {
			v.More = len(s.Things) - i
			break
		}
		v.Things = append(v.Things, Link{Href: flagsPath + "/" + id.String(), Text: id.String()})
	}
	return v
}

// signals finds what stands out in a consultation, similar texts among it.
func (w *Web) signals(c *fiber.Ctx, consultation consult.ID) ([]consult.Signal, map[string]campaign, error) {
	found, err := w.campaignsOf(c, consultation)
	if err != nil {
		return nil, nil, err
	}
	texts := map[string]campaign{}
	var signals []consult.Signal
	for _, one := range found {
		texts[one.signal.Key] = one
		signals = append(signals, one.signal)
	}
	list, err := w.Service.Signals(c.UserContext(), w.actor(c), consultation, signals)
	return list, texts, err
}

// signalsAround are those that a thing is a part of, for the pages where officers work on it.
func (w *Web) signalsAround(c *fiber.Ctx, b *Base, consultation, thing consult.ID) ([]signalView, error) {
	list, texts, err := w.signals(c, consultation)
	if err != nil {
		return nil, err
	}
	var views []signalView
	for _, s := range list {
		if slices.Contains(s.Things, thing) {
			views = append(views, b.signalView(s, texts))
		}
	}
	return views, nil
}

// campaign is a text that many sent.
type campaign struct {
	signal consult.Signal
	sample string
}

// campaigns remembers what was found in a consultation as long as nothing was written in it since: comparing texts takes longer than
// reading them.
type campaigns struct {
	sync.Mutex
	of map[consult.ID]foundCampaigns
}

type foundCampaigns struct {
	texts  int
	latest time.Time
	list   []campaign
}

// keptCampaigns is how many consultations' campaigns are remembered.
const keptCampaigns = 200

func (w *Web) campaignsOf(c *fiber.Ctx, consultation consult.ID) ([]campaign, error) {
	var texts []consult.Written
	now := foundCampaigns{}
	if err := w.Service.EachText(c.UserContext(), w.actor(c), consultation, func(t consult.Written) error {
		texts = append(texts, t)
		now.texts, now.latest = now.texts+1, t.At
		return nil
	}); err != nil {
		return nil, err
	}
	k := &w.campaigns
	k.Lock()
	known, ok := k.of[consultation]
	k.Unlock()
	if ok && known.texts == now.texts && known.latest.Equal(now.latest) {
		return known.list, nil
	}
	now.list = findCampaigns(texts)
	k.Lock()
	defer k.Unlock()
	if k.of == nil || len(k.of) >= keptCampaigns {
		k.of = map[consult.ID]foundCampaigns{}
	}
	k.of[consultation] = now
	return now.list, nil
}

// findCampaigns compares comments with comments and messages with messages.
func findCampaigns(written []consult.Written) []campaign {
	var found []campaign
	for _, kind := range []consult.TraceKind{consult.TraceComment, consult.TraceMessage} {
		var texts []similar.Text
		at := map[int64]consult.Written{}
		for _, t := range written {
			if t.Kind == kind {
				texts = append(texts, similar.Text{ID: int64(t.ID), Text: t.Text})
				at[int64(t.ID)] = t
			}
		}
		for _, group := range similar.Duplicates(texts) {
			if len(group.IDs) < minCampaign {
				continue
			}
			var of []consult.Written
			for _, id := range group.IDs {
				of = append(of, at[id])
			}
			slices.SortStableFunc(of, func(a, b consult.Written) int { return a.At.Compare(b.At) })
			found = append(found, campaign{consult.TextSignal(of), at[group.Sample].Text})
		}
	}
	return found
}

// LookAtSignal notes what an officer found.
func (w *Web) LookAtSignal(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	key := f.Line("signal", 40)
	count, _ := f.Int("count", 1, 1<<31)
	name := "note-" + key
	note := f.Text(name, consult.MaxSignalNote)
	if consult.Blank(note) {
		f.Fail(name, "required")
	}
	if err = f.Err("look at signal"); err == nil {
		err = w.Service.LookAtSignal(c.UserContext(), w.actor(c), id, consult.SignalLook{Signal: key, Count: count, Note: note})
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.signalsView(c, f, err)
		return shown(w, c, "officer-signals", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+id.String()+"/signals", fiber.StatusSeeOther)
}
