package servertest

import (
	"context"
	"sync/atomic"

	"github.com/yousaid/yousaid/server/consult"
)

// Broken is a store that can be made to fail: reads, writes or both answer Unavailable, as a database that is down does.
type Broken struct {
	consult.Store
	reads, writes atomic.Bool
	panics        atomic.Pointer[string]
	forgets       atomic.Bool
}

// Panic makes reads and writes panic with a text, as a fault in our own code does; Mend undoes it.
func (b *Broken) Panic(text string) { b.panics.Store(&text) }

// Break makes reads and writes fail; Mend undoes it.
func (b *Broken) Break(reads, writes bool) { b.reads.Store(reads); b.writes.Store(writes) }

// Mend makes the store whole again.
func (b *Broken) Mend() { b.Break(false, false); b.panics.Store(nil); b.forgets.Store(false) }

func down(op string) error { return &consult.Error{Kind: consult.Unavailable, Op: op, RetryAfter: 5} }

func (b *Broken) read(op string) error {
	if text := b.panics.Load(); text != nil {
		panic(*text)
	}
	if b.reads.Load() {
		return down(op)
	}
	return nil
}

func (b *Broken) write(op string) error {
	if text := b.panics.Load(); text != nil {
		panic(*text)
	}
	if b.writes.Load() {
		return down(op)
	}
	return nil
}

// Consultation implements consult.Store.
func (b *Broken) Consultation(ctx context.Context, id consult.ID) (consult.Consultation, error) {
	if err := b.read("read consultation"); err != nil {
		return consult.Consultation{}, err
	}
	return b.Store.Consultation(ctx, id)
}

// Consultations implements consult.Store.
func (b *Broken) Consultations(ctx context.Context, f consult.Filter) (consult.CardPage, error) {
	if err := b.read("list consultations"); err != nil {
		return consult.CardPage{}, err
	}
	return b.Store.Consultations(ctx, f)
}

// Thread implements consult.Store.
func (b *Broken) Thread(ctx context.Context, id consult.ID) (consult.Thread, error) {
	if err := b.read("read thread"); err != nil {
		return consult.Thread{}, err
	}
	return b.Store.Thread(ctx, id)
}

// Comment implements consult.Store.
func (b *Broken) Comment(ctx context.Context, id consult.ID) (consult.Comment, error) {
	if err := b.read("read comment"); err != nil {
		return consult.Comment{}, err
	}
	return b.Store.Comment(ctx, id)
}

// Draft implements consult.Store.
func (b *Broken) Draft(ctx context.Context, token string) (consult.Draft, error) {
	if err := b.read("read draft"); err != nil {
		return consult.Draft{}, err
	}
	return b.Store.Draft(ctx, token)
}

// Ping implements consult.Store.
func (b *Broken) Ping(ctx context.Context) error {
	if err := b.read("ping"); err != nil {
		return err
	}
	return b.Store.Ping(ctx)
}

// SaveDraft implements consult.Store.
func (b *Broken) SaveDraft(ctx context.Context, d consult.Draft) error {
	if err := b.write("save draft"); err != nil {
		return err
	}
	return b.Store.SaveDraft(ctx, d)
}

// SaveComment implements consult.Store.
func (b *Broken) SaveComment(ctx context.Context, c consult.Comment, original []consult.CommentPoint, contact consult.Contact, draft string, ch consult.Change) error {
	if err := b.write("save comment"); err != nil {
		return err
	}
	return b.Store.SaveComment(ctx, c, original, contact, draft, ch)
}

// StartThread implements consult.Store.
func (b *Broken) StartThread(ctx context.Context, t consult.Thread, first consult.Message, ch consult.Change) (consult.Posted, error) {
	if err := b.write("start thread"); err != nil {
		return consult.Posted{}, err
	}
	return b.Store.StartThread(ctx, t, first, ch)
}

// PostMessage implements consult.Store.
func (b *Broken) PostMessage(ctx context.Context, m consult.Message, ch consult.Change) (consult.Posted, error) {
	if err := b.write("post message"); err != nil {
		return consult.Posted{}, err
	}
	return b.Store.PostMessage(ctx, m, ch)
}

// PublishComment implements consult.Store.
func (b *Broken) PublishComment(ctx context.Context, c consult.Comment, reasons []string, ch consult.Change) error {
	if err := b.write("publish comment"); err != nil {
		return err
	}
	return b.Store.PublishComment(ctx, c, reasons, ch)
}

// SaveOutcome implements consult.Store.
func (b *Broken) SaveOutcome(ctx context.Context, o consult.Outcome, ch consult.Change) error {
	if err := b.write("save outcome"); err != nil {
		return err
	}
	return b.Store.SaveOutcome(ctx, o, ch)
}

// SaveFollow implements consult.Store.
func (b *Broken) SaveFollow(ctx context.Context, f consult.Follow, ch consult.Change) (consult.Follow, error) {
	if err := b.write("save follow"); err != nil {
		return consult.Follow{}, err
	}
	return b.Store.SaveFollow(ctx, f, ch)
}
