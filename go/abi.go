package streamsk8s

import (
	"context"
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
		if _, err := i.call(ctx, "cabi_post_"+textInterface+function, uint64(area)); err != nil {
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
		if text, err = i.lift(area); err != nil {
			return err
		}
		_, err = i.call(ctx, "cabi_post_"+textInterface+function, uint64(area))
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

// withInstance runs a call in a fresh instance, within the limits.
func (m *Macro) withInstance(ctx context.Context, call func(context.Context, *instance) error) error {
	m.open.RLock()
	defer m.open.RUnlock()
	timeout := &LimitError{Kind: LimitTime, Max: m.limits.time.String()}
	ctx, cancel := context.WithTimeoutCause(ctx, m.limits.time, timeout)
	defer cancel()
	i := &instance{memory: m.takeMemory(), limits: m.limits}
	defer m.returnMemory(i.memory)
	// Without a name instances can stand side by side.
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	module, err := m.runtime.InstantiateModule(experimental.WithMemoryAllocator(ctx, i.memory), m.compiled, config)
	if err != nil {
		return fmt.Errorf("cannot instantiate the macro: %w", err)
	}
	defer func() { _ = module.Close(ctx) }() // it holds nothing but the memory of this call
	i.module = module
	return call(ctx, i)
}

// call calls an exported function with at most one result.
func (i *instance) call(ctx context.Context, export string, arguments ...uint64) (uint32, error) {
	function := i.module.ExportedFunction(export)
	if function == nil {
		return 0, fmt.Errorf("the module does not export %s", export)
	}
	results, err := function.Call(ctx, arguments...)
	switch {
	case err == nil && len(results) == 0:
		return 0, nil
	case err == nil:
		return api.DecodeU32(results[0]), nil
	case ctx.Err() != nil:
		return 0, fmt.Errorf("the call was stopped: %w", context.Cause(ctx))
	case i.memory.refused:
		return 0, &LimitError{Kind: LimitMemory, Max: fmt.Sprintf("%d bytes", i.limits.memory)}
	default:
		return 0, fmt.Errorf("the macro failed: %w", err)
	}
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

// linearMemory is the memory of one instance. It refuses to grow over its limit and remembers that it did: the module
// can only trap then, and the trap does not say why.
type linearMemory struct {
	bytes   []byte
	limit   uint64
	refused bool
}

// takeMemory and returnMemory reuse the memory of calls that are over: to have it from the operating system each time
// takes longer than a small call.
func (m *Macro) takeMemory() *linearMemory {
	if memory, ok := m.memories.Get().(*linearMemory); ok {
		return memory
	}
	return &linearMemory{limit: m.limits.memory}
}

func (m *Macro) returnMemory(memory *linearMemory) {
	clear(memory.bytes)
	*memory = linearMemory{bytes: memory.bytes[:0], limit: memory.limit}
	m.memories.Put(memory)
}

// Allocate implements [experimental.MemoryAllocator]; wazero calls it once for the one memory of the instance.
func (l *linearMemory) Allocate(_, _ uint64) experimental.LinearMemory { return l }

// Reallocate implements [experimental.LinearMemory]. The bytes it adds are zero: nothing wrote beyond the length.
func (l *linearMemory) Reallocate(size uint64) []byte {
	if size > l.limit {
		l.refused = true
		return nil
	}
	if size > uint64(cap(l.bytes)) {
		// Twice what is asked for: many small steps must not copy the memory each time.
		larger := make([]byte, size, min(2*size, l.limit))
		copy(larger, l.bytes)
		l.bytes = larger
	}
	l.bytes = l.bytes[:size]
	return l.bytes
}

// Free implements [experimental.LinearMemory]. The memory goes back when the call is over, not here.
func (l *linearMemory) Free() {}
