//! `componentize CORE.wasm COMPONENT.wasm`
use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let core = args.next().context("usage: componentize CORE COMPONENT")?;
    let out = args.next().context("usage: componentize CORE COMPONENT")?;
    let module = std::fs::read(&core)?;
    let component = wit_component::ComponentEncoder::default().validate(true).module(&module)?.encode()?;
    std::fs::write(out, component)?;
    Ok(())
}
