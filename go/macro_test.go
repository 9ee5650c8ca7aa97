package streamsk8s

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// cacheDirectory lets the tests compile the macro once.
var cacheDirectory string

func TestMain(m *testing.M) {
	var err error
	if cacheDirectory, err = os.MkdirTemp("", "streamsk8s-"); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := os.RemoveAll(cacheDirectory); err != nil {
		panic(err)
	}
	os.Exit(code)
}

func newMacro(t testing.TB, opts ...Option) *Macro {
	t.Helper()
	macro, err := New(t.Context(), append([]Option{WithCacheDirectory(cacheDirectory)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	// Not t.Context(): that one is done before the cleanup.
	t.Cleanup(func() {
		if err := macro.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return macro
}

func TestRenderKeepsTheMacrosOrder(t *testing.T) {
	rendered, err := newMacro(t).Render(t.Context(), []byte(canaryContext))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range rendered.Manifests {
		got = append(got, m.Role+" "+m.Kind+" "+m.Name)
	}
	want := []string{
		"deployment Deployment my-service-pipeline-profiles-0",
		"configmap ConfigMap my-service-pipeline-profiles",
		"canary_deployment Deployment my-service-pipeline-profiles-0-canary",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	deployment, ok := rendered.Manifest("deployment")
	if !ok || !bytes.HasPrefix(deployment.JSON, []byte(`{"apiVersion":`)) {
		t.Errorf("the object's text is not the macro's own: %.40s", deployment.JSON)
	}
	if _, ok := rendered.Manifest("service"); ok {
		t.Error("there is an object with a role that the macro does not know")
	}
}

func TestRenderTextIsTheMacrosOwnText(t *testing.T) {
	macro := newMacro(t)
	text, err := macro.RenderText(t.Context(), []byte(minimalContext))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(text, []byte(`{"manifests":`)) || !json.Valid(text) {
		t.Errorf("got %.60s", text)
	}
}

func TestRefusedContextsHaveTheirProblems(t *testing.T) {
	macro := newMacro(t)
	_, renderErr := macro.Render(t.Context(), []byte("{}"))
	_, validateErr := macro.Validate(t.Context(), []byte("{}"))
	for _, err := range []error{renderErr, validateErr} {
		var refused *RefusedError
		if !errors.As(err, &refused) {
			t.Fatalf("got %v, want a RefusedError", err)
		}
		if len(refused.Problems) < 10 {
			t.Errorf("ten fields are missing, but there are %d problems: %s", len(refused.Problems), err)
		}
		for _, p := range refused.Problems {
			if p.Code != "missing-field" || p.Message == "" {
				t.Errorf("got %+v", p)
			}
			if !strings.Contains(err.Error(), p.Message) {
				t.Errorf("the error does not show %q: %s", p.Message, err)
			}
		}
	}
}

func TestValidateAcceptsWhatRenders(t *testing.T) {
	warnings, err := newMacro(t).Validate(t.Context(), []byte(minimalContext))
	if err != nil || len(warnings) > 0 {
		t.Errorf("got %v, %v", warnings, err)
	}
}

func TestExplainNamesTheLayers(t *testing.T) {
	macro := newMacro(t)
	text, err := macro.Explain(t.Context(), []byte(minimalContext))
	if err != nil {
		t.Fatal(err)
	}
	var explained struct {
		Manifests map[string]struct {
			Fields []struct {
				Path, Layer string
			}
		}
	}
	if err := json.Unmarshal(text, &explained); err != nil {
		t.Fatal(err)
	}
	fields := explained.Manifests["deployment"].Fields
	if len(fields) == 0 || fields[0].Path != "apiVersion" || fields[0].Layer != "base" {
		t.Errorf("got %.200s", text)
	}
}

func TestSchemaAndVersion(t *testing.T) {
	macro := newMacro(t)
	schema, err := macro.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Definitions struct {
			Fields struct {
				Properties map[string]any `json:"properties"`
			} `json:"fields"`
		} `json:"definitions"`
	}
	if err := json.Unmarshal(schema, &document); err != nil {
		t.Fatal(err)
	}
	if _, ok := document.Definitions.Fields.Properties["pipeline_config"]; !ok {
		t.Errorf("the schema does not have pipeline_config: %.200s", schema)
	}
	version, err := macro.Version(t.Context())
	if err != nil || version != "0.1.0" {
		t.Errorf("got %q, %v", version, err)
	}
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	if _, err := newMacro(t).RenderText(t.Context(), []byte("a: \xff")); !errors.Is(err, ErrNotUTF8) {
		t.Errorf("got %v", err)
	}
}

func TestAnyTextGetsAnAnswer(t *testing.T) {
	macro := newMacro(t)
	for name, text := range map[string]string{
		"empty":      "",
		"nul":        "\x00",
		"deep JSON":  strings.Repeat("[", 200_000),
		"deep YAML":  strings.Repeat("- ", 200_000),
		"plain text": "hello",
	} {
		var refused *RefusedError
		if _, err := macro.Render(t.Context(), []byte(text)); !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a RefusedError", name, err)
		}
	}
}

func limitOf(t *testing.T, err error) LimitKind {
	t.Helper()
	var limit *LimitError
	if !errors.As(err, &limit) {
		t.Fatalf("got %v, want a LimitError", err)
	}
	return limit.Kind
}

// largeContext is n bytes of pipeline configuration and a little more.
func largeContext(n int) []byte {
	return []byte(strings.Replace(minimalContext, `"env": {}`, `"env": {"a": "`+strings.Repeat("x", n)+`"}`, 1))
}

func TestMemoryLimit(t *testing.T) {
	macro := newMacro(t, WithMemoryLimit(4<<20))
	if _, err := macro.Render(t.Context(), []byte(minimalContext)); err != nil {
		t.Errorf("a small context does not fit: %v", err)
	}
	_, err := macro.Render(t.Context(), largeContext(4<<20))
	if kind := limitOf(t, err); kind != LimitMemory {
		t.Errorf("got %v", err)
	}
	if _, err := macro.Render(t.Context(), []byte(minimalContext)); err != nil {
		t.Errorf("the call before left a trace: %v", err)
	}
	if _, err := New(t.Context(), WithMemoryLimit(pageSize)); err == nil {
		t.Error("a memory limit under what the macro needs to start is accepted")
	}
}

func TestOutputLimit(t *testing.T) {
	_, err := newMacro(t, WithOutputLimit(100)).Render(t.Context(), []byte(minimalContext))
	if kind := limitOf(t, err); kind != LimitOutput {
		t.Errorf("got %v", err)
	}
}

func TestTimeLimitStopsARunningCall(t *testing.T) {
	macro := newMacro(t, WithTimeLimit(time.Millisecond))
	start := time.Now()
	_, err := macro.Render(t.Context(), largeContext(16<<20))
	if kind := limitOf(t, err); kind != LimitTime {
		t.Errorf("got %v", err)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not a deadline", err)
	}
	t.Logf("stopped after %v", time.Since(start))
}

func TestTheCallersContextStopsACall(t *testing.T) {
	macro := newMacro(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := macro.Render(ctx, []byte(minimalContext))
	var limit *LimitError
	if !errors.Is(err, context.Canceled) || errors.As(err, &limit) {
		t.Errorf("got %v, want the caller's own cancellation", err)
	}
}

func TestConcurrentCallsGiveTheSameText(t *testing.T) {
	macro := newMacro(t)
	want, err := macro.RenderText(t.Context(), []byte(canaryContext))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				got, err := macro.RenderText(t.Context(), []byte(canaryContext))
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("got %.60s, %v", got, err)
				}
			}
		})
	}
	group.Wait()
}

