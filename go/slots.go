package streamsk8s

import (
	"context"
	"runtime"
)

// slots bounds how many calls run at once. A call that waits has not started: its time limit does not count yet.
type slots chan struct{}

// newSlots has room for twice what can run in parallel. With more, calls would only take time from each other's limit,
// and memory.
func newSlots() slots {
	return make(slots, 2*runtime.GOMAXPROCS(0))
}

// take waits for a slot, as long as the context lets it.
func (s slots) take(ctx context.Context) error {
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return stopped(ctx)
	}
}

func (s slots) free() { <-s }
