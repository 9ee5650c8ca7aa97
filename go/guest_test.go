package streamsk8s

import (
	_ "embed"
	"errors"
	"testing"
	"time"
)

// guest misbehaves as its text, testdata/guest.wat, says.
//
//go:embed testdata/guest.wasm
var guest []byte

// Each limit stops a module that does not keep to it, as an error of its own kind, and the next call works.
func TestModulesThatMisbehaveAreStopped(t *testing.T) {
	macro, err := load(t.Context(), guest,
		WithTimeLimit(time.Second), WithMemoryLimit(16<<20), WithOutputLimit(8<<20))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = macro.Close(t.Context()) })
	for range 2 {
		for text, want := range map[string]LimitKind{"1": LimitTime, "55555": LimitTime, "22": LimitMemory, "333": LimitOutput} {
			_, err := macro.RenderText(t.Context(), []byte(text))
			if kind := limitOf(t, err); kind != want {
				t.Errorf("%d bytes: got %v, want the limit of %s", len(text), err, want)
			}
			if got, err := macro.RenderText(t.Context(), []byte("fine")); err != nil || string(got) != "fine" {
				t.Errorf("after %d bytes: got %s, %v", len(text), got, err)
			}
		}
	}
}

// A failure without problems is a fault of the macro: neither a result nor a refusal that names nothing.
func TestAFailureWithoutProblemsIsAnErrorOfItsOwn(t *testing.T) {
	macro, err := load(t.Context(), guest)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = macro.Close(t.Context()) })
	empty := []byte(`{"problems":[]}`)
	for name, call := range map[string]func() error{
		"Render":     func() error { _, err := macro.Render(t.Context(), empty); return err },
		"RenderText": func() error { _, err := macro.RenderText(t.Context(), empty); return err },
	} {
		if err := call(); !errors.Is(err, ErrNoProblems) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, text := range []string{`{}`, `{"problems":null}`, `null`} {
		if err := decodeFailure([]byte(text)); !errors.Is(err, ErrNoProblems) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}
