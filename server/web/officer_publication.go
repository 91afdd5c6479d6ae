package web

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// publication is the part of a comment's page that decides what the public reads: at the redaction desk, place by place, or typed.
type publication struct {
	Path       string
	Parts      []redactionPart
	More       int // places that are not listed one by one
	Words      TextArea
	Reason     Select
	Other      string // address of the other way: typing, or the desk
	Typed      bool
	Texts      []TextArea // typed
	Place      TextInput
	ShowName   Choices
	NameHolds  []string // what else stands in the name
	Reasons    Choices
	Preview    Button
	Publish    Button
	Withhold   Button
	Published  bool // readers have seen it: it is corrected, or hidden under a rule
	SecondLook bool // the decision will wait for another officer
	Look       *lookView
	Correction *correctionView
	KeysOff    bool   // single keys do nothing
	Marks      string // JSON: what stands in place of what is taken out, by reason
}

// lookView is a decision that waits for another officer.
type lookView struct {
	consult.SecondLook
	Mine    bool
	Action  string
	Seen    string
	Parts   []redactionPart // what everybody would read
	Reasons []string
	Note    TextArea
	Pass    Button
	Return  Button
}

// correctionView is what the author asks about what was taken out.
type correctionView struct {
	consult.Correction
	Action string
	Reply  TextArea
	Send   Button
}

// redactionDesk is what the part is drawn from.
type redactionDesk struct {
	file       consult.CommentFile
	matter     consult.Consultation
	marks      consult.RedactionMarks
	secondLook bool
	look       consult.SecondLook
	correction consult.Correction
	typed      bool
}

// redactionDesk reads it. A comment whose text an officer typed is typed again.
func (w *Web) redactionDesk(c *fiber.Ctx, file consult.CommentFile, k consult.Consultation) (d redactionDesk, err error) {
	ctx, actor := c.UserContext(), w.actor(c)
	d = redactionDesk{file: file, matter: k, marks: w.marks(file.Comment.Language)}
	if d.secondLook, err = w.Service.SecondLookAsked(ctx, actor, k.ID); err != nil {
		return d, err
	}
	if d.look, err = w.Service.SecondLook(ctx, actor, file.Comment.ID); err != nil {
		return d, err
	}
	d.correction, err = w.Service.Correction(ctx, actor, file.Comment.ID)
	d.typed = c.Query("way") == "typed" || c.Query("way") == "" && file.Comment.State == consult.CommentPublished && !file.Explained(d.marks)
	return d, err
}

// decided is what was taken out by the last decision, and whether there was one.
func (d redactionDesk) decided() ([]consult.Redaction, bool) {
	if !d.look.At.IsZero() {
		return d.look.Publication.Redactions, true
	}
	return d.file.Comment.Redactions, d.file.Comment.State != consult.CommentReceived
}

// publication draws the part. f is what was sent: a preview, or something with an error in it.
func (p *officerCommentPage) publication(d redactionDesk, f *Form) *publication {
	if d.file.Comment.State == consult.CommentPublished { // readers have seen it: it goes under a rule
		p.HideHref = flagsPath + "/" + d.file.Comment.ID.String()
	}
	v := &publication{Path: p.Path + "/publish", SecondLook: d.secondLook, Typed: d.typed, Published: d.file.Comment.State == consult.CommentPublished}
	file, sent := d.file, f
	f = sentWith(f, "do")
	if f != nil && f.Has("seen") {
		f = nil // of the second look
	}
	typed := map[string]string{"place": file.OriginalPlace}
	if file.Comment.NameShown != "" {
		typed["show-name"] = "yes"
	}
	for _, held := range file.NameHolds() {
		v.NameHolds = append(v.NameHolds, p.T("redaction_kind."+string(held.Kind)))
		delete(typed, "show-name")
	}
	if v.Typed {
		p.drawTyped(v, file, f, typed)
	} else {
		p.drawDesk(v, d, f, typed)
	}
	reasons := "officer_redaction.withhold_reasons"
	if v.Typed {
		reasons = "officer_comment.reasons"
	}
	shown := values(f, typed)
	v.ShowName = Checkboxes(&p.Base, shown, "show-name", "officer_comment.show_name", []string{"yes"}, "officer_comment.show_name_")
	v.Reasons = Checkboxes(&p.Base, f, "reasons", reasons, consult.RedactionReasons(), "redaction.")
	v.Preview = Button{Text: p.T("officer_redaction.preview"), Name: "do", Value: "preview", Secondary: true}
	v.Publish = Button{Text: p.T("officer_comment.publish"), Name: "do", Value: "publish"}
	if v.SecondLook {
		v.Publish.Text = p.T("officer_redaction.ask_publish")
	}
	v.Withhold = Button{Text: p.T("officer_comment.withhold"), Name: "do", Value: "withhold", Warning: true}
	v.Look, v.Correction = p.lookView(d, sentWith(sent, "seen")), p.correctionView(d, sentWith(sent, "reply"))
	return v
}

