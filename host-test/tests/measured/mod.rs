//! Calls of the component whose instructions and memory are measured.

use std::path::Path;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, ResourceLimiter, Store};

/// The instructions that any call may use, however small its input.
pub(crate) const FUEL: u64 = 50_000_000;

/// The bytes of memory that any call may use.
pub(crate) const MEMORY: usize = 8 << 20;

/// What a call used.
pub(crate) struct Used {
    pub(crate) fuel: u64,
    pub(crate) memory: usize,
    pub(crate) answer: Result<String, String>,
}

#[derive(Default)]
struct Memory(usize);

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.0 = desired;
        Ok(desired <= 1 << 30)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// The component, whose calls are measured.
pub(crate) struct Macro {
    engine: Engine,
    component: Component,
}

impl Macro {
    /// Compiles it.
    pub(crate) fn load() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../target/component/sentry_streams_k8s.wasm");
        let mut config = Config::new();
        // The stack that the host gives.
        config.consume_fuel(true).max_wasm_stack(1 << 20);
        let engine = Engine::new(&config).unwrap();
        let component = Component::from_file(&engine, file).expect("run `make component` first");
        Self { engine, component }
    }

    /// Calls a function of its JSON interface with a context.
    pub(crate) fn call(&self, function: &str, context: &str) -> wasmtime::Result<Used> {
        let mut store = Store::new(&self.engine, Memory::default());
        store.limiter(|memory| memory);
        store.set_hostcall_fuel(1 << 30);
        let fuel = 200_000_000_000;
        store.set_fuel(fuel)?;
        let instance = Linker::new(&self.engine).instantiate(&mut store, &self.component)?;
        let interface = instance.get_export_index(
            &mut store,
            None,
            "sentry:streams-k8s/consumer-macro-json@0.1.0",
        );
        let function = instance.get_export_index(&mut store, interface.as_ref(), function).unwrap();
        let function =
            instance.get_typed_func::<(&str,), (Result<String, String>,)>(&mut store, function)?;
        let (answer,) = function.call(&mut store, (context,))?;
        Ok(Used { fuel: fuel - store.get_fuel()?, memory: store.data().0, answer })
    }
}
