package streamsk8s

import (
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

// The contexts that all hosts are timed with, where bench/contexts.py wrote them: text to text, and to objects.
func BenchmarkCall(b *testing.B) {
	macro := newMacro(b)
	for _, name := range []string{"small", "large", "large-yaml"} {
		text, err := os.ReadFile("../target/bench/contexts/" + name + ".json")
		if err != nil {
			b.Skip(err)
		}
		b.Run("text/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := macro.RenderText(b.Context(), text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("objects/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := macro.Render(b.Context(), text); err != nil {
					b.Fatal(err)
				}
			}
		})
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
