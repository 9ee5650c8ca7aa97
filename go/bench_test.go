package streamsk8s

import (
	"encoding/json"
	"os"
	"testing"
)

// How long a process waits for its first answer.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		macro, err := New(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := macro.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// The same with the compiled macro already in the cache directory.
func BenchmarkNewFromCache(b *testing.B) {
	newMacro(b)
	for b.Loop() {
		macro, err := New(b.Context(), WithCacheDirectory(cacheDirectory))
		if err != nil {
			b.Fatal(err)
		}
		if err := macro.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// A call without the reading of its result.
func BenchmarkRenderText(b *testing.B) {
	macro := newMacro(b)
	for b.Loop() {
		if _, err := macro.RenderText(b.Context(), []byte(canaryContext)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	macro := newMacro(b)
	for b.Loop() {
		if _, err := macro.Render(b.Context(), []byte(canaryContext)); err != nil {
			b.Fatal(err)
		}
	}
}

// The large case that all hosts share.
func BenchmarkRenderTextLarge(b *testing.B) {
	text, err := os.ReadFile("../tests/cases/large.json")
	if err != nil {
		b.Skip(err)
	}
	var shared struct {
		Context json.RawMessage `json:"context"`
	}
	if err := json.Unmarshal(text, &shared); err != nil {
		b.Fatal(err)
	}
	macro := newMacro(b)
	for b.Loop() {
		if _, err := macro.RenderText(b.Context(), shared.Context); err != nil {
			b.Fatal(err)
		}
	}
}

// A call without work: what an instance costs.
func BenchmarkVersion(b *testing.B) {
	macro := newMacro(b)
	for b.Loop() {
		if _, err := macro.Version(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
