package consult

// WaitingMessage is how a resident's message stands in its thread, whatever was posted, hidden or restored to get there.
type WaitingMessage struct {
	State     PromiseState // of its promise; "" = it has none yet
	ClosedFor string
	Visible   bool
	Answered  bool // a visible official message came after it was asked last
	Waits     bool // it is the oldest that can be read and has no answer, or it was re-opened
}

// Follow says which events bring a question's promise in line with its thread: an answer that is hidden never was, a message that is
// hidden asks nothing, and one question of a thread waits for all that came after it.
func (q WaitingMessage) Follow() []PromiseEvent {
	waits := q.State == PointOpen || q.State == PointPaused
	aside := q.State == PointClosed && (q.ClosedFor == EndedHidden || q.ClosedFor == EndedJoined)
	answered := q.State == PointAnswered
	var kinds []PromiseEvent
	add := func(kind PromiseEventKind, reason string) {
		kinds = append(kinds, PromiseEvent{Kind: kind, Reason: reason})
	}
	switch {
	case !q.Visible:
		if waits {
			add(PromiseClosed, EndedHidden)
		}
	case q.Answered:
		if aside {
			add(PromiseTakenBack, "")
		}
		if aside || waits {
			add(PromiseAnswered, "")
		}
	case q.Waits:
		if q.State == "" {
			add(PromiseAsked, "")
		} else if aside || answered {
			add(PromiseTakenBack, "")
		}
	default:
		if answered {
			add(PromiseTakenBack, "")
		}
		if answered || waits {
			add(PromiseClosed, EndedJoined)
		}
	}
	return kinds
}
