package streamsk8s

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// The canonical ABI of the Component Model, as far as the macro's text interface needs it: wazero runs core modules,
// so this file passes the strings by hand.

// textInterface is the WIT interface whose functions this package calls.
const textInterface = "sentry:streams-k8s/consumer-macro-json@0.1.0#"

// The instance ends with the call, so its cabi_post_… functions, which free what an answer holds, are not called.

// ErrNotUTF8 says that a context is not UTF-8, the one encoding a WebAssembly string has.
var ErrNotUTF8 = errors.New("the context is not valid UTF-8")

// errABI says that the module broke the canonical ABI: it is not the macro, or not sound.
var errABI = errors.New("the macro gave an address outside its memory")

// ask calls a `func(string) -> result<string, string>`.
func (m *Macro) ask(ctx context.Context, function string, argument []byte) (text []byte, err error) {
	if !utf8.Valid(argument) {
		return nil, ErrNotUTF8
	}
	err = m.withInstance(ctx, func(ctx context.Context, i *instance) error {
		pointer, err := i.lower(ctx, argument)
		if err != nil {
			return err
		}
		area, err := i.call(ctx, textInterface+function, uint64(pointer), uint64(len(argument)))
		if err != nil {
			return err
		}
		// The return area of `result<string, string>`: the case in the first byte, then address and length.
		discriminant, ok := i.module.Memory().ReadByte(area)
		if !ok {
			return errABI
		}
		if text, err = i.lift(area + 4); err != nil {
			return err
		}
		if discriminant != 0 {
			return decodeFailure(text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return text, nil
}

// tell calls a `func() -> string`.
func (m *Macro) tell(ctx context.Context, function string) (text []byte, err error) {
	err = m.withInstance(ctx, func(ctx context.Context, i *instance) error {
		area, err := i.call(ctx, textInterface+function)
		if err != nil {
			return err
		}
		text, err = i.lift(area)
		return err
	})
	return text, err
}

// instance is the macro for one call.
type instance struct {
	module api.Module
	memory *linearMemory
	limits limits
}

// instanceConfig: without a name instances can stand side by side. The module has no way to ask for random bytes, but
// wazero seeds a source of its own for each instance unless there is one.
var instanceConfig = wazero.NewModuleConfig().WithName("").WithStartFunctions().WithRandSource(rand.Reader)

// withInstance runs a call in a fresh instance, within the limits.
func (m *Macro) withInstance(ctx context.Context, call func(context.Context, *instance) error) error {
	if err := m.slots.take(ctx); err != nil {
		return err
	}
	defer m.slots.free()
	m.open.RLock()
	defer m.open.RUnlock()

	// The clock starts when the call does.
	timeout := &LimitError{Kind: LimitTime, Max: m.limits.time.String()}
	ctx, cancel := context.WithTimeoutCause(ctx, m.limits.time, timeout)
	defer cancel()
	i := &instance{memory: m.takeMemory(), limits: m.limits}
	defer m.returnMemory(i.memory)
	module, err := m.compiled.runtime.InstantiateModule(
		experimental.WithMemoryAllocator(ctx, i.memory), m.compiled.module, instanceConfig)
	if err != nil {
		return fmt.Errorf("cannot instantiate the macro: %w", err)
	}
	defer func() { _ = module.Close(ctx) }() // it holds nothing but the memory of this call
	i.module = module
	interrupted, ok := module.ExportedGlobal(interruptedGlobal).(api.MutableGlobal)
	if !ok {
		return errModule
	}
	stop := context.AfterFunc(ctx, func() { interrupted.Set(1) })
	defer stop()
	return call(ctx, i)
}

// call calls an exported function with at most one result.
func (i *instance) call(ctx context.Context, export string, arguments ...uint64) (uint32, error) {
	function := i.module.ExportedFunction(export)
	if function == nil {
		return 0, fmt.Errorf("the module does not export %s", export)
	}
	if ctx.Err() != nil {
		return 0, stopped(ctx)
	}
	results, err := function.Call(ctx, arguments...)
	switch {
	case err == nil && len(results) == 0:
		return 0, nil
	case err == nil:
		return api.DecodeU32(results[0]), nil
	case ctx.Err() != nil:
		return 0, stopped(ctx)
	case i.memory.refused:
		return 0, &LimitError{Kind: LimitMemory, Max: fmt.Sprintf("%d bytes", i.limits.memory)}
	default:
		return 0, fmt.Errorf("the macro failed: %w", err)
	}
}

func stopped(ctx context.Context) error {
	return fmt.Errorf("the call was stopped: %w", context.Cause(ctx))
}

// lower copies a string into the instance, which owns it from then on.
func (i *instance) lower(ctx context.Context, text []byte) (uint32, error) {
	pointer, err := i.call(ctx, "cabi_realloc", 0, 0, 1, uint64(len(text)))
	if err != nil {
		return 0, err
	}
	if !i.module.Memory().Write(pointer, text) {
		return 0, errABI
	}
	return pointer, nil
}

// lift copies a string out of the instance; its address and length stand at place.
func (i *instance) lift(place uint32) ([]byte, error) {
	memory := i.module.Memory()
	pointer, ok1 := memory.ReadUint32Le(place)
	length, ok2 := memory.ReadUint32Le(place + 4)
	if !ok1 || !ok2 {
		return nil, errABI
	}
	if uint64(length) > i.limits.output {
		return nil, &LimitError{Kind: LimitOutput, Max: fmt.Sprintf("%d bytes", i.limits.output)}
	}
	view, ok := memory.Read(pointer, length)
	if !ok {
		return nil, errABI
	}
	return append([]byte(nil), view...), nil
}
