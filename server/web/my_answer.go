package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// myAnswer is an answer beside the sentence that asked for it, with the question whether it is one. Part "my-answer".
type myAnswer struct {
	givenAnswer
	ID       string // in the page
	Question Link   // the concern
	Said     string // the verdict there is; "" = none yet
	Reason   string
	Waits    bool // it is open again
	Form     verdictForm
}

// verdictForm asks "did this answer you?". Part "verdict".
type verdictForm struct {
	*Base
	Action  string
	Source  string // the message in a thread; "" = the comment whose page it is
	Answer  string
	Topic   string
	Name    string // of this form's fields, which no other on the page has
	Value   Choices
	Reason  TextArea
	Key     string
	Send    Button
	Changes bool // there is a verdict already
	Open    bool // unfold it: it was sent and something is wrong
}

// myAnswers words the answers to points, by the topic's name. f is the form that was sent and refused, nil = none.
func (b *Base) myAnswers(list []consult.PointAnswer, action string, f *Form) map[string][]myAnswer {
	found := map[string][]myAnswer{}
	name := ""
	for i, a := range list {
		if !a.Latest {
			if mine := found[name]; len(mine) > 0 {
				earlier := b.givenAnswer(a.Answer)
				earlier.Version = b.T("answer.version", "n", a.Answer.Version)
				mine[len(mine)-1].Earlier = append(mine[len(mine)-1].Earlier, earlier)
			}
			continue
		}
		name = b.topic(a.Ref.Topic)
		found[name] = append(found[name], b.myAnswer(a, strconv.Itoa(i+1), action, f))
	}
	return found
}

func (b *Base) myAnswer(a consult.PointAnswer, n, action string, f *Form) myAnswer {
	v := myAnswer{givenAnswer: b.givenAnswer(a.Answer), ID: "answer-" + n, Question: Link{concernHref(a.Answer.Concern), a.Question}, Waits: a.Open}
	form := verdictForm{Base: b, Action: action, Answer: a.Answer.ID.String(), Topic: string(a.Ref.Topic), Name: n, Send: Button{Text: b.T("answer.send")}, Key: NewKey()}
	typed := values(nil, map[string]string{"verdict-" + n: string(a.Verdict.Value), "reason-" + n: a.Verdict.Reason})
	if form.Open = f != nil && f.Value("name") == n; form.Open {
		typed = f
	}
	form.Value = Radios(b, typed, "verdict-"+n, "answer.asked", consult.VerdictValues(), "answer.")
	form.Value.Inline = true
	form.Reason = b.TextArea(typed, "reason-"+n, "answer.why", consult.MaxVerdictReason)
	form.Reason.Rows = 3
	if a.Verdict.Value != "" {
		v.Said, v.Reason, form.Changes = b.T("answer.said_"+string(a.Verdict.Value)), a.Verdict.Reason, true
	}
	v.Form = form
	return v
}

// readVerdict reads the form of one answer.
func readVerdict(f *Form) (in consult.VerdictInput, name string) {
	n, _ := f.Int("name", 1, 1000)
	name = strconv.Itoa(n)
	in = consult.VerdictInput{Topic: consult.Topic(f.Line("topic", 40)), Value: Choose(f, "verdict-"+name, consult.VerdictValues()),
		Reason: f.Text("reason-"+name, consult.MaxVerdictReason), Key: f.Key()}
	id, err := f.ID("answer")
	if err != nil {
		f.Fail("verdict-"+name, "choice")
	}
	in.Answer = id
	return in, name
}

// verdictFields names the rules of a verdict after the fields of its form.
func verdictFields(err error, name string) error {
	return renamed(err, map[string]string{"verdict": "verdict-" + name, "reason": "reason-" + name})
}

// JudgeMyAnswer keeps what a comment's author says of an answer.
func (w *Web) JudgeMyAnswer(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	token := c.Params("token")
	in, name := readVerdict(f)
	if err = f.Err("judge answer"); err == nil {
		err = verdictFields(w.Service.JudgeMyAnswer(c.UserContext(), token, in), name)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.myComment(c, f, err)
		return shown(w, c, "my-comment", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/my-comment/"+token+"#answer-"+name, fiber.StatusSeeOther)
}

// threadAnswers are the answers to what this browser asked in the thread.
func (w *Web) threadAnswers(c *fiber.Ctx, p *threadPage, v consult.ThreadView, f *Form) error {
	list, err := w.Service.MyAnswers(c.UserContext(), w.actor(c), v.Messages)
	for i, a := range list {
		m := p.myAnswer(a, strconv.Itoa(i+1), p.Path+"/verdict", f)
		m.Form.Source = a.Ref.Source.String()
		p.Answers = append(p.Answers, m)
	}
	return err
}

// JudgeAnswer keeps what somebody who asked in a thread says of the answer.
func (w *Web) JudgeAnswer(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	in, name := readVerdict(f)
	message, err := f.ID("source")
	if err != nil {
		return err
	}
	if err = f.Err("judge answer"); err == nil {
		err = verdictFields(w.Service.JudgeAnswer(c.UserContext(), w.actor(c), message, in), name)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.threadView(c, f, err)
		return shown(w, c, "thread", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/threads/"+c.Params("id")+"#answer-"+name, fiber.StatusSeeOther)
}
