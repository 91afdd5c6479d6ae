package server_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/servertest"
)

// contract is the API's description as something that answers can be held to.
type contract struct {
	document any
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	seen     map[string]bool // "getThread 200"
}

// operation is one method of one path in the description.
type operation struct {
	at      string // JSON pointer
	id      string
	content map[string]any
}

const contractName = "openapi.json"

func readContract(t *testing.T) *contract {
	t.Helper()
	f, err := os.Open("api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := &contract{document: document, compiler: jsonschema.NewCompiler(), seen: map[string]bool{}}
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource(contractName, document); err != nil {
		t.Fatal(err)
	}
	return c
}

// at finds what stands at a JSON pointer, through references.
func (c *contract) at(t *testing.T, pointer string) (any, string) {
	t.Helper()
	v := c.document
	for i, step := range strings.Split(pointer, "/") {
		if i == 0 {
			continue
		}
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		object, ok := v.(map[string]any)
		if !ok || object[step] == nil {
			t.Fatalf("the description has nothing at %s", pointer)
		}
		v = object[step]
	}
	if object, ok := v.(map[string]any); ok {
		if ref, ok := object["$ref"].(string); ok {
			return c.at(t, strings.TrimPrefix(ref, "#"))
		}
	}
	return v, pointer
}

func (c *contract) object(t *testing.T, pointer string) map[string]any {
	t.Helper()
	v, at := c.at(t, pointer)
	object, ok := v.(map[string]any)
	if !ok {
		t.Fatalf("%s is no object", at)
	}
	return object
}

func escaped(step string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(step) }

// valid holds a value to the schema at a pointer.
func (c *contract) valid(t *testing.T, pointer string, value any) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	schema, err := c.compiler.Compile(contractName + "#" + strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer))
	if err != nil {
		t.Fatalf("schema %s: %v", pointer, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("not as %s describes: %v", pointer, err)
	}
}

// operations lists every method of every path: "GET /consultations/{id}" to where it stands.
func (c *contract) operations(t *testing.T) map[string]operation {
	t.Helper()
	all := map[string]operation{}
	for path, item := range c.object(t, "/paths") {
		for method, content := range item.(map[string]any) {
			if method == "parameters" {
				continue
			}
			o := content.(map[string]any)
			id, _ := o["operationId"].(string)
			all[strings.ToUpper(method)+" "+path] = operation{at: "/paths/" + escaped(path) + "/" + method, id: id, content: o}
		}
	}
	return all
}

var (
	parameter = regexp.MustCompile(`:([a-z]+)`)
	braces    = regexp.MustCompile(`\\\{[a-z]+\\\}`)
)

func TestTheDescriptionListsEveryAddressAndNoOther(t *testing.T) {
	c := readContract(t)
	described := c.operations(t)
	ids := map[string]bool{}
	for name, o := range described {
		if o.id == "" || ids[o.id] || o.content["summary"] == nil {
			t.Errorf("%s has no operationId of its own or no summary", name)
		}
		ids[o.id] = true
	}
	for _, r := range server.Routes() {
		path, ours := strings.CutPrefix(r.Path, api.Prefix)
		if !ours {
			continue
		}
		name := r.Method + " " + parameter.ReplaceAllString(path, "{$1}")
		if _, known := described[name]; !known {
			t.Errorf("%s is served and not described", name)
		}
		if r.Kind != "machine" {
			t.Errorf("%s is of kind %s", name, r.Kind)
		}
		delete(described, name)
	}
	for name := range described {
		t.Errorf("%s is described and not served", name)
	}
}

func TestTheDescriptionsSchemasAndExamplesHold(t *testing.T) {
	c := readContract(t)
	for name := range c.object(t, "/components/schemas") {
		if _, err := c.compiler.Compile(contractName + "#/components/schemas/" + name); err != nil {
			t.Errorf("schema %s: %v", name, err)
		}
	}
	examples := 0
	c.walk(t, "", c.document, func(pointer string, media map[string]any) {
		if example, ok := media["example"]; ok {
			examples++
			c.valid(t, pointer+"/schema", example)
		}
	})
	if examples < 10 {
		t.Errorf("%d examples beside their schemas, want at least 10", examples)
	}
}

