package api

import (
	"io"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
)

// BOPSComments gives an officer every comment on an application as a register sends them to BOPS: with names, addresses and the authors'
// own words. That it was taken is in the log before its first byte leaves.
func (a *API) BOPSComments(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	ctx, actor := c.UserContext(), a.writer(c)
	v, err := a.service.Case(ctx, actor, id)
	if err != nil {
		return err
	}
	const name = "bops-comments.json"
	files := func(each func(consult.CommentFile) error) error {
		return a.service.EachCommentFile(ctx, actor, id, name, each)
	}
	return a.sendFile(c, name, mediaType, false, func(out io.Writer) error {
		return export.BOPSComments(out, files, v.Consultation.Application, a.words)
	})
}
