package streamsk8s

import "github.com/tetratelabs/wazero/experimental"

// linearMemory is the memory of one instance. It refuses to grow over its limit and remembers that it did: the module
// can only trap then, and the trap does not say why.
type linearMemory struct {
	bytes   []byte
	limit   uint64
	refused bool
}

// keptMemory is the largest memory that is kept for another call: one large context must not hold it for good.
const keptMemory = 32 << 20

// takeMemory and returnMemory reuse the memory of calls that are over: to have it from the operating system each time
// takes longer than a small call. What a call wrote is cleared.
func (m *Macro) takeMemory() *linearMemory {
	if memory, ok := m.memories.Get().(*linearMemory); ok {
		return memory
	}
	return &linearMemory{limit: m.limits.memory}
}

func (m *Macro) returnMemory(memory *linearMemory) {
	if cap(memory.bytes) > keptMemory {
		return
	}
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