// drawTyped is the way of typing: the text is compared with the author's, and needs reasons where it differs.
func (p *officerCommentPage) drawTyped(v *publication, file consult.CommentFile, f *Form, typed map[string]string) {
	for _, list := range [][]consult.CommentPoint{file.Original, file.Comment.Points} {
		for _, pt := range list {
			typed["text-"+string(pt.Topic)] = pt.Text
		}
	}
	if file.Comment.State == consult.CommentPublished {
		typed["place"] = file.Comment.PlaceText
	}
	filled := values(f, typed)
	for _, pt := range file.Original {
		name := "text-" + string(pt.Topic)
		v.Texts = append(v.Texts, TextArea{Field: Field{Name: name, Label: p.topic(pt.Topic), Error: p.ErrorOf(name)}, Value: filled.Value(name), Max: consult.MaxPoint})
	}
	v.Place = p.TextInput(filled, "place", "officer_comment.place")
	v.Other = p.Path + "?way=desk#publication"
}

// drawDesk is the redaction desk: every place that was found, with what was chosen.
func (p *officerCommentPage) drawDesk(v *publication, d redactionDesk, f *Form, typed map[string]string) {
	all := d.file.Find(d.matter)
	chosen, decided := d.decided()
	words := f
	if f != nil {
		chosen, decided = readPlaces(f, d.file, d.rest(all)), true
		if len(p.Errors) == 0 {
			words = nil // they are among the places now
		}
	}
	v.Parts, v.More = p.redactionParts(all, places(all, chosen, decided), d.marks, d.file.Comment.Language)
	v.Words = p.TextArea(words, "more", "officer_redaction.more", 0)
	v.Words.Rows = 2
	v.Reason = Select{Field: Field{Name: "more-reason", Label: p.T("officer_redaction.more_reason"), Error: p.ErrorOf("more-reason")}}
	for _, reason := range consult.RedactionReasons() {
		v.Reason.Options = append(v.Reason.Options, Choice{Value: reason, Label: p.T("redaction." + reason), Checked: words.Value("more-reason") == reason})
	}
	v.Other, v.Marks = p.Path+"?way=typed#publication", marksJSON(d.marks)
}

func marksJSON(marks consult.RedactionMarks) string {
	raw, err := json.Marshal(marks)
	if err != nil {
		panic("a map of texts that JSON cannot carry: " + err.Error())
	}
	return string(raw)
}

// rest are the places that a form of this comment does not list.
func (d redactionDesk) rest(all []consult.Searched) []place {
	chosen, decided := d.decided()
	list := places(all, chosen, decided)
	return list[min(len(list), maxFound):]
}

