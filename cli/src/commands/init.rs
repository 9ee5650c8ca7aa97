//! `init`: a context to start with.

use crate::arguments::Init;
use crate::format::{self, Format};
use crate::read::Input;
use crate::run;
use crate::source::Source;
use crate::starter::{self, Starter};
use crate::write::{file, note, print, report};
use anyhow::Context as _;
use sentry_streams_k8s_host::ConsumerMacro;

/// Writes it, and says whether it is right as it stands.
pub(crate) fn run(arguments: &Init, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let input = Input::default();
    let mut starter = match &arguments.deployment {
        Some(path) => {
            let (name, text) = input.text(path)?;
            starter::of_deployment(&text).with_context(|| format!("cannot start from {name}"))?
        }
        None => Starter::default(),
    };
    if let Some(path) = &arguments.pipeline_config {
        starter.pipeline_config = Some(input.text(path)?.1);
    }
    let schema = consumer_macro.schema()?;
    let mut text = starter::write(&starter, &schema)?;
    // A Deployment has what all processes need, and a context what each one does.
    if arguments.deployment.is_some()
        && let Ok(rendered) = consumer_macro.render(&text)
        && let Some(deployment) = rendered.manifests.first()
    {
        starter::share(&mut starter, &deployment.json)?;
        text = starter::write(&starter, &schema)?;
    }

    let name = arguments.output.as_deref().map(|path| path.display().to_string());
    let source = Source::written(name.unwrap_or_else(|| "context.yaml".to_owned()), text);
    let checked = run::validate(consumer_macro, &source.contexts(&[])?)?;
    report(&format::write(&checked, Format::Text)?);
    match &arguments.output {
        Some(path) => {
            file::create(path, &source.text)?;
            note(&format!("wrote {}", source.name));
        }
        None => print(&source.text)?,
    }
    Ok(checked.is_clean())
}
