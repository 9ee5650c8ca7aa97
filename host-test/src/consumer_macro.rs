//! The macro, ready to be called.

use crate::bindings::{Plugin, PluginPre, Rendered};
use crate::clock::Clock;
use crate::inspect::{BYTES, inspect};
use crate::limits::Fence;
use crate::slots::Slots;
use crate::{Cache, Error, Limits, Problem};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store, Trap,
};

/// Instances that exist at once. Each reserves 4 GiB of addresses, of which it uses what it needs.
const SLOTS: u32 = 32;
/// Bytes of a memory that its slot keeps from call to call, wiped: to have the system give new pages to every call takes
/// longer than to wipe these. A large context takes 1 MiB, one of 10,000 steps 7.
const KEPT: usize = 8 << 20;
/// The same of the table of functions, which is much smaller.
const KEPT_TABLE: usize = 64 << 10;
/// Stack for the component's calls. It reads documents of some hundred levels, a few calls a level; a thread of the
/// host has 2 MiB.
const STACK: usize = 1 << 20;

/// The macro, compiled and checked: cheap to clone, and any number of threads may call it.
///
/// Every call has an instance of its own, so calls leave no trace. At most 32 run at once; further ones wait.
#[derive(Clone)]
pub struct ConsumerMacro {
    shared: Arc<Shared>,
}

struct Shared {
    pre: PluginPre<Fence>,
    limits: Limits,
    clock: Clock,
    slots: Slots,
}

/// Sets up a [`ConsumerMacro`] before it is loaded.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    limits: Limits,
    cache: Option<Cache>,
}

impl Builder {
    /// Holds every call to these limits instead of the default ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Keeps compiled code here. Without a cache every load compiles, which takes tenths of a second.
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// Loads the component from a file.
    pub fn from_file(self, path: impl AsRef<Path>) -> Result<ConsumerMacro, Error> {
        let path = path.as_ref();
        let bytes = read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        self.from_bytes(&bytes)
    }

    /// Loads the component.
    pub fn from_bytes(self, component: &[u8]) -> Result<ConsumerMacro, Error> {
        refuse_other_formats(component)?;

        let engine = engine().map_err(|error| load(&error))?;
        let compile = || {
            inspect(component)?;
            Component::from_binary(&engine, component).map_err(|error| load(&error))
        };
        let component = match &self.cache {
            Some(cache) => cache.load_or(&engine, component, compile)?,
            None => compile()?,
        };

        // The linker stays empty: there is nothing to give.
        let pre = Linker::new(&engine).instantiate_pre(&component).map_err(|error| load(&error))?;
        let pre = PluginPre::new(pre).map_err(|error| interface(&engine, &component, &error))?;
        let clock = Clock::start(engine.clone()).map_err(|error| Error::Load(error.to_string()))?;
        let shared = Shared { pre, limits: self.limits, clock, slots: Slots::new(SLOTS) };
        // The types of functions are known to fit once there is an instance.
        shared
            .enter(|store| {
                let instance = shared.pre.instance_pre().instantiate(&mut *store)?;
                Ok(Plugin::new(store, &instance))
            })?
            .map_err(|error| interface(&engine, &component, &error))?;
        Ok(ConsumerMacro { shared: Arc::new(shared) })
    }
}

impl ConsumerMacro {
    /// Loads the component with default limits and without a cache.
    pub fn from_bytes(component: &[u8]) -> Result<Self, Error> {
        Self::builder().from_bytes(component)
    }

    /// Loads the component from a file with default limits and without a cache.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::builder().from_file(path)
    }

    /// Sets up limits and a cache first.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The Kubernetes objects of a context, given as JSON or YAML text.
    ///
    /// A context that is not right is [`Error::Refused`], with everything found wrong.
    pub fn render(&self, context: &str) -> Result<Rendered, Error> {
        self.call(|plugin, store| {
            plugin.sentry_streams_k8s_consumer_macro().call_render(store, context)
        })?
        .map_err(|failure| refused(failure.problems))
    }

    /// Says whether [`render`](Self::render) would succeed, and with which warnings.
    pub fn validate(&self, context: &str) -> Result<Vec<Problem>, Error> {
        self.call(|plugin, store| {
            plugin.sentry_streams_k8s_consumer_macro().call_validate(store, context)
        })?
        .map(|accepted| accepted.warnings)
        .map_err(|failure| refused(failure.problems))
    }

    /// [`render`](Self::render) as JSON text: `Ok` is of the shape `wit/rendered.schema.json`, `Err` of
    /// `wit/failure.schema.json`.
    pub fn render_json(&self, context: &str) -> Result<Result<String, String>, Error> {
        self.call(|plugin, store| {
            plugin.sentry_streams_k8s_consumer_macro_json().call_render(store, context)
        })
    }

    /// [`validate`](Self::validate) as JSON text: `Ok` is of the shape `wit/accepted.schema.json`, `Err` of
    /// `wit/failure.schema.json`.
    pub fn validate_json(&self, context: &str) -> Result<Result<String, String>, Error> {
        self.call(|plugin, store| {
            plugin.sentry_streams_k8s_consumer_macro_json().call_validate(store, context)
        })
    }

    /// Where every field of the rendered objects comes from, as JSON text: `Ok` is of the shape
    /// `wit/explained.schema.json`, `Err` of `wit/failure.schema.json`.
    pub fn explain_json(&self, context: &str) -> Result<Result<String, String>, Error> {
        self.call(|plugin, store| {
            plugin.sentry_streams_k8s_consumer_macro_json().call_explain(store, context)
        })
    }

    /// The JSON Schema of a context.
    pub fn schema(&self) -> Result<String, Error> {
        self.call(|plugin, store| {
            plugin.sentry_streams_k8s_consumer_macro_json().call_schema(store)
        })
    }

    /// The version of the macro.
    pub fn version(&self) -> Result<String, Error> {
        self.call(|plugin, store| {
            plugin.sentry_streams_k8s_consumer_macro_json().call_version(store)
        })
    }

    fn call<R>(
        &self,
        f: impl FnOnce(&Plugin, &mut Store<Fence>) -> wasmtime::Result<R>,
    ) -> Result<R, Error> {
        self.shared.enter(|store| f(&self.shared.pre.instantiate(&mut *store)?, store))
    }
}

