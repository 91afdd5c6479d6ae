package demo_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// No name, address or telephone number of an author is in anything the public reads, unless they asked for their name to be shown.
func (l loaded) contactsAreNowherePublic(t *testing.T) {
	l.t = t
	public := ""
	shown := map[string]bool{}
	var files []consult.CommentFile
	for _, v := range l.cases() {
		public += mustJSON(t, v)
		for _, c := range l.comments(v.Consultation.ID) {
			public += mustJSON(t, c)
			if c.NameShown != "" {
				shown[c.NameShown] = true
			}
			if c.Thread != 0 {
				public += mustJSON(t, l.thread(c.Thread))
			}
		}
		for _, th := range v.Threads {
			public += mustJSON(t, l.thread(th.ID))
		}
	}
	if err := l.store.EachReachRow(t.Context(), consult.ReachFilter{}, func(r consult.ReachRow) error {
		public += mustJSON(t, r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, view := range []consult.InboxView{consult.InboxUnanswered, consult.InboxPublish} {
		page, err := l.svc.Inbox(t.Context(), consult.System(), consult.InboxFilter{View: view}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			if item.Comment != 0 {
				files = append(files, l.file(item.Comment))
			}
		}
	}
	for _, v := range l.cases() {
		for _, c := range l.comments(v.Consultation.ID) {
			files = append(files, l.file(c.ID))
		}
	}
	if strings.Contains(public, "{+") || strings.Contains(public, "{-") {
		t.Error("a date was not filled in")
	}
	checked := 0
	for _, f := range files {
		secrets := []string{f.Contact.Email, f.Contact.Phone}
		if !shown[f.Contact.Name] {
			secrets = append(secrets, f.Contact.Name)
		}
		for _, s := range secrets {
			if s != "" && strings.Contains(public, s) {
				t.Errorf("%q can be read by anybody", s)
			}
			if s != "" {
				checked++
			}
		}
	}
	if checked < 40 || len(shown) == 0 || strings.Contains(public, "@example.org") {
		t.Errorf("%d secrets checked, %d names shown", checked, len(shown))
	}
}

func (l loaded) file(comment consult.ID) consult.CommentFile {
	l.t.Helper()
	f, _, err := l.svc.CommentFile(l.t.Context(), consult.System(), comment)
	if err != nil {
		l.t.Fatal(err)
	}
	return f
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