func TestCacheDirectoryIsUsed(t *testing.T) {
	directory := t.TempDir()
	if _, err := newMacro(t, WithCacheDirectory(directory)).Version(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(directory)
	if err != nil || len(entries) == 0 {
		t.Errorf("the cache is empty: %v", err)
	}
}

func TestClosedMacroFails(t *testing.T) {
	macro, err := New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := macro.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := macro.Version(t.Context()); err == nil {
		t.Error("a closed macro answers")
	}
}

// The module that this package carries is the one that the sources beside it give.
func TestModuleIsTheBuiltOne(t *testing.T) {
	built, err := os.ReadFile("../target/component/sentry_streams_k8s.core.wasm")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("target/component is not built here")
	}
	if err != nil {
		t.Fatal(err)
	}
	// Another compiler gives other bytes; its own commit stands in the places that its library panics at.
	compiler := regexp.MustCompile("/rustc/[0-9a-f]{40}/")
	if !bytes.Equal(compiler.Find(module), compiler.Find(built)) {
		t.Skip("target/component was built by another compiler")
	}
	if got, want := sha256.Sum256(module), sha256.Sum256(built); got != want {
		t.Errorf("go/sentry_streams_k8s.core.wasm has sha256 %x, the built module %x: run `make go-module`", got, want)
	}
}
