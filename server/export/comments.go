package export

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// cell is how many metres wide the cells are to whose centres places are moved: a published place says "about here".
const cell = 100

// Comments streams published comments to each, as consult.Service.EachExportedComment does. It can be asked again.
type Comments func(each func(consult.ExportedComment) error) error

type comment = consult.ExportedComment

// commentColumns are the fields of a published comment. Words are as published, a name only where the author shows it.
func commentColumns() []column[comment] {
	columns := []column[comment]{
		{name: "comment", kind: typeCode, take: func(c comment) string { return c.Comment.ID.String() }},
		{name: "consultation", kind: typeCode, take: func(c comment) string { return c.Comment.Consultation.String() }},
		{name: "reference", kind: typeText, missing: "export.missing_reference", take: func(c comment) string { return c.Reference }},
		{name: "round", kind: typeInteger, missing: "export.missing_round", take: func(c comment) string { return whole(c.Comment.Round) }},
		{name: "version", kind: typeInteger, missing: "export.missing_version", take: func(c comment) string { return whole(c.Comment.Version) }},
		{name: "received_on", kind: typeDate, take: func(c comment) string { return string(c.Received) }},
		{name: "published_on", kind: typeDate, take: func(c comment) string { return string(c.Published) }},
		{name: "answered_on", kind: typeDate, missing: "export.missing_answer", take: func(c comment) string { return string(c.Answered) }},
		{name: "late", kind: typeBoolean, take: func(c comment) string { return strconv.FormatBool(c.Comment.Late) }},
		{name: "channel", kind: typeCode, values: coded(consult.Channels(), "channel."), take: func(c comment) string { return string(c.Comment.Channel) }},
		{name: "language", kind: typeCode, missing: "export.missing_language", take: func(c comment) string { return c.Comment.Language }},
		{name: "stance", kind: typeCode, values: coded(consult.Stances(), "stance."), question: "comment_new.stance",
			take: func(c comment) string { return string(c.Comment.Stance) }},
		{name: "topics", kind: typeCodes, values: coded(consult.Topics(), "topic."), question: "comment_new.topics", take: topicsOf},
	}
	for _, topic := range consult.Topics() {
		columns = append(columns, column[comment]{name: "text_" + string(topic), kind: typeText, missing: "export.missing_topic",
			question: "topic." + string(topic), take: func(c comment) string { return pointOn(c, topic) }})
	}
	return append(columns, []column[comment]{
		{name: "redacted", kind: typeBoolean, take: func(c comment) string { return strconv.FormatBool(c.Comment.Redacted) }},
		{name: "name", kind: typeText, missing: "export.missing_name", question: "comment_new.show_name",
			take: func(c comment) string { return c.Comment.NameShown }},
		{name: "place", kind: typeText, missing: "export.missing_place", question: "comment_new.place",
			take: func(c comment) string { return c.Comment.PlaceText }},
		{name: "longitude", kind: typeDecimal, missing: "export.missing_place", question: "comment_new.place_title", take: longitude},
		{name: "latitude", kind: typeDecimal, missing: "export.missing_place", question: "comment_new.place_title", take: latitude},
		{name: "ward_code", kind: typeCode, missing: "export.missing_ward", take: func(c comment) string { return c.Comment.WardCode }},
		{name: "ward", kind: typeText, missing: "export.missing_ward", take: func(c comment) string { return c.WardName }},
	}...)
}

func topicsOf(c comment) string {
	var list []string
	for _, topic := range consult.Topics() {
		if slices.ContainsFunc(c.Comment.Points, func(p consult.CommentPoint) bool { return p.Topic == topic }) {
			list = append(list, string(topic))
		}
	}
	return strings.Join(list, "; ")
}

func pointOn(c comment, topic consult.Topic) string {
	for _, p := range c.Comment.Points {
		if p.Topic == topic {
			return p.Text
		}
	}
	return ""
}

func longitude(c comment) string {
	if !c.Comment.HasPlace {
		return ""
	}
	return degrees(c.Comment.Place.Snap(cell).Lon)
}

func latitude(c comment) string {
	if !c.Comment.HasPlace {
		return ""
	}
	return degrees(c.Comment.Place.Snap(cell).Lat)
}

// CommentsCSV writes comments as CSV. withMark begins with a byte order mark, for Excel.
func CommentsCSV(w io.Writer, comments Comments, withMark bool) error {
	if withMark {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	t, err := newTable(w, commentColumns())
	if err != nil {
		return err
	}
	if err := comments(t.row); err != nil {
		return err
	}
	return t.end()
}