impl Shared {
    /// Gives `f` a store of its own, within the limits.
    fn enter<R>(
        &self,
        f: impl FnOnce(&mut Store<Fence>) -> wasmtime::Result<R>,
    ) -> Result<R, Error> {
        let Self { pre, limits, clock, slots } = self;
        let _slot = slots.take();
        let mut store = Store::new(pre.engine(), Fence::new(limits));
        store.limiter(|fence| fence);
        store.set_hostcall_fuel(limits.output);
        let _running = clock.running();
        store.set_epoch_deadline(Clock::ticks(limits.time));
        f(&mut store).map_err(|error| failure(&error, store.data(), limits))
    }
}

impl fmt::Debug for ConsumerMacro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsumerMacro").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

fn engine() -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(SLOTS)
        .total_memories(SLOTS)
        .linear_memory_keep_resident(KEPT)
        .table_keep_resident(KEPT_TABLE)
        // Linux can tell which pages a call wrote: only these are wiped.
        .pagemap_scan(Enabled::Auto);
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        // A trap is the component's fault and says what it is; frames of stripped code add nothing.
        .wasm_backtrace_max_frames(None)
        .native_unwind_info(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config).or_else(|_| {
        // Some systems refuse to reserve so many addresses (`ulimit -v`): then memory comes call by call, and as much as
        // a call uses, so that code has to check each access.
        config
            .allocation_strategy(InstanceAllocationStrategy::OnDemand)
            .memory_reservation(0)
            .memory_reservation_for_growth(0)
            .memory_guard_size(0);
        Engine::new(&config)
    })
}

/// A component's file, but no more of it than it takes to say that it is too large.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let most = u64::try_from(BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The first bytes say what a file is; the parser would only say which of them it misses.
fn refuse_other_formats(bytes: &[u8]) -> Result<(), Error> {
    if bytes.starts_with(b"\0asm\x0d\0\x01\0") {
        Ok(())
    } else if bytes.starts_with(b"\0asm") {
        Err(Error::Load(
            "it is a core module; the component is the file whose name does not end in .core.wasm"
                .to_owned(),
        ))
    } else {
        Err(Error::Load("it is not WebAssembly".to_owned()))
    }
}

/// What the component has instead of the macro's interface.
fn interface(engine: &Engine, component: &Component, reason: &wasmtime::Error) -> Error {
    let exports = component.component_type();
    let instances = exports
        .exports(engine)
        .filter(|(_, item)| matches!(item.ty, ComponentItem::ComponentInstance(_)));
    Error::Interface {
        exports: instances.map(|(name, _)| name.to_owned()).collect(),
        reason: format!("{reason:#}"),
    }
}

/// A failure without a problem must never pass for a context that is right.
fn refused(problems: Vec<Problem>) -> Error {
    if problems.is_empty() { Error::NoProblem } else { Error::Refused(problems) }
}

fn load(error: &wasmtime::Error) -> Error {
    Error::Load(format!("{error:#}"))
}

/// What stopped a call.
fn failure(error: &wasmtime::Error, fence: &Fence, limits: &Limits) -> Error {
    if error.downcast_ref::<Trap>() == Some(&Trap::Interrupt) {
        Error::Time(limits.time)
    } else if fence.was_hit {
        Error::Memory(limits.memory)
    } else if error.to_string().contains("fuel allocated for hostcalls has been exhausted") {
        // wasmtime has no public type for this one; a test holds the text.
        Error::Output(limits.output)
    } else if error.to_string().contains("mmap failed") {
        Error::Addresses(format!("{error:#}"))
    } else {
        Error::Trap(format!("{error:#}"))
    }
}
