package streamsk8s

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"testing"
)

// TestRefusalsShowNoSecret looks for secrets in all that is said of contexts that have them at random places:
// scripts/campaigns writes these.
func TestRefusalsShowNoSecret(t *testing.T) {
	path := os.Getenv("SECRETS")
	if path == "" {
		t.Skip("SECRETS names no file of contexts: run scripts/campaigns")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var contexts []string
	if err := json.Unmarshal(text, &contexts); err != nil {
		t.Fatal(err)
	}

	macro, secret := newMacro(t), regexp.MustCompile(`hunter2x\d+`)
	refusals := 0
	for _, context := range contexts {
		warnings, err := macro.Validate(t.Context(), []byte(context))
		said := fmt.Sprintf("%v %+v", err, warnings)
		var refused *RefusedError
		if errors.As(err, &refused) {
			refusals++
			said += fmt.Sprintf("%+v %s", refused.Problems, refused.JSON)
		}
		if found := secret.FindString(said); found != "" {
			t.Errorf("%s is shown: %s", found, said)
		}
	}
	t.Logf("%d contexts, %d refused", len(contexts), refusals)
}
