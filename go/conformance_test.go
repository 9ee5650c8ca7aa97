package streamsk8s

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The shared cases, rendered here. The result texts go to target/conformance/go, one file a case, to be compared with
// those of the other hosts: `.ok.json` where the macro renders, `.err.json` where it refuses.
func TestConformance(t *testing.T) {
	inputs, err := filepath.Glob("../target/conformance/inputs/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(inputs) == 0 {
		t.Skip("target/conformance/inputs is not there: run scripts/conformance inputs")
	}
	outputs := "../target/conformance/go"
	if err := errors.Join(os.RemoveAll(outputs), os.MkdirAll(outputs, 0o755)); err != nil {
		t.Fatal(err)
	}
	macro := newMacro(t)
	for _, input := range inputs {
		name := strings.TrimSuffix(filepath.Base(input), ".json")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			suffix := ".ok.json"
			result, err := macro.RenderText(t.Context(), text)
			var refused *RefusedError
			if errors.As(err, &refused) {
				suffix, result, err = ".err.json", refused.JSON, nil
			}
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid(result) {
				t.Errorf("the result is not JSON: %.80s", result)
			}
			if suffix == ".ok.json" {
				if _, err := decodeRendered(result); err != nil {
					t.Error(err)
				}
			}
			if err := os.WriteFile(filepath.Join(outputs, name+suffix), result, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
