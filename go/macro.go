// Package streamsk8s renders the Kubernetes manifests of a Sentry Streams consumer.
//
// It runs the Consumer Macro, a WebAssembly module that this package carries, in wazero: no cgo, no other process, no
// access to files, network, clock or environment. A context, JSON or YAML text, goes in; the Deployment, the ConfigMap
// and, where one is asked for, the canary Deployment come out. [Macro.Schema] describes the context.
//
// Everything about manifests is decided in the module, so the answer is the same, byte for byte, as in the macro's
// other hosts.
package streamsk8s

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// module is the macro's core WebAssembly module; the README says how it is built and verified.
//
//go:embed sentry_streams_k8s.core.wasm
var module []byte

// The limits of a call, unless an option sets others.
const (
	DefaultMemoryLimit = 256 << 20
	DefaultOutputLimit = 64 << 20
	DefaultTimeLimit   = 10 * time.Second
)

// pageSize is the unit in which a WebAssembly memory grows.
const pageSize = 64 << 10

// Macro is the compiled macro. It is safe for concurrent use: every call runs in an instance of its own, which starts
// from the same state and is thrown away. Make one and keep it; compiling is the expensive part.
type Macro struct {
	compiled *compiledModule
	limits   limits
	slots    slots
	memories sync.Pool
	// open is held for reading by calls, and for writing by Close: code that runs must not go away.
	open sync.RWMutex
}

type limits struct {
	memory uint64
	output uint64
	time   time.Duration
}

type options struct {
	limits
	cacheDirectory string
}

// Option changes how [New] sets up a [Macro].
type Option func(*options)

// WithCacheDirectory keeps the compiled macro in a directory, so that the next process starts faster; it is made, for
// this user only, where it is missing.
//
// The files are machine code. They are used only where the directory, all above it and the files belong to this user or
// root, nobody else may write them (or, as in /tmp, replace them), and their digest is right for this macro and this
// engine. Otherwise, and where the directory cannot be read or written, the macro is compiled as without a cache: it is
// never an error. On systems other than Unix there is no cache. Entries of other versions stay: delete the directory
// when it has grown.
func WithCacheDirectory(path string) Option {
	return func(o *options) { o.cacheDirectory = path }
}

// WithMemoryLimit sets how many bytes of memory one call may use, rounded down to pages of 64 KiB.
func WithMemoryLimit(bytes uint64) Option {
	return func(o *options) { o.memory = bytes }
}

// WithOutputLimit sets how many bytes one result may have.
func WithOutputLimit(bytes uint64) Option {
	return func(o *options) { o.output = bytes }
}

// WithTimeLimit sets how long one call may take, in addition to its context's own deadline.
func WithTimeLimit(limit time.Duration) Option {
	return func(o *options) { o.time = limit }
}

// New compiles the macro. [Macro.Close] frees what it holds.
func New(ctx context.Context, opts ...Option) (*Macro, error) {
	return load(ctx, module, opts...)
}

// load compiles a module as the macro.
func load(ctx context.Context, module []byte, opts ...Option) (*Macro, error) {
	o := options{limits: limits{memory: DefaultMemoryLimit, output: DefaultOutputLimit, time: DefaultTimeLimit}}
	for _, opt := range opts {
		opt(&o)
	}
	module, err := makeInterruptible(module)
	if err != nil {
		return nil, err
	}
	compiled, err := compile(ctx, module, o.cacheDirectory)
	if err != nil {
		return nil, err
	}
	m := &Macro{compiled: compiled, limits: o.limits, slots: newSlots()}
	for _, memory := range compiled.module.ExportedMemories() {
		if least := uint64(memory.Min()) * pageSize; o.memory < least {
			err := fmt.Errorf("the macro needs a memory limit of at least %d bytes, not %d", least, o.memory)
			return nil, errors.Join(err, m.Close(ctx))
		}
	}
	return m, nil
}

// Close waits for the calls that run and frees the compiled macro. Later calls fail.
func (m *Macro) Close(ctx context.Context) error {
	m.open.Lock()
	defer m.open.Unlock()
	return m.compiled.close(ctx)
}

// Render renders the Kubernetes objects of a context, given as JSON or YAML text.
//
// The error is a [*RefusedError] where the context is not right, and a [*LimitError] where the call went over a limit.
// It wraps the error of ctx where ctx was done first.
func (m *Macro) Render(ctx context.Context, contextText []byte) (*Rendered, error) {
	text, err := m.RenderText(ctx, contextText)
	if err != nil {
		return nil, err
	}
	return decodeRendered(text)
}

// RenderText is [Macro.Render] with the macro's own JSON text as the result:
// {"manifests": {"deployment": …, "configmap": …, "canary_deployment": …}, "warnings": […]}.
func (m *Macro) RenderText(ctx context.Context, contextText []byte) (json.RawMessage, error) {
	return m.ask(ctx, "render", contextText)
}

// Validate says whether [Macro.Render] would succeed, and returns what is legal but suspicious.
// Its errors are those of [Macro.Render].
func (m *Macro) Validate(ctx context.Context, contextText []byte) ([]Problem, error) {
	text, err := m.ask(ctx, "validate", contextText)
	if err != nil {
		return nil, err
	}
	return decodeAccepted(text)
}

// Explain tells where every field of the rendered objects comes from: the layer that set it, and what it replaced. The
// result is the macro's JSON text. Its errors are those of [Macro.Render].
func (m *Macro) Explain(ctx context.Context, contextText []byte) (json.RawMessage, error) {
	return m.ask(ctx, "explain", contextText)
}

// Schema is the JSON Schema of the context.
func (m *Macro) Schema(ctx context.Context) (json.RawMessage, error) {
	return m.tell(ctx, "schema")
}

// Version is the version of the macro, for instance "0.1.0".
func (m *Macro) Version(ctx context.Context) (string, error) {
	text, err := m.tell(ctx, "version")
	return string(text), err
}
