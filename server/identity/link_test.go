package identity_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

func TestS06LinkWorksOnceInTheAskingBrowser(t *testing.T) {
	h := newHouse(t)
	o := h.officer("officer@example.org", consult.RoleOfficer)
	token, _ := h.ask("  Officer@Example.ORG ", "browser-a")

	// H14: looking, however often and from wherever, changes nothing.
	for range 5 {
		v, err := h.Peek(h.ctx(), token, "browser-a")
		if err != nil || v.NeedsCode || v.Purpose != consult.LinkSignIn || v.Officer.ID != o.ID {
			t.Fatalf("peek: %+v %v", v, err)
		}
		if v, err := h.Peek(h.ctx(), token, ""); err != nil || !v.NeedsCode {
			t.Fatalf("peek without a cookie: %+v %v", v, err)
		}
	}
	e, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a", Agent: firefox})
	h.fine(err, "sign in")
	actor, session, err := h.SessionActor(h.ctx(), e.Token)
	h.fine(err, "session")
	if actor.ID != o.ID || !actor.Has(consult.RoleOfficer) || actor.Service != "Planning" || session.Agent != "Firefox, Linux" {
		t.Errorf("actor %+v session %+v", actor, session)
	}
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a"})
	h.want(err, consult.Closed, "the second use")
	_, err = h.Peek(h.ctx(), token, "browser-a")
	h.want(err, consult.Closed, "looking at a used link")
}

func TestS06LinkEndsAfterTenMinutes(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	token, code := h.ask("officer@example.org", "browser-a")
	h.wait(10*time.Minute - time.Second)
	_, err := h.Peek(h.ctx(), token, "browser-a")
	h.fine(err, "a second before the end")
	h.wait(time.Second)
	_, err = h.Peek(h.ctx(), token, "browser-a")
	h.want(err, consult.Closed, "looking after the end")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a", Code: code})
	h.want(err, consult.Closed, "using it after the end")
}

func TestS06AnotherBrowserNeedsTheCode(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	token, code := h.ask("officer@example.org", "browser-a")
	if !regexp.MustCompile(`^\d{6}$`).MatchString(code) {
		t.Fatalf("code %q", code)
	}
	_, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-b"})
	h.wantField(err, "code", "required", "no code")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-b", Code: otherCode(code)})
	h.wantField(err, "code", "code", "a wrong code")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "", Code: code[:3] + " " + code[3:]})
	h.fine(err, "the right code, as people type it")
}

func TestS06FiveWrongCodesCloseTheDoorForOtherBrowsers(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	token, code := h.ask("officer@example.org", "browser-a")
	for i := range 5 {
		_, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-b", Code: otherCode(code)})
		if i < 4 {
			h.wantField(err, "code", "code", fmt.Sprint("wrong code ", i+1))
		} else {
			h.want(err, consult.Closed, "the fifth wrong code")
		}
	}
	_, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-b", Code: code})
	h.want(err, consult.Closed, "the right code after five wrong ones")
	_, err = h.Peek(h.ctx(), token, "browser-b")
	h.want(err, consult.Closed, "looking from the other browser")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a"})
	h.fine(err, "the browser that asked")
}

// Guesses sent at the same moment are counted as well: of forty, at most five are looked at.
func TestS06ParallelGuessesAreCounted(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	token, code := h.ask("officer@example.org", "browser-a")
	var looked, right int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			guess := otherCode(code)
			if i%2 == 0 {
				guess = code[:5] + string('0'+(code[5]-'0'+byte(i/2)%9+1)%10)
			}
			_, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-b", Code: guess})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				right++
			}
			if consult.KindOf(err) == consult.Invalid {
				looked++
			}
		})
	}
	wg.Wait()
	if right != 0 || looked > 4 {
		t.Errorf("%d guesses were answered and %d were right, want at most 4 and none", looked, right)
	}
	_, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-b", Code: code})
	h.want(err, consult.Closed, "the right code afterwards")
}

