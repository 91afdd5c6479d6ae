package server

import (
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/web"
)

const (
	get  = "GET"
	post = "POST"
)

// routes is every address of the site: method, path, who may, how often, which handler. The browser tests and the test of the
// policy are generated from it, so that nothing can be left out.
func (a *App) routes() []route {
	w, m := a.web, a.api
	return []route{
		// Residents
		{get, "/", consult.Read, ratePage, w.Consultations, page},
		{get, "/consultations/:id", consult.Read, ratePage, w.Consultation, page},
		{get, "/consultations/:id/outcomes", consult.Read, ratePage, w.ConsultationOutcomes, page},
		{get, "/consultations/:id/versions", consult.Read, ratePage, w.Versions, page},
		{get, "/consultations/:id/comments", consult.Read, ratePage, w.Comments, page},
		{get, "/consultations/:id/report", consult.Read, ratePage, w.Report, page},
		{get, "/consultations/:id/ask", consult.Take, ratePage, w.AskForm, page},
		{post, "/consultations/:id/ask", consult.Take, rateWrite, w.Ask, page},
		{get, "/consultations/:id/comment", consult.Take, ratePage, w.CommentStart, page},
		{post, "/consultations/:id/comment", consult.Take, rateWrite, w.CommentBegin, page},
		{get, "/consultations/:id/follow", consult.Take, ratePage, w.FollowAsked, page},
		{post, "/consultations/:id/follow", consult.Take, rateMail, w.Follow, page},
		{get, "/documents/:id", consult.Read, ratePage, w.Document, page},
		{get, "/comments/:id", consult.Read, ratePage, w.Comment, page},
		{get, "/threads/:id", consult.Read, ratePage, w.Thread, page},
		{post, "/threads/:id", consult.Take, rateWrite, w.PostMessage, page},
		{get, "/comment/:draft/:step", consult.Take, ratePage, w.CommentStep, page},
		{post, "/comment/:draft/:step", consult.Take, rateWrite, w.CommentSave, page},
		{get, "/my-comment/:token", consult.Take, ratePage, w.MyComment, page},
		{get, "/my-comment/:token/about-you", consult.Take, ratePage, w.AboutYouForm, page},
		{post, "/my-comment/:token/about-you", consult.Take, rateWrite, w.AboutYou, page},
		{get, "/my-comment/:token/stop-mail", consult.Take, ratePage, w.StopMyMailForm, page},
		{post, "/my-comment/:token/stop-mail", consult.Take, rateWrite, w.StopMyMail, oneClick},
		{post, "/my-comment/:token/stands", consult.Take, rateWrite, w.StandBy, page},
		{post, "/my-comment/:token/update", consult.Take, rateWrite, w.UpdateMyComment, page},
		{get, "/my-comment/:token/withdraw", consult.Take, ratePage, w.WithdrawForm, page},
		{post, "/my-comment/:token/withdraw", consult.Take, rateWrite, w.Withdraw, page},
		{get, "/follow/:token", consult.Take, ratePage, w.FollowManage, page},
		{post, "/follow/:token/confirm", consult.Take, rateWrite, w.FollowConfirm, page},
		{get, "/follow/:token/stop", consult.Take, ratePage, w.FollowManage, page},
		{post, "/follow/:token/stop", consult.Take, rateWrite, w.FollowStop, oneClick},
		{get, "/glossary", consult.Read, ratePage, w.Glossary, page},
		{get, "/accessibility", consult.Read, ratePage, w.Accessibility, page},
		{get, "/privacy", consult.Read, ratePage, w.Privacy, page},

		// The map
		{get, "/map", consult.Read, ratePage, w.MapPage, page},
		{get, web.BasemapPath, consult.Read, rateTile, w.BasemapFile, page},
		{get, "/tiles/:layer/:z/:x/:y", consult.Read, rateTile, w.Tile, page},

		// Officers
		{get, "/officer", consult.WorkInbox, ratePage, w.Inbox, page},
		{get, "/officer/comments/:id", consult.WorkInbox, ratePage, w.OfficerComment, page},
		{post, "/officer/comments/:id/publish", consult.Publish, rateWrite, w.OfficerPublish, page},
		{get, "/officer/replies", consult.Reply, ratePage, w.SavedReplies, page},
		{get, "/officer/replies/:id", consult.Reply, ratePage, w.SavedReply, page},
		{post, "/officer/replies/:id", consult.Reply, rateWrite, w.WriteSavedReply, page},
		{post, "/officer/here", consult.Reply, ratePage, w.OfficerHere, page},
		{post, "/officer/comments/:id/answer", consult.Reply, rateWrite, w.OfficerAnswer, page},
		{get, "/officer/messages/:id", consult.Moderate, ratePage, w.OfficerMessage, page},
		{post, "/officer/messages/:id", consult.Moderate, rateWrite, w.OfficerModerate, page},
		{get, "/officer/consultations/new", consult.RecordOutcome, ratePage, w.OfficerBegin, page}, // before the one that takes "new" for an id
		{post, "/officer/consultations/new", consult.RecordOutcome, rateWrite, w.OfficerBeginSend, page},
		{get, "/officer/consultations/:id", consult.RecordOutcome, ratePage, w.OfficerConsultation, page},
		{post, "/officer/consultations/:id/outcomes", consult.RecordOutcome, rateWrite, w.OfficerOutcome, page},
		{post, "/officer/consultations/:id/outcomes/publish", consult.RecordOutcome, rateWrite, w.OfficerPublishOutcomes, page},

		// The desk: assignment, notes, snooze, several items at once, saved views, routing
		{get, "/officer/items/:id", consult.WorkInbox, ratePage, w.DeskItem, page},
		{post, "/officer/items/:id", consult.WorkInbox, rateWrite, w.WorkOnItem, page},
		{post, "/officer/items/:id/notes", consult.WorkInbox, rateWrite, w.WriteNote, page},
		{get, "/officer/items/:id/timeline", consult.WorkInbox, ratePage, w.DeskTimeline, page},
		{get, "/officer/bulk", consult.WorkInbox, ratePage, w.DeskBulk, page},
		{post, "/officer/bulk", consult.WorkInbox, rateWrite, w.DeskBulkDo, page},
		{post, "/officer/undo", consult.WorkInbox, rateWrite, w.UndoWork, page},
		{get, "/officer/desk", consult.WorkInbox, ratePage, w.OfficerDesk, page},
		{post, "/officer/desk", consult.WorkInbox, rateWrite, w.OfficerDeskSave, page},
		{post, "/officer/views", consult.WorkInbox, rateWrite, w.SaveView, page},
		{post, "/officer/views/:id/remove", consult.WorkInbox, rateWrite, w.RemoveView, page},
		{get, "/officer/routing", consult.Route, ratePage, w.Routing, page},
		{post, "/officer/routing", consult.Route, rateWrite, w.ChangeRouting, page},
		{get, "/officer/routing/dry-run", consult.Route, ratePage, w.RoutingDryRun, page}, // before the one that takes it for a rule
		{get, "/officer/routing/:rule", consult.Route, ratePage, w.RoutingRule, page},
		{post, "/officer/routing/:rule", consult.Route, rateWrite, w.SaveRoutingRule, page},

		// The statutory cycle of a case
		{get, "/officer/consultations/:id/cycle", consult.RecordOutcome, ratePage, w.OfficerCycle, page},
		{post, "/officer/consultations/:id/move", consult.RecordOutcome, rateWrite, w.OfficerMove, page},
		{get, "/officer/consultations/:id/versions", consult.RecordOutcome, ratePage, w.OfficerVersions, page},
		{post, "/officer/consultations/:id/versions", consult.RecordOutcome, rateWrite, w.ReceiveAmendment, page},
		{post, "/officer/consultations/:id/versions/decide", consult.RecordOutcome, rateWrite, w.DecideAmendment, page},
		{post, "/officer/consultations/:id/versions/open", consult.RecordOutcome, rateWrite, w.Reconsult, page},
		{post, "/officer/consultations/:id/extend", consult.RecordOutcome, rateWrite, w.OfficerExtend, page},
		{post, "/officer/consultations/:id/outages", consult.RecordOutcome, rateWrite, w.OfficerOutage, page},
		{get, "/officer/consultations/:id/publicity", consult.RecordOutcome, ratePage, w.OfficerPublicity, page},
		{post, "/officer/consultations/:id/publicity", consult.RecordOutcome, rateWrite, w.OfficerNotice, page},
		{post, "/officer/consultations/:id/publicity/take-back", consult.RecordOutcome, rateWrite, w.OfficerTakeBack, page},
		{get, "/officer/consultations/:id/influence", consult.RecordOutcome, ratePage, w.OfficerInfluence, page},
		{post, "/officer/consultations/:id/influence", consult.RecordOutcome, rateWrite, w.OfficerSetInfluence, page},
		{post, "/officer/consultations/:id/documents", consult.RecordOutcome, rateWrite, w.OfficerAttach, page},

		// Redaction: publishing in lists, second officers, what authors ask
		{get, "/officer/redactions", consult.WorkInbox, ratePage, w.Redactions, page},
		{post, "/officer/comments/:id/second-look", consult.Publish, rateWrite, w.OfficerSecondLook, page},
		{post, "/officer/comments/:id/correction", consult.Publish, rateWrite, w.OfficerCorrection, page},
		{get, "/officer/consultations/:id/redactions", consult.Publish, ratePage, w.Publishing, page},
		{post, "/officer/consultations/:id/redactions", consult.Publish, rateWrite, w.PublishAsTheyAre, page},
		{post, "/officer/consultations/:id/redactions/rule", consult.RecordOutcome, rateWrite, w.SetSecondLook, page},
		{post, "/my-comment/:token/correction", consult.Take, rateWrite, w.AskCorrection, page},

		// Groups consulted
		{get, "/c/:id", consult.Read, ratePage, w.ShortLink, page},
		{get, "/consultations/:id/consultees", consult.Read, ratePage, w.Consultees, page},
		{get, "/consultee/:token", consult.Take, ratePage, w.Consultee, page},
		{post, "/consultee/:token", consult.Take, rateWrite, w.ConsulteeAnswer, page},
		{get, "/officer/consultations/:id/consulted", consult.RecordOutcome, ratePage, w.OfficerConsulted, page},
		{post, "/officer/consultations/:id/consulted/find", consult.RecordOutcome, rateWrite, w.OfficerFindNeighbours, page},
		{post, "/officer/consultations/:id/consulted", consult.RecordOutcome, rateWrite, w.OfficerAddNeighbours, page},
		{post, "/officer/consultations/:id/consulted/remove", consult.RecordOutcome, rateWrite, w.OfficerRemoveNeighbour, page},
		{get, "/officer/consultations/:id/consultees", consult.RecordOutcome, ratePage, w.OfficerConsultees, page},
		{post, "/officer/consultations/:id/consultees", consult.RecordOutcome, rateWrite, w.OfficerAddConsultee, page},
		{get, "/officer/consultees", consult.RecordOutcome, ratePage, w.OfficerConsulteesDue, page},
		{get, "/officer/consultees/:id", consult.RecordOutcome, ratePage, w.OfficerConsultee, page},
		{post, "/officer/consultees/:id", consult.RecordOutcome, rateWrite, w.OfficerMoveConsultee, page},
		{post, "/officer/consultees/:id/answer", consult.RecordOutcome, rateWrite, w.OfficerRecordAnswer, page},
		{post, "/officer/consultees/:id/publish", consult.Publish, rateWrite, w.OfficerPublishAnswer, page},
		{get, "/officer/consultations/:id/letters", consult.RecordOutcome, ratePage, w.OfficerLetters, page},
		{post, "/officer/consultations/:id/letters/print", consult.RecordOutcome, rateWrite, w.OfficerPrintLetters, page},
		{post, "/officer/consultations/:id/letters/mark", consult.RecordOutcome, rateWrite, w.OfficerMarkLetter, page},
		{get, "/officer/consultations/:id/letters/:batch", consult.RecordOutcome, ratePage, w.OfficerLetterBatch, page},
		{post, "/officer/consultations/:id/letters/:batch", consult.RecordOutcome, rateWrite, w.OfficerPostLetters, page},
		{get, "/officer/consultations/:id/letters/:batch/:file", consult.RecordOutcome, rateWrite, w.OfficerLettersFile, stream},

		// Councillors
		{get, "/councillor/:token", consult.Take, ratePage, w.Councillor, page},
		{post, "/councillor/:token", consult.Take, rateWrite, w.CouncillorTake, page},
		{get, "/councillor/:token/threads/:thread", consult.Take, ratePage, w.CouncillorThread, page},
		{post, "/councillor/:token/threads/:thread", consult.Take, rateWrite, w.CouncillorSay, page},
		{get, "/officer/councillors", consult.RecordOutcome, ratePage, w.Councillors, page},
		{post, "/officer/councillors", consult.RecordOutcome, rateMail, w.AddCouncillor, page},
		{post, "/officer/councillors/:id", consult.RecordOutcome, rateMail, w.ChangeCouncillor, page},

		// Fact cards, and what is shared
		{get, "/facts/:id", consult.Read, ratePage, w.Fact, page},
		{get, "/facts/:id/:picture", consult.Read, rateTile, w.FactPicture, machine},
		{get, "/consultations/:id/facts", consult.Read, ratePage, w.Facts, page},
		{post, "/consultations/:id/facts/match", consult.Take, rateMatch, w.MatchFacts, page},
		{get, "/consultations/:id/picture.png", consult.Read, rateTile, w.ConsultationPicture, machine},
		{get, "/picture.png", consult.Read, rateTile, w.SitePicture, machine},
		{get, "/qr/:noun/:id", consult.Read, rateTile, w.QRCode, machine},
		{get, "/officer/facts", consult.Reply, ratePage, w.OfficerFacts, page},
		{get, "/officer/consultations/:id/facts", consult.Reply, ratePage, w.OfficerFacts, page},
		{get, "/officer/facts/:id", consult.Reply, ratePage, w.OfficerFact, page},
		{post, "/officer/facts/:id", consult.Reply, rateWrite, w.WriteFact, page},
		{post, "/officer/facts/:id/publish", consult.Reply, rateWrite, w.PublishFact, page},
		{post, "/officer/facts/:id/retire", consult.Reply, rateWrite, w.RetireFact, page},
		{get, "/officer/facts/:id/pins", consult.Reply, ratePage, w.OfficerFactPins, page},
		{post, "/officer/facts/:id/pins", consult.Reply, rateWrite, w.PinFact, page},

		// The record of a case
		{get, "/officer/consultations/:id/record", consult.RecordOutcome, ratePage, w.Record, page},
		{post, "/officer/consultations/:id/record/bundle", consult.RecordOutcome, rateWrite, w.Bundle, page},

		// Alerts, and what became of mails
		{get, "/alerts", consult.Take, ratePage, w.AlertForm, page},
		{post, "/alerts", consult.Take, rateMail, w.AlertAsk, page},
		{get, "/alerts/asked", consult.Take, ratePage, w.AlertAsked, page},
		{get, "/alert/:token", consult.Take, ratePage, w.AlertManage, page},
		{post, "/alert/:token", consult.Take, rateWrite, w.AlertChange, page},
		{post, "/alert/:token/confirm", consult.Take, rateWrite, w.AlertConfirm, page},
		{get, "/alert/:token/stop", consult.Take, ratePage, w.AlertManage, page},
		{post, "/alert/:token/stop", consult.Take, rateWrite, w.AlertStop, oneClick},
		{get, "/officer/deliveries", consult.WorkInbox, ratePage, w.Deliveries, page},
		{post, "/officer/deliveries/:id/retry", consult.WorkInbox, rateWrite, w.RetryDelivery, page},

		// Support, flags and moderation
		{post, "/support", consult.Take, rateSupport, w.Support, page},
		{get, "/flag/:id", consult.Take, ratePage, w.FlagForm, page},
		{post, "/flag/:id", consult.Take, rateFlag, w.Flag, page},
		{get, "/moderation/:id", consult.Read, ratePage, w.Moderation, page},
		{post, "/moderation/:id", consult.Take, rateFlag, w.Object, page},
		{get, "/my-comment/:token/moderation", consult.Take, ratePage, w.MyModeration, page},
		{post, "/my-comment/:token/moderation", consult.Take, rateFlag, w.MyObject, page},
		{get, "/consultations/:id/moderation", consult.Read, ratePage, w.Decisions, page},
		{get, "/officer/flags", consult.Moderate, ratePage, w.Flags, page},
		{get, "/officer/flags/:id", consult.Moderate, ratePage, w.OfficerFlag, page},
		{post, "/officer/flags/:id", consult.Moderate, rateWrite, w.OfficerDecide, page},
		{get, "/officer/moderation", consult.Moderate, ratePage, w.OfficerModeration, page},
		{get, "/officer/consultations/:id/signals", consult.WorkInbox, ratePage, w.Signals, page},
		{post, "/officer/consultations/:id/signals", consult.Moderate, rateWrite, w.LookAtSignal, page},
		{get, "/officer/consultations/:id/posting", consult.Moderate, ratePage, w.OfficerPosting, page},
		{post, "/officer/consultations/:id/posting", consult.Moderate, rateWrite, w.OfficerSetPosting, page},

		// Promises of answers
		{post, "/my-comment/:token/want", consult.Take, rateWrite, w.WantAnswer, page},
		{post, "/threads/:id/want", consult.Take, rateWrite, w.WantMessageAnswer, page},
		{get, "/consultations/:id/promises", consult.Read, ratePage, w.Promises, page},
		{get, "/consultations/:id/promises.csv", consult.Read, rateAPI, w.PromisesCSV, machine},
		{get, "/officer/promises/:id", consult.WorkInbox, ratePage, w.OfficerPromise, page},
		{post, "/officer/promises/:id", consult.Reply, rateWrite, w.OfficerActOnPromise, page},
		{get, "/officer/consultations/:id/promise", consult.RecordOutcome, ratePage, w.OfficerTerms, page},
		{post, "/officer/consultations/:id/promise", consult.RecordOutcome, rateWrite, w.OfficerSetTerms, page},
		{get, "/officer/workload", consult.WorkInbox, ratePage, w.Workload, page},
		{get, "/api/v1/consultations/:id/promises", consult.Read, rateAPI, m.Promises, machine},

		// Webhooks
		{get, "/admin/webhooks", consult.ManageWebhooks, ratePage, w.Webhooks, page},
		{post, "/admin/webhooks", consult.ManageWebhooks, rateWrite, w.AddWebhook, page},
		{get, "/admin/webhooks/:id", consult.ManageWebhooks, ratePage, w.Webhook, page},
		{post, "/admin/webhooks/:id", consult.ManageWebhooks, rateWrite, w.ChangeWebhook, page},

		// Weighing: topic summaries, the report, its conditions
		{get, "/officer/consultations/:id/weighing", consult.RecordOutcome, ratePage, w.Weighing, page},
		{get, "/officer/consultations/:id/weighing/:topic", consult.RecordOutcome, ratePage, w.TopicDesk, page},
		{post, "/officer/consultations/:id/weighing/:topic", consult.RecordOutcome, rateWrite, w.WriteSummary, page},
		{post, "/officer/consultations/:id/weighing/:topic/points", consult.RecordOutcome, rateWrite, w.WeighPoints, page},
		{get, "/officer/consultations/:id/report", consult.RecordOutcome, ratePage, w.OfficerReport, page},
		{post, "/officer/consultations/:id/report", consult.RecordOutcome, rateWrite, w.ChangeReport, page},
		{get, "/officer/consultations/:id/report/paragraphs/:paragraph", consult.RecordOutcome, ratePage, w.OfficerParagraph, page},
		{post, "/officer/consultations/:id/report/paragraphs/:paragraph", consult.RecordOutcome, rateWrite, w.WriteParagraph, page},
		{get, "/officer/consultations/:id/report/conditions/:condition", consult.RecordOutcome, ratePage, w.OfficerCondition, page},
		{post, "/officer/consultations/:id/report/conditions/:condition", consult.RecordOutcome, rateWrite, w.WriteCondition, page},

		// Concerns: what people asked, and the desk on which points are sorted
		{get, "/consultations/:id/concerns", consult.Read, ratePage, w.Concerns, page},
		{get, "/concerns/:id", consult.Read, ratePage, w.Concern, page},
		{get, "/officer/consultations/:id/concerns", consult.WorkInbox, ratePage, w.OfficerConcerns, page},
		{post, "/officer/consultations/:id/concerns", consult.Reply, rateWrite, w.SortPoints, page},
		{post, "/officer/consultations/:id/concerns/undo", consult.Reply, rateWrite, w.UndoConcern, page},
		{get, "/officer/concerns/:id", consult.WorkInbox, ratePage, w.OfficerConcern, page},
		{post, "/officer/concerns/:id", consult.Reply, rateWrite, w.SaveConcern, page},
		{post, "/officer/concerns/:id/points", consult.Reply, rateWrite, w.MoveConcernPoints, page},
		{post, "/officer/concerns/:id/merge", consult.Reply, rateWrite, w.MergeConcern, page},
		// answers
		{get, "/answers/:id", consult.Read, ratePage, w.Answer, page},
		{get, "/officer/concerns/:id/answer", consult.WorkInbox, ratePage, w.ConcernAnswer, page},
		{post, "/officer/concerns/:id/answer", consult.Reply, rateWrite, w.WriteAnswer, page},
		{post, "/my-comment/:token/verdict", consult.Take, rateWrite, w.JudgeMyAnswer, page},
		{post, "/threads/:id/verdict", consult.Take, rateWrite, w.JudgeAnswer, page},

		// Analysts
		{get, "/analyst", consult.ReadReach, ratePage, w.Reach, page},
		{get, "/analyst/export/:file", consult.ExportData, rateWrite, w.ReachExport, stream},

		// Matters that are no planning applications: their form, on screen and on paper, and its results
		{get, "/consultations/:id/form", consult.Read, ratePage, w.FormPaper, page},
		{get, "/consultations/:id/results", consult.Read, ratePage, w.Results, page},
		{get, "/officer/consultations/:id/form", consult.RecordOutcome, ratePage, w.OfficerForm, page},
		{post, "/officer/consultations/:id/form", consult.RecordOutcome, rateWrite, w.OfficerFormSave, page},
		{get, "/officer/consultations/:id/form/file", consult.RecordOutcome, ratePage, w.OfficerFormFile, stream},
		{post, "/officer/consultations/:id/form/file", consult.RecordOutcome, rateWrite, w.OfficerFormImport, page},
		{get, "/officer/consultations/:id/form/question", consult.RecordOutcome, ratePage, w.OfficerQuestion, page},
		{post, "/officer/consultations/:id/form/question", consult.RecordOutcome, rateWrite, w.OfficerQuestionSave, page},
		{get, "/officer/consultations/:id/response", consult.RecordOutcome, ratePage, w.OfficerResponse, page},
		{post, "/officer/consultations/:id/response", consult.RecordOutcome, rateWrite, w.OfficerResponseStart, page},

		// Signing in
		{get, "/sign-in", consult.Read, ratePage, w.SignInForm, page},
		{post, "/sign-in", consult.Read, rateMail, w.SignInAsk, page},
		{get, "/sign-in/sent", consult.Read, ratePage, w.SignInSent, page},
		{get, "/sign-in/:token", consult.Read, rateSignIn, w.SignInLink, page},
		{post, "/sign-in/:token", consult.Read, rateSignIn, w.SignIn, page},
		{post, "/sign-out", consult.Read, rateWrite, w.SignOut, page},
		{get, "/set-up/:token", consult.Read, rateSignIn, w.SetUpForm, page},
		{post, "/set-up/:token", consult.Read, rateSignIn, w.SetUp, page},
		{get, "/invite/:token", consult.Read, rateSignIn, w.InviteLink, page},
		{post, "/invite/:token", consult.Read, rateSignIn, w.AcceptInvite, page},
		{get, "/officer/sessions", consult.Read, ratePage, w.Sessions, page},
		{post, "/officer/sessions", consult.Read, rateWrite, w.RevokeSession, page},
		{get, "/admin/officers", consult.ManageOfficers, ratePage, w.Officers, page},
		{post, "/admin/officers", consult.ManageOfficers, rateMail, w.InviteOfficer, page},
		{get, "/admin/officers/:id", consult.ManageOfficers, ratePage, w.Officer, page},
		{post, "/admin/officers/:id", consult.ManageOfficers, rateWrite, w.ChangeOfficer, page},
		{post, "/admin/officers/:id/disable", consult.ManageOfficers, rateWrite, w.DisableOfficer, page},
		{post, "/admin/officers/:id/withdraw", consult.ManageOfficers, rateWrite, w.DisableOfficer, page},
		{post, "/admin/officers/:id/enable", consult.ManageOfficers, rateWrite, w.EnableOfficer, page},
		{post, "/admin/officers/:id/invite", consult.ManageOfficers, rateMail, w.InviteOfficerAgain, page},
		{get, "/admin/retention", consult.ManageOfficers, ratePage, w.Retention, page},
		{post, "/admin/retention", consult.ManageOfficers, rateWrite, w.ApplyRetention, page},

		// Machines
		{get, "/api/v1/openapi.json", consult.Read, rateAPI, m.OpenAPI, machine},
		{get, "/api/v1/consultations", consult.Read, rateAPI, m.Consultations, machine},
		{get, "/api/v1/consultations/:id", consult.Read, rateAPI, m.Consultation, machine},
		{get, "/api/v1/consultations/:id/comments", consult.Read, rateAPI, m.Comments, machine},
		{post, "/api/v1/consultations/:id/comments", consult.Take, rateWrite, m.SubmitComment, machine},
		{get, "/api/v1/consultations/:id/concerns", consult.Read, rateAPI, m.Concerns, machine},
		{get, "/api/v1/concerns/:id", consult.Read, rateAPI, m.Concern, machine},
		{get, "/api/v1/consultations/:id/threads", consult.Read, rateAPI, m.Threads, machine},
		{post, "/api/v1/consultations/:id/threads", consult.Take, rateWrite, m.StartThread, machine},
		{get, "/api/v1/threads/:id", consult.Read, rateAPI, m.Thread, machine},
		{get, "/api/v1/threads/:id/messages", consult.Read, rateAPI, m.Messages, machine},
		{get, "/api/v1/consultations/:id/facts", consult.Read, rateAPI, m.Facts, machine},
		{get, "/api/v1/facts/:id", consult.Read, rateAPI, m.Fact, machine},
		{post, "/api/v1/threads/:id/messages", consult.Take, rateWrite, m.PostMessage, machine},

		// Doors of other vocabularies
		{get, "/api/odp/applications", consult.Read, rateAPI, m.ODPApplications, machine},
		{get, "/api/odp/applications/:reference", consult.Read, rateAPI, m.ODPApplication, machine},
		{get, "/api/odp/applications/:reference/documents", consult.Read, rateAPI, m.ODPDocuments, machine},
		{get, "/api/odp/applications/:reference/publicComments", consult.Read, rateAPI, m.ODPPublicComments, machine},
		{get, "/api/odp/applications/:reference/specialistComments", consult.Read, rateAPI, m.ODPSpecialistComments, machine},
		{get, "/api/pads/:file", consult.Read, rateWrite, m.PADS, stream},
		{get, "/api/2.4/json_search_results", consult.Read, rateAPI, m.CitizenSearch, machine},
		{get, "/api/2.4/json_consultation_details", consult.Read, rateAPI, m.CitizenDetails, machine},
		{get, "/api/bops/consultations/:id/comments", consult.WorkInbox, rateWrite, m.BOPSComments, stream},

		// The rest of the machine
		// Open data (OGC API Features), feeds and calendars
		{get, "/ogc", consult.Read, rateAPI, m.OGCDoor, machine},
		{get, "/ogc/", consult.Read, rateAPI, either(m.OGCLanding, w.OpenData), page},
		{get, "/ogc/api", consult.Read, rateAPI, either(m.OGCDescription, w.OpenDataAPI), page},
		{get, "/ogc/conformance", consult.Read, rateAPI, either(m.OGCConformance, w.OpenDataConformance), page},
		{get, "/ogc/collections", consult.Read, rateAPI, either(m.OGCCollections, w.OpenDataCollections), page},
		{get, "/ogc/collections/:collection", consult.Read, rateAPI, either(m.OGCCollection, w.OpenDataCollection), page},
		{get, "/ogc/collections/:collection/schema", consult.Read, rateAPI, m.OGCSchema, machine},
		{get, "/ogc/collections/:collection/items", consult.Read, rateAPI, either(m.OGCItems, w.OpenDataItems), page},
		{get, "/ogc/collections/:collection/items/:feature", consult.Read, rateAPI, either(m.OGCItem, w.OpenDataItem), page},
		{get, "/feed.atom", consult.Read, rateAPI, w.Feed, machine},
		{get, "/deadlines.ics", consult.Read, rateAPI, w.Deadlines, machine},
		{get, "/consultations/:id/feed.atom", consult.Read, rateAPI, w.ConsultationFeed, machine},
		{get, "/consultations/:id/deadlines.ics", consult.Read, rateAPI, w.ConsultationDeadlines, machine},

		{get, "/live", consult.Read, rateAPI, a.hub.Handler(a.viewer), machine},
		{post, "/csp-reports", consult.Read, rateMail, w.PolicyReport, oneClick},
		{get, "/healthz", consult.Read, rateAPI, a.healthz, machine},
		{get, "/readyz", consult.Read, rateAPI, a.readyz, machine},
		{get, "/static/:name", consult.Read, rateTile, a.asset, page},
	}
}
