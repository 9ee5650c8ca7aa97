package streamsk8s

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Machine code that loops without calling Go can neither be stopped nor let Go's scheduler and garbage collector in.
// wazero's own cure, WithCloseOnContextDone, leaves the code at every turn of every loop, which doubles the time of a
// call. This file gives the module a counter instead: each turn of a loop and each call of a function takes one, and
// only when it is used up the code goes to Go for a moment, and then looks whether the call is to end.
//
// Between two counts lies code without loops and calls, so the time between two looks is bounded.

// interruptedGlobal is the exported global that ends a call: not 0 traps at the next look.
const interruptedGlobal = "interrupted"

// countsPerLook is how many counts lie between two looks: some tenths of a millisecond.
const countsPerLook = 100_000

var errModule = errors.New("the module is not one that this package can run")

// The sections of a module, in the order in which they stand.
const (
	sectionCustom    = 0
	sectionType      = 1
	sectionFunction  = 3
	sectionTable     = 4
	sectionMemory    = 5
	sectionGlobal    = 6
	sectionExport    = 7
	sectionStart     = 8
	sectionElement   = 9
	sectionCode      = 10
	sectionData      = 11
	sectionDataCount = 12
)

var sectionOrder = []byte{
	sectionType, sectionFunction, sectionTable, sectionMemory, sectionGlobal, sectionExport, sectionStart,
	sectionElement, sectionDataCount, sectionCode, sectionData,
}

// The instructions that are written here.
const (
	opUnreachable = 0x00
	opLoop        = 0x03
	opIf          = 0x04
	opEnd         = 0x0b
	opCall        = 0x10
	opDrop        = 0x1a
	opGlobalGet   = 0x23
	opGlobalSet   = 0x24
	opMemoryGrow  = 0x40
	opI32Const    = 0x41
	opI32Eqz      = 0x45
	opI32Sub      = 0x6b

	typeI32      = 0x7f
	typeFunction = 0x60
	blockEmpty   = 0x40
	mutable      = 1
	exportGlobal = 3
)

// makeInterruptible adds the counter to a module. It imports nothing before and after, and computes the same.
func makeInterruptible(module []byte) ([]byte, error) {
	sections, err := readSections(module)
	if err != nil {
		return nil, err
	}

	functionType := sections[sectionType].count
	look := sections[sectionFunction].count
	counter := sections[sectionGlobal].count
	interrupted := counter + 1

	sections[sectionType].add([]byte{typeFunction, 0, 0})
	sections[sectionFunction].add(unsigned(functionType))
	sections[sectionGlobal].add(globalI32(countsPerLook))
	sections[sectionGlobal].add(globalI32(0))
	sections[sectionExport].add(exportOf(interruptedGlobal, interrupted))

	code, err := countInCode(sections[sectionCode], countOne(counter, look))
	if err != nil {
		return nil, err
	}
	code.add(lookFunction(counter, interrupted))
	sections[sectionCode] = code

	return writeModule(sections), nil
}

// section is a list: all sections that change here are. Of the others the number in front is no count, but that does
// not matter.
type section struct {
	present bool
	count   uint64
	content []byte
}

func (s *section) add(item []byte) {
	s.present = true
	s.count++
	s.content = append(s.content[:len(s.content):len(s.content)], item...)
}

const header = "\x00asm\x01\x00\x00\x00"

func readSections(module []byte) (map[byte]*section, error) {
	if len(module) < len(header) || string(module[:len(header)]) != header {
		return nil, errModule
	}
	sections := make(map[byte]*section)
	for _, id := range sectionOrder {
		sections[id] = &section{}
	}

	in := reader{bytes: module, at: len(header)}
	for in.more() {
		id := in.byte()
		content := in.take(in.unsigned())
		if in.broken {
			return nil, errModule
		}
		if id == sectionCustom {
			continue // for tools
		}
		known, ok := sections[id]
		if !ok {
			return nil, fmt.Errorf("%w: it has a section of kind %d", errModule, id)
		}
		list := reader{bytes: content}
		known.present = true
		known.count = list.unsigned()
		known.content = content[list.at:]
		if list.broken {
			return nil, errModule
		}
	}
	return sections, nil
}

func writeModule(sections map[byte]*section) []byte {
	module := []byte(header)
	for _, id := range sectionOrder {
		known := sections[id]
		if !known.present {
			continue
		}
		count := unsigned(known.count)
		module = append(module, id)
		module = binary.AppendUvarint(module, uint64(len(count)+len(known.content)))
		module = append(append(module, count...), known.content...)
	}
	return module
}

// countInCode puts the instructions of count at the start of every function and of every turn of a loop.
func countInCode(code *section, count []byte) (*section, error) {
	// About one loop or function in a hundred bytes.
	counted := &section{present: true, count: code.count, content: make([]byte, 0, len(code.content)*5/4)}
	in := reader{bytes: code.content}
	var body []byte
	for range code.count {
		function := reader{bytes: in.take(in.unsigned())}
		function.locals()
		body = append(append(body[:0], function.bytes[:function.at]...), count...)

		for function.more() {
			start := function.at
			isLoop, err := function.instruction()
			if err != nil {
				return nil, err
			}
			body = append(body, function.bytes[start:function.at]...)
			if isLoop {
				body = append(body, count...)
			}
		}
		if function.broken || in.broken {
			return nil, errModule
		}
		counted.content = binary.AppendUvarint(counted.content, uint64(len(body)))
		counted.content = append(counted.content, body...)
	}
	return counted, nil
}

// countOne takes one of the counter, and looks when it is used up.
func countOne(counter, look uint64) []byte {
	return join(
		[]byte{opGlobalGet}, unsigned(counter), []byte{opI32Const, 1, opI32Sub, opGlobalSet}, unsigned(counter),
		[]byte{opGlobalGet}, unsigned(counter), []byte{opI32Eqz, opIf, blockEmpty, opCall}, unsigned(look), []byte{opEnd},
	)
}

// lookFunction goes to Go for a moment, ends the call where it is to end, and fills the counter.
func lookFunction(counter, interrupted uint64) []byte {
	body := join(
		[]byte{0}, // no locals
		// To grow the memory by nothing is the one thing for which code that imports nothing is left.
		[]byte{opI32Const, 0, opMemoryGrow, 0, opDrop},
		[]byte{opGlobalGet}, unsigned(interrupted), []byte{opIf, blockEmpty, opUnreachable, opEnd},
		[]byte{opI32Const}, signed(countsPerLook), []byte{opGlobalSet}, unsigned(counter),
		[]byte{opEnd},
	)
	return join(unsigned(uint64(len(body))), body)
}

func globalI32(value int64) []byte {
	return join([]byte{typeI32, mutable, opI32Const}, signed(value), []byte{opEnd})
}

func exportOf(name string, global uint64) []byte {
	return join(unsigned(uint64(len(name))), []byte(name), []byte{exportGlobal}, unsigned(global))
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

func unsigned(value uint64) []byte {
	return binary.AppendUvarint(nil, value)
}

// signed writes a number as signed LEB128.
func signed(value int64) []byte {
	var text []byte
	for {
		low := byte(value & 0x7f)
		value >>= 7
		if value == 0 && low&0x40 == 0 || value == -1 && low&0x40 != 0 {
			return append(text, low)
		}
		text = append(text, low|0x80)
	}
}
