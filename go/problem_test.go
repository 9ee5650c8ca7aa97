package streamsk8s

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

// A problem says in which text it stands, where it ends, and what change fixes it.
func TestProblemsCarryTheirFix(t *testing.T) {
	text := strings.Replace(minimalContext, `"deployment_template": {}`, `"deployment_template": "spec:\n  template:\n    spec: {nodeSelectr: {a: b}}"`, 1)
	_, err := newMacro(t).Validate(t.Context(), []byte(text))
	var refused *RefusedError
	if !errors.As(err, &refused) || len(refused.Problems) != 1 {
		t.Fatalf("got %v, want one problem", err)
	}
	got := refused.Problems[0]
	start, end := Position{Line: 3, Column: 12}, Position{Line: 3, Column: 23}
	if got.Source != "deployment_template" || (Position{got.Line, got.Column}) != start || got.End == nil || *got.End != end {
		t.Errorf("got %+v", got)
	}
	if got.Fix == nil || got.Fix.Title == "" || len(got.Fix.Edits) != 1 {
		t.Fatalf("got %+v, want one edit", got.Fix)
	}
	if edit := got.Fix.Edits[0]; edit != (Edit{Start: start, End: end, Text: "nodeSelector"}) {
		t.Errorf("the fix is %+v", edit)
	}
}

// The structs have what the schema of the macro's failures has, by the same names.
func TestProblemsHaveWhatTheSchemaSays(t *testing.T) {
	text, err := os.ReadFile("../wit/failure.schema.json")
	if err != nil {
		t.Skip(err)
	}
	var schema struct {
		Definitions map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"definitions"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	structs := map[string]any{"problem": Problem{}, "position": Position{}, "fix": Fix{}, "edit": Edit{}}
	for name, definition := range schema.Definitions {
		value, ok := structs[name]
		if !ok {
			t.Errorf("there is no struct for the schema's %s", name)
			continue
		}
		fields := map[string]bool{}
		for _, field := range reflect.VisibleFields(reflect.TypeOf(value)) {
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			fields[key] = true
			if _, ok := definition.Properties[key]; !ok {
				t.Errorf("the schema's %s has no %q", name, key)
			}
		}
		for key := range definition.Properties {
			if !fields[key] {
				t.Errorf("the struct for %s lacks %q", name, key)
			}
		}
	}
}
