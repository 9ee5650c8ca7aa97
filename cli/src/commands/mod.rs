//! The commands, a file each.

mod completions;
mod diff;
mod expand;
mod explain;
mod generate_man;
mod init;
mod krm;
mod lsp;
mod migrate_check;
mod render;
mod schema;
mod validate;
mod version;

use crate::arguments::{Arguments, Command};
use sentry_streams_k8s_component::COMPONENT;

/// Does what is asked, and says whether all contexts were right.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let load = || arguments.host.load(COMPONENT);
    match &arguments.command {
        Command::Render(render) => render::run(render, &load()?),
        Command::Validate(validate) => validate::run(validate, &load()?),
        Command::Explain(explain) => explain::run(explain, &load()?),
        Command::Diff(diff) => diff::run(diff, &load()?),
        Command::MigrateCheck(check) => migrate_check::run(check, &load()?),
        Command::Expand(expand) if expand.list => expand::list(&expand.paths()),
        Command::Expand(expand) => expand::run(&expand.paths(), &load()?),
        Command::Krm => krm::run(&load()?),
        Command::Lsp => lsp::run(arguments.host.load_within(COMPONENT, lsp::limits())?),
        Command::Schema => schema::run(&load()?),
        Command::Version => version::run(&load()?),
        Command::Init(init) => init::run(init, &load()?),
        Command::Completions { shell } => completions::run(*shell),
        Command::GenerateMan { directory } => generate_man::run(directory),
    }
}