func TestS06OfTwoUsesAtOnceOneSucceeds(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	token, _ := h.ask("officer@example.org", "browser-a")
	var entered, closed int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a"})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				entered++
			case consult.KindOf(err) == consult.Closed:
				closed++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if entered != 1 || closed != 7 {
		t.Errorf("%d entered, %d came too late; want 1 and 7", entered, closed)
	}
}

// S18: an unknown address, a disabled officer and one with too many open links get the same answer after the same work: a code,
// and one write.
func TestS18UnknownAddressesGetTheSameAnswer(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	h.officer("admin@example.org", consult.RoleAdmin)
	gone := h.officer("gone@example.org", consult.RoleOfficer)
	h.fine(h.Disable(h.ctx(), consult.System(), gone.ID), "disable")
	for email, mails := range map[string]int{"officer@example.org": 1, "nobody@example.org": 0, "gone@example.org": 0} {
		before, _ := h.audited("")
		code, err := h.AskLink(h.ctx(), identity.Ask{Email: email, Browser: "browser-a", Language: "en"})
		h.fine(err, email)
		if len(code) != 6 {
			t.Errorf("%s: code %q", email, code)
		}
		if after, _ := h.audited(""); after != before+1 {
			t.Errorf("%s: %d writes, want 1", email, after-before)
		}
		if got := len(h.mails()); got != mails {
			t.Errorf("%s: %d mails, want %d", email, got, mails)
		}
	}
}

func TestAskLinkStopsFloodingAMailbox(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	for range 15 {
		_, err := h.AskLink(h.ctx(), identity.Ask{Email: "officer@example.org", Browser: "browser-a"})
		h.fine(err, "ask")
	}
	if got := len(h.mails()); got != identity.DefaultLimits().OpenLinks {
		t.Errorf("%d mails", got)
	}
	h.wait(11 * time.Minute)
	h.ask("officer@example.org", "browser-a")
}

func TestAskLinkRefusesWhatIsNoAddress(t *testing.T) {
	h := newHouse(t)
	for _, email := range []string{"", "nobody", "a@b", "a@example.org,b@example.org", "a@example.org\r\nBcc: b@example.org"} {
		_, err := h.AskLink(h.ctx(), identity.Ask{Email: email, Browser: "b"})
		h.wantField(err, "email", "email", fmt.Sprintf("%q", email))
	}
}

// A link of one kind opens nothing of another, and nothing that is kept opens anything.
func TestS06LinksAreForTheirPurpose(t *testing.T) {
	h := newHouse(t)
	setUp, err := h.SetUpLink(h.ctx())
	h.fine(err, "set-up link")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: setUp, Browser: "b"})
	h.want(err, consult.Closed, "signing in with a set-up link")
	_, err = h.AcceptInvite(h.ctx(), identity.Use{Token: setUp})
	h.want(err, consult.Closed, "accepting a set-up link")

	o := h.officer("officer@example.org", consult.RoleOfficer)
	token, _ := h.ask("officer@example.org", "browser-a")
	_, err = h.AcceptInvite(h.ctx(), identity.Use{Token: token, Browser: "browser-a"})
	h.want(err, consult.Closed, "accepting a sign-in link")
	_, err = h.SetUp(h.ctx(), identity.Use{Token: token, Browser: "browser-a"}, identity.Profile{})
	h.want(err, consult.Closed, "setting up with a sign-in link")

	links, err := h.store.LinksOf(h.ctx(), o.ID, consult.LinkSignIn, h.now)
	if err != nil || len(links) != 1 {
		t.Fatalf("links %+v %v", links, err)
	}
	kept := fmt.Sprintf("%+v", links[0])
	if strings.Contains(kept, token) || strings.Contains(kept, "browser-a") {
		t.Errorf("the database knows a secret: %s", kept)
	}
	_, err = h.Peek(h.ctx(), links[0].Hash, "browser-a")
	h.want(err, consult.Closed, "the hash in place of the token")
}

func otherCode(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}
