package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	rows := []consult.AuditRow{
		{Seq: 9, At: testNow, ActorKind: consult.Signed, Action: "comment.publish", Subject: 77, Detail: "name,contact"},
		{Seq: 8, At: testNow, ActorKind: consult.Visitor, Action: "comment.submit", Subject: 77},
		{Seq: 7, At: testNow, ActorKind: consult.ByBearer, Action: "message.post", Subject: 78},
		{Seq: 3, At: testNow, ActorKind: consult.Machine, Action: "consultation.move", Subject: 5, Detail: "consulting → closed"},
	}
	for _, list := range [][]consult.AuditRow{nil, rows} {
		sample("record", func(w *Web, c *fiber.Ctx) View {
			w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
			k := consult.Consultation{ID: 5, Title: "Twelve homes on the old yard", State: consult.Decided}
			return drawRecord(w.StaffBase(c, "record.title", "title", k.Title), k, list, len(list)*30)
		})
	}
}
