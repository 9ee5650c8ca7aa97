//! What one call may use.

use std::time::Duration;

/// What one call may use. The defaults leave room for every context a person would write, and stop what no person
/// would.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Wall-clock time, to about 10 ms: 10 s. Compiling the component is not part of a call.
    pub time: Duration,
    /// Bytes of linear memory: 256 MiB.
    pub memory: usize,
    /// Bytes of result that are taken over from the component, each record counted with its fields: 64 MiB.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(10), memory: 256 << 20, output: 64 << 20 }
    }
}

impl Limits {
    /// The same, with another limit of time.
    #[must_use]
    pub fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// The same, with another limit of memory.
    #[must_use]
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// The same, with another limit of output.
    #[must_use]
    pub fn output(mut self, bytes: usize) -> Self {
        self.output = bytes;
        self
    }
}

/// Elements of a table: the macro has a few hundred, one for each function it calls by pointer.
const TABLE_ELEMENTS: usize = 20_000;

/// Counts the memory of one instance, over all its linear memories, and remembers when it wanted too much: the
/// component itself can only break down then, and says nothing about why.
#[derive(Debug)]
pub(crate) struct Fence {
    left: usize,
    pub(crate) was_hit: bool,
}

impl Fence {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { left: limits.memory, was_hit: false }
    }
}

impl wasmtime::ResourceLimiter for Fence {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        match self.left.checked_sub(desired.saturating_sub(current)) {
            Some(left) => self.left = left,
            None => self.was_hit = true,
        }
        Ok(!self.was_hit)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = desired <= TABLE_ELEMENTS;
        self.was_hit |= !fits;
        Ok(fits)
    }
}