// walk visits every object that holds a schema, and follows every reference to see that it leads somewhere.
func (c *contract) walk(t *testing.T, pointer string, v any, visit func(string, map[string]any)) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			c.at(t, strings.TrimPrefix(ref, "#"))
		}
		if v["schema"] != nil {
			visit(pointer, v)
		}
		for name, inner := range v {
			if name != "example" {
				c.walk(t, pointer+"/"+escaped(name), inner, visit)
			}
		}
	case []any:
		for i, inner := range v {
			c.walk(t, pointer+"/"+strconv.Itoa(i), inner, visit)
		}
	}
}

// program is a caller whose every answer is held to the description.
type program struct {
	*servertest.Client
	contract *contract
	header   map[string]string
}

// program opens a caller; token "" = none.
func (c *contract) program(t *testing.T, app *servertest.App, token string) *program {
	t.Helper()
	p := &program{Client: app.Client(t), contract: c, header: map[string]string{}}
	if token != "" {
		p.header["Authorization"] = "Bearer " + token
	}
	return p
}

// call sends a request to an address below the prefix and holds the answer to the description. header is name, value pairs.
func (p *program) call(t *testing.T, method, path, body string, header ...string) servertest.Answer {
	t.Helper()
	all := map[string]string{}
	for name, value := range p.header {
		all[name] = value
	}
	if method == http.MethodPost {
		all["Content-Type"] = "application/json"
	}
	for pair := range slices.Chunk(header, 2) {
		all[pair[0]] = pair[1]
	}
	a := p.Do(t, method, api.Prefix+path, strings.NewReader(body), all)
	p.contract.check(t, method, path, a)
	return a
}

// check holds one answer to what is described for its operation and status.
func (c *contract) check(t *testing.T, method, path string, a servertest.Answer) {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	at := "/components/responses/Problem"
	for name, o := range c.operations(t) {
		described, ok := strings.CutPrefix(name, method+" ")
		if !ok || !regexp.MustCompile("^"+braces.ReplaceAllString(regexp.QuoteMeta(described), "[^/]+")+"$").MatchString(path) {
			continue
		}
		status := strconv.Itoa(a.Status)
		if _, known := o.content["responses"].(map[string]any)[status]; !known {
			if a.Status < 400 {
				t.Errorf("%s %s answers %d, which is not described", method, path, a.Status)
				return
			}
			status = "default"
		}
		_, at = c.at(t, o.at+"/responses/"+status)
		c.mu.Lock()
		c.seen[o.id+" "+strconv.Itoa(a.Status)] = true
		c.mu.Unlock()
	}
	c.checkResponse(t, method+" "+path, at, a)
}

func (c *contract) checkResponse(t *testing.T, what, at string, a servertest.Answer) {
	t.Helper()
	response := c.object(t, at)
	headers, _ := response["headers"].(map[string]any)
	for name := range headers {
		h := c.object(t, at+"/headers/"+name)
		if value := a.Header.Get(name); value != "" && h["schema"].(map[string]any)["type"] == "string" {
			_, where := c.at(t, at+"/headers/"+name)
			c.valid(t, where+"/schema", value)
		} else if value == "" && h["required"] == true {
			t.Errorf("%s: %d without %s", what, a.Status, name)
		}
	}
	contents, _ := response["content"].(map[string]any)
	if len(contents) == 0 {
		if a.Body != "" {
			t.Errorf("%s: %d with a body", what, a.Status)
		}
		return
	}
	kind := a.Header.Get("Content-Type")
	if contents[kind] == nil {
		t.Errorf("%s: %d as %q, which is not described: %.200s", what, a.Status, kind, a.Body)
		return
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(a.Body))
	if err != nil {
		t.Errorf("%s: %v in %.200s", what, err, a.Body)
		return
	}
	c.valid(t, at+"/content/"+escaped(kind)+"/schema", value)
	if status, ok := value.(map[string]any)["status"].(json.Number); ok && status.String() != strconv.Itoa(a.Status) {
		t.Errorf("%s: the problem says %s, the answer %d", what, status, a.Status)
	}
}

// read reads a document of an answer.
func read[T any](t *testing.T, a servertest.Answer) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("%d %v: %.300s", a.Status, err, a.Body)
	}
	return v
}

// want holds an answer to a status and, for failures, to a code.
func want(t *testing.T, a servertest.Answer, status int, code string) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("%d, want %d: %.500s", a.Status, status, a.Body)
	}
	if code != "" {
		if p := read[api.Problem](t, a); p.Code != code {
			t.Errorf("code %q, want %q: %s", p.Code, code, a.Body)
		}
	}
}
