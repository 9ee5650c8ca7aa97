//! The commands, a file each.

mod completions;
mod diff;
mod expand;
mod explain;
mod krm;
mod lsp;
mod migrate_check;
mod render;
mod schema;
mod validate;
mod version;

use crate::arguments::{Arguments, Command};

/// The macro, as `make component` built it.
const COMPONENT: &[u8] = include_bytes!(env!("STREAMS_K8S_COMPONENT"));

/// Does what is asked, and says whether all contexts were right.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let load = || arguments.host.load(COMPONENT);
    match &arguments.command {
        Command::Render(render) => render::run(render, &load()?),
        Command::Validate(input) => validate::run(input, &load()?),
        Command::Explain(explain) => explain::run(explain, &load()?),
        Command::Diff(diff) => diff::run(diff, &load()?),
        Command::MigrateCheck(check) => migrate_check::run(check, &load()?),
        Command::Expand(expand) if expand.list => expand::list(&expand.paths()),
        Command::Expand(expand) => expand::run(&expand.paths(), &load()?),
        Command::Krm => krm::run(&load()?),
        Command::Lsp => lsp::run(arguments.host.load_within(COMPONENT, lsp::limits())?),
        Command::Schema => schema::run(&load()?),
        Command::Version => version::run(&load()?),
        Command::Completions { shell } => completions::run(*shell),
    }
}
