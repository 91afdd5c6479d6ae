package similar

import "strings"

// stopWords are words that carry grammar: short lists of the languages we know best, in one set, since a word that is one of them
// in one language is rarely worth much in another. Other languages do without: there the weight by document frequency does most
// of the work, and phrases may begin with an article.
var stopWords = stopSet(
	// English
	`a about after again all also always am an and any are as at be because been before being both but by can cannot could did do does
	doing done dont down each else even ever every for from get gets getting go goes going got had has have having he her here hers him his
	how i if im in into is isnt it its ive just like made make makes many may me might more most much must my near need needs never no nor
	not now of off on once one only or other our out over own per please put quite really said same say see she should since so some such
	than that thats the their them then there these they thing things think this those through to too two under until up upon us very was
	way we well were what when where whether which while who whole whom whose why will with within without wont would yet you your yours
	anyone anything already am another around become cant come comes doesnt first keep know let lot new nobody nothing people place still
	take want wants back next`,
	// Polish
	`a aby albo ale ani az bardzo bez bedzie beda bo byc byl byla bylo byly chce ci cie co czy czyli da dla do gdy gdyz gdzie go i ich ile im
	inne ja jak jako je jego jej jest jestem jeszcze jesli juz kazdy kiedy kogo komu kto ktora ktore ktorych ktory ktorzy ma maja mam mamy
	mi mnie moj moja moze mozna mozemy musi my na nad nam nas nasz nasza nasze naszej naszych nawet nic nich nie niech nigdy nim niz no o
	obok od on ona one oni ono oraz pan pani po pod prosze przed przez przy raczej sa sam sie sobie swoj swoje ta tak takie tam te tego tej
	ten tez to tu tutaj ty tych tylko tym u w we wiec wszystko wszyscy wy z za zawsze ze zeby zostal znow
	teraz caly cala cale calego calej wiecej mniej ponad miedzy podobno ostatnio potem najpierw wcale ktoredy dlaczego jednak zeby takze lat nam`,
	// Urdu
	`اب ابھی اپنا اپنی اپنے اس اسے اسی اگر ان انہیں انہوں اور ایک ایسا ایسی ایسے اتنا اتنی بارے باہر بعد بلکہ بن بہت بھی پاس پر پہلے تک تو تھا تھی تھے تھیں جا
	جاتا جاتی جاتے جانا جائے جائیں جب جس جن جو جہاں چاہیے چاہئے چکا چکی خود دی دیا دیں دے رہا رہی رہے زیادہ سب سے سکتا سکتی سکتے شاید صرف طرح طور کا کب کبھی کچھ کر
	کرتا کرتی کرتے کرنا کرنے کرو کریں کرے کس کسی کم کو کوئی کون کہ کہاں کہیں کی کیا کیسے کیوں کیونکہ کیے کے گا گئی گئے گی گے گیا لیکن لیے مگر میرا میری میرے میں
	مجھے نہ نہیں نے وہ وہاں والا والی والے ہر ہم ہمارا ہماری ہمارے ہمیں ہو ہوا ہوئی ہوئے ہوتا ہوتی ہوتے ہوں ہونا ہونے ہوگا ہوگی ہے ہیں ہی یا یہ یہاں یہی ساتھ آپ
	آپکا آپکی وقت بغیر لوگ لوگوں سارا ساری سارے بیچ اوپر نیچے`,
	// Punjabi
	`ਅਤੇ ਤੇ ਹੈ ਹਨ ਹਾਂ ਸੀ ਸਨ ਦਾ ਦੀ ਦੇ ਦੀਆਂ ਨੂੰ ਨੇ ਨਾਲ ਨਹੀਂ ਨਾ ਵਿੱਚ ਵਿਚ ਤੋਂ ਤੱਕ ਲਈ ਇਹ ਉਹ ਇਸ ਉਸ ਇੱਕ ਇਕ ਕੋਈ ਕੁਝ ਕੀ ਕਿ ਜੋ ਜੇ ਜਦੋਂ ਜਿੱਥੇ ਕਿਉਂਕਿ ਕਿਵੇਂ ਕਿੱਥੇ ਪਰ ਵੀ ਹੀ ਤਾਂ ਸਾਡੇ ਸਾਡਾ ਸਾਡੀ
	ਮੇਰੇ ਮੇਰਾ ਮੇਰੀ ਮੈਂ ਮੈਨੂੰ ਸਾਨੂੰ ਅਸੀਂ ਤੁਸੀਂ ਆਪਣੇ ਆਪਣਾ ਆਪਣੀ ਹੋ ਹੋਵੇ ਹੋਵੇਗਾ ਹੋਵੇਗੀ ਹੋਣ ਹੋਣਗੇ ਹੁੰਦਾ ਹੁੰਦੀ ਹੁੰਦੇ ਕਰ ਕਰਨ ਕਰਦੇ ਕਰਦੀ ਕਰੋ ਜਾ ਜਾਵੇ ਜਾਂਦਾ ਜਾਂਦੀ ਜਾਂਦੇ ਜਾਣ ਰਿਹਾ ਰਹੀ ਰਹੇ ਗਿਆ ਗਈ
	ਗਏ ਸਕਦੇ ਸਕਦਾ ਸਕਦੀ ਚਾਹੀਦਾ ਚਾਹੀਦੀ ਚਾਹੀਦੇ ਬਹੁਤ ਹੋਰ ਸਾਰੇ ਸਭ ਹਰ ਪਹਿਲਾਂ ਬਾਅਦ ਹੁਣ ਇੱਥੇ ਉੱਥੇ ਕੋਲ ਉੱਤੇ ਉਤੇ ਬਾਰੇ ਬਿਨਾਂ ਇਨ੍ਹਾਂ ਉਨ੍ਹਾਂ ਵਾਲੇ ਵਾਲੀ ਵਾਲਾ ਕੇ ਦਿੱਤਾ ਦਿੱਤੀ ਜਾਂ ਲੋਕ ਲੋਕਾਂ ਸਾਰਾ
	ਸਾਰੀ ਜਾਣਗੇ ਜਾਣਗੀਆਂ ਜਾਵੇਗਾ ਪਿੱਛੋਂ ਫਿਰ ਏਡਾ ਤਾਂ`,
	// Bengali
	`এবং ও আর এই সেই এটি এটা তা যে যা কি কী না নেই নয় হয় হবে হতে হয়ে হয়েছে ছিল আছে করা করে করতে করবে করেছে জন্য থেকে সঙ্গে সাথে মধ্যে পর্যন্ত আমি আমরা আমার আমাদের
	আপনি আপনার তারা তাদের তিনি তার কোনো কোন একটি এক খুব আরও অনেক সব যখন তখন যদি তবে কিন্তু কারণ এখানে সেখানে উপর কাছে দিয়ে মতো শুধু`,
	// Arabic
	`في من إلى على عن مع هذا هذه ذلك تلك التي الذي الذين ما لا لم لن ليس كان كانت يكون تكون أن إن أو و ثم قد كل بعض غير بين بعد قبل عند حتى
	إذا لكن هو هي هم نحن أنا لنا له لها لهم كما أي هناك هنا جدا فقط أيضا يجب`,
)

// stopSet folds the lists as words of texts are folded.
func stopSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			set[foldWord(w)] = true
		}
	}
	return set
}
