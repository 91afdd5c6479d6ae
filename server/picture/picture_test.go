package picture

import (
	"os"
	"testing"
)

func TestLook(t *testing.T) {
	for name, size := range map[string]Size{"wide": Wide, "square": Square} {
		p, err := Card(size, Words{Language: "en", Direction: "ltr", Site: "Example City Council", Heading: "Fact card", Says: "People say", Claim: "“All the trees on the Green will be felled, and nobody was asked.”",
			Answers: "Planning answers", Answer: "No. Two of eleven trees are felled because they are diseased; nine stay and are fenced while people build. Six new limes are planted.", Foot: "Planning, 3 May 2026. Looked at again by 1 September 2026.",
			Address: "https://consult.example.org/facts/0sacvmvnkzz82", Shown: "consult.example.org/facts/0sacvmvnkzz82"})
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.PNG()
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile("/tmp/fact-"+name+".png", b, 0o644)
		os.WriteFile("/tmp/fact-"+name+".svg", p.SVG(), 0o644)
	}
	p, err := Card(Wide, Words{Language: "ur", Direction: "rtl", Site: "Example City Council", Heading: "حقیقت", Says: "لوگ کہتے ہیں", Claim: "“تمام درخت کاٹ دیے جائیں گے اور کسی سے نہیں پوچھا گیا”", Answers: "پلاننگ کا جواب", Answer: "نہیں۔ گیارہ میں سے دو درخت بیماری کی وجہ سے کاٹے جائیں گے، نو باقی رہیں گے۔", Foot: "پلاننگ، 3 مئی 2026", Address: "https://consult.example.org/facts/0sacvmvnkzz82", Shown: "consult.example.org/facts/0sacvmvnkzz82"})
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile("/tmp/fact-ur.svg", p.SVG(), 0o644)
	p, err = Preview(Page{Language: "en", Direction: "ltr", Site: "Example City Council", Title: "Twelve homes and a café on the old yard", Note: "1 Example Street, Bordesley Green", Plan: &Plan{640, 400, "M100 50L540 60L520 350L120 340Z", []string{"M200 100L400 100L400 200L200 200Z"}}})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := p.PNG()
	os.WriteFile("/tmp/preview.png", b, 0o644)
}
