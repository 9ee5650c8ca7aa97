package streamsk8s

import "fmt"

// reader reads a module's binary form. At the end of its bytes it is broken, and stays at the end.
type reader struct {
	bytes  []byte
	at     int
	broken bool
}

func (r *reader) more() bool { return r.at < len(r.bytes) }

func (r *reader) byte() byte {
	if !r.more() {
		r.broken = true
		return 0
	}
	r.at++
	return r.bytes[r.at-1]
}

func (r *reader) take(length uint64) []byte {
	if length > uint64(len(r.bytes)-r.at) {
		r.broken = true
		r.at = len(r.bytes)
		return nil
	}
	start := r.at
	r.at += int(length)
	return r.bytes[start:r.at]
}

func (r *reader) unsigned() uint64 {
	var value uint64
	for shift := 0; shift < 64; shift += 7 {
		next := r.byte()
		value |= uint64(next&0x7f) << shift
		if next < 0x80 {
			return value
		}
	}
	r.broken = true
	return 0
}

// skip passes over numbers in LEB128, signed or not.
func (r *reader) skip(numbers uint64) {
	for ; numbers > 0 && !r.broken; numbers-- {
		for r.byte() >= 0x80 {
		}
	}
}

// locals passes over the local variables of a function: groups of a count and a type.
func (r *reader) locals() {
	r.skip(2 * r.unsigned())
}

// memoryArgument passes over alignment, memory where one is named, and offset.
func (r *reader) memoryArgument() {
	const namesMemory = 1 << 6
	if r.unsigned()&namesMemory != 0 {
		r.skip(1)
	}
	r.skip(1)
}

// instruction passes over one instruction and says whether it opens a loop. It knows WebAssembly 2.0, SIMD and tail
// calls.
func (r *reader) instruction() (isLoop bool, err error) {
	switch op := r.byte(); {
	case op == opLoop:
		r.skip(1)
		return true, nil
	case op <= 0x01, op == 0x05, op == 0x0b, op == 0x0f, op == 0x1a, op == 0x1b, 0x45 <= op && op <= 0xc4, op == 0xd1:
		// No operands: unreachable, nop, else, end, return, drop, select, what computes, ref.is_null.
	case op == 0x02, op == 0x04, op == 0x0c, op == 0x0d, op == 0x10, op == 0x12, 0x20 <= op && op <= 0x26,
		0x3f <= op && op <= 0x42, op == 0xd0, op == 0xd2:
		// One: blocks, branches, calls, variables, tables, the memory's size, integers, references.
		r.skip(1)
	case op == 0x11, op == 0x13:
		r.skip(2) // calls through a table
	case op == 0x0e:
		r.skip(r.unsigned() + 1) // br_table
	case op == 0x1c:
		r.skip(r.unsigned()) // select with types
	case 0x28 <= op && op <= 0x3e:
		r.memoryArgument()
	case op == 0x43:
		r.take(4)
	case op == 0x44:
		r.take(8)
	case op == 0xfc:
		return false, r.miscellaneous()
	case op == 0xfd:
		return false, r.vector()
	default:
		return false, fmt.Errorf("%w: it has an instruction %#x", errModule, op)
	}
	return false, nil
}

// miscellaneous passes over what follows 0xfc: conversions, and memories and tables as a whole.
func (r *reader) miscellaneous() error {
	switch op := r.unsigned(); {
	case op <= 7:
	case op == 9, op == 11, op == 13, 15 <= op && op <= 17:
		r.skip(1)
	case op == 8, op == 10, op == 12, op == 14:
		r.skip(2)
	default:
		return fmt.Errorf("%w: it has an instruction 0xfc %d", errModule, op)
	}
	return nil
}

// vector passes over what follows 0xfd.
func (r *reader) vector() error {
	switch op := r.unsigned(); {
	case op <= 11, op == 92, op == 93:
		r.memoryArgument()
	case op == 12, op == 13:
		r.take(16) // a constant, a shuffle
	case 21 <= op && op <= 34:
		r.take(1) // a lane
	case 84 <= op && op <= 91:
		r.memoryArgument()
		r.take(1)
	case op <= 255:
	default:
		return fmt.Errorf("%w: it has an instruction 0xfd %d", errModule, op)
	}
	return nil
}
