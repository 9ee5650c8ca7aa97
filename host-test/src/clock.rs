//! The limit of time.
//!
//! Compiled code looks at the engine's epoch at every loop and call: one load and one comparison. Counting
//! instructions instead (fuel) would stop at the same place every time, but costs every block of code an addition,
//! and what a limit should bound is the time a host waits. A thread moves the epoch on while calls run, and sleeps
//! otherwise.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use wasmtime::Engine;

const TICK: Duration = Duration::from_millis(10);

/// Moves an engine's epoch on while calls run.
#[derive(Debug)]
pub(crate) struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Calls that run now.
    running: usize,
    /// Calls ever begun. The thread goes on for a tick after the last one: callers that call often never wake it.
    begun: u64,
    asleep: bool,
    stopped: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement that changes it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock {
    pub(crate) fn start(engine: Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let clock = Self { shared: Arc::clone(&shared) };
        std::thread::Builder::new()
            .name("consumer-macro-clock".to_owned())
            .spawn(move || run(&shared, &engine))?;
        Ok(clock)
    }

    /// The clock goes until the guard is dropped.
    pub(crate) fn running(&self) -> Running<'_> {
        let mut state = self.shared.state();
        state.running = state.running.saturating_add(1);
        state.begun = state.begun.wrapping_add(1);
        if state.asleep {
            self.shared.wake.notify_one();
        }
        Running(&self.shared)
    }

    /// How many ticks a call may take: never fewer than the time says.
    pub(crate) fn ticks(time: Duration) -> u64 {
        let ticks = time.as_nanos().div_ceil(TICK.as_nanos());
        u64::try_from(ticks).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.shared.wake.notify_one();
    }
}

/// A call that runs.
#[derive(Debug)]
pub(crate) struct Running<'c>(&'c Shared);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running = state.running.saturating_sub(1);
    }
}

fn run(shared: &Shared, engine: &Engine) {
    let mut seen = 0;
    loop {
        let mut state = shared.state();
        if state.running == 0 && state.begun == seen {
            state.asleep = true;
            let idle =
                |state: &mut State| state.running == 0 && state.begun == seen && !state.stopped;
            state = shared.wake.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner);
            state.asleep = false;
        }
        if state.stopped {
            return;
        }
        seen = state.begun;
        drop(state);
        std::thread::sleep(TICK);
        engine.increment_epoch();
    }
}
