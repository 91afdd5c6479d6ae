package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// deskItem is what the pages of comments and conversations show officers of the desk. Part "desk-item"; staff texts are in the default
// language, also where the page is not.
type deskItem struct {
	Item          string
	Heading       string
	With          string // to whom it belongs
	Rests         string // until when it is snoozed; "" = awake
	Links         []Link
	Keys          Link
	KeysOff       bool
	Language, Dir string
}

// onDesk is the desk's side of a comment, thread or message; nil for somebody who does not work there. It adds what the part needs.
func (w *Web) onDesk(c *fiber.Ctx, b *Base, id consult.ID) (*deskItem, error) {
	if !b.Can(string(consult.WorkInbox)) {
		return nil, nil
	}
	file, err := w.Service.DeskFile(c.UserContext(), w.actor(c), id, 0)
	if consult.KindOf(err) == consult.NotFound { // no item, as a thread that officers opened about nothing
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	own, err := w.Service.MyDesk(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	staff := w.StaffBase(c, "desk.summary")
	b.Scripts = append(b.Scripts, deskScript)
	return drawOnDesk(&staff, file, own.KeysOff, w.now().Before(file.Snoozed)), nil
}

func drawOnDesk(staff *Base, file consult.DeskFile, keysOff, rests bool) *deskItem {
	lies := file.Assignment
	lies.Service = file.Whose()
	v := &deskItem{Item: file.Item.String(), Heading: staff.T("desk.summary"), With: staff.with(lies, file.Colleagues), KeysOff: keysOff,
		Keys: Link{Href: "/officer/desk#keys", Text: staff.T("desk.keys")}, Language: staff.Language.Code, Dir: staff.Language.Dir}
	if rests {
		v.Rests = staff.T("desk.rests", "at", staff.Language.DateTime(file.Snoozed))
	}
	v.Links = []Link{{Href: itemHref(file.Item), Text: staff.T("desk.work")}, {Href: itemHref(file.Item) + "/timeline", Text: staff.T("desk.timeline")}}
	return v
}