func (p *officerCommentPage) lookView(d redactionDesk, f *Form) *lookView {
	if d.look.At.IsZero() {
		return nil
	}
	v := &lookView{SecondLook: d.look, Mine: d.look.Officer == p.Actor.ID, Action: p.Path + "/second-look", Seen: strconv.FormatInt(d.look.At.UnixMicro(), 10)}
	pub := d.look.Publication
	for _, pt := range append(slices.Clone(pub.Points), consult.CommentPoint{Topic: consult.PlacePart, Text: pub.PlaceText}) {
		if pt.Text != "" && !pub.Withhold {
			v.Parts = append(v.Parts, redactionPart{Label: p.partLabel(pt.Topic), Public: pt.Text, Language: d.file.Comment.Language})
		}
	}
	for _, reason := range pub.Reasons {
		v.Reasons = append(v.Reasons, p.T("redaction."+reason))
	}
	v.Note = p.TextArea(f, "note", "officer_redaction.note", consult.MaxCorrection)
	v.Note.Rows = 2
	v.Pass = Button{Text: p.T("officer_redaction.pass"), Name: "do", Value: "pass"}
	v.Return = Button{Text: p.T("officer_redaction.return"), Name: "do", Value: "return", Secondary: true}
	return v
}

func (p *officerCommentPage) correctionView(d redactionDesk, f *Form) *correctionView {
	if d.correction.At.IsZero() {
		return nil
	}
	v := &correctionView{Correction: d.correction, Action: p.Path + "/correction"}
	v.Reply = p.TextArea(f, "reply", "officer_redaction.reply", consult.MaxCorrection)
	v.Reply.Rows = 3
	v.Send = Button{Text: p.T("officer_redaction.reply_send")}
	return v
}

// OfficerPublish publishes a comment, unchanged or redacted, keeps it unpublished, or shows what everybody would read.
func (w *Web) OfficerPublish(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	actor := w.actor(c)
	file, k, err := w.Service.CommentFile(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	d, err := w.redactionDesk(c, file, k)
	if err != nil {
		return err
	}
	do := Choose(f, "do", []string{"preview", "publish", "withhold"})
	pub := consult.Publication{Comment: id, Withhold: do == "withhold", Marks: d.marks, Reasons: ChooseMany(f, "reasons", consult.RedactionReasons())}
	if len(ChooseMany(f, "show-name", []string{"yes"})) > 0 {
		pub.NameShown = file.OriginalName
	}
	if d.typed = typedForm(f, file); d.typed {
		pub.PlaceText = f.Line("place", consult.MaxPlace)
		for _, pt := range file.Original {
			pub.Points = append(pub.Points, consult.CommentPoint{Topic: pt.Topic, Text: f.Text("text-"+string(pt.Topic), consult.MaxPoint)})
		}
	} else {
		pub.Redactions = readPlaces(f, file, d.rest(file.Find(k)))
		if !pub.Withhold {
			pub.Reasons = nil // they follow from the places
		}
	}
	err = f.Err("publish comment")
	if err == nil && do == "preview" {
		p, failed := w.officerComment(c, f, nil)
		return shown(w, c, "officer-comment", p, failed)
	}
	if err == nil {
		err = w.Service.PublishComment(c.UserContext(), actor, pub)
	}
	return w.officerCommentDone(c, f, err)
}

// typedForm tells the form of typed texts from the desk's.
func typedForm(f *Form, file consult.CommentFile) bool {
	return slices.ContainsFunc(file.Original, func(pt consult.CommentPoint) bool { return f.Has("text-" + string(pt.Topic)) })
}

// OfficerSecondLook makes another officer's decision hold, or gives it back.
func (w *Web) OfficerSecondLook(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	do := Choose(f, "do", []string{"pass", "return"})
	seen, _ := f.Int("seen", 0, 1<<62)
	note := f.Text("note", consult.MaxCorrection)
	err = f.Err("second look")
	switch {
	case err != nil:
	case do == "pass":
		err = w.Service.PassSecondLook(c.UserContext(), w.actor(c), id, time.UnixMicro(int64(seen)))
	default:
		err = w.Service.ReturnSecondLook(c.UserContext(), w.actor(c), id, time.UnixMicro(int64(seen)), note)
	}
	return w.officerCommentDone(c, f, err)
}

// OfficerCorrection replies to what an author asked about what was taken out.
func (w *Web) OfficerCorrection(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	reply := f.Text("reply", consult.MaxCorrection)
	err = f.Err("reply to correction")
	if err == nil {
		err = w.Service.ReplyCorrection(c.UserContext(), w.actor(c), id, reply)
	}
	return w.officerCommentDone(c, f, err)
}
