//! `explain`: where every field of the rendered objects comes from.

use crate::arguments::Explain;
use crate::explanation::{Explanation, Question};
use crate::format;
use crate::report::Report;
use crate::run::findings;
use crate::write;
use anyhow::bail;
use sentry_streams_k8s_host::{ConsumerMacro, Error};

/// Explains a context, and says whether it was right.
pub(crate) fn run(arguments: &Explain, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let context = &arguments.read()?;
    let mut report = Report { contexts: vec![context.name.clone()], ..Report::default() };
    let rendered = match consumer_macro.render(context.sent()) {
        Ok(rendered) => rendered,
        Err(Error::Refused(problems)) => {
            report.problems = findings(context, problems);
            write::report(&format::write(&report, arguments.format)?);
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    report.warnings = findings(context, rendered.warnings);
    write::report(&format::write(&report, arguments.format)?);
    let Ok(explained) = consumer_macro.explain_json(context.sent())? else {
        bail!("the component renders the context and does not explain it");
    };
    let explanation = Explanation::new(context, &rendered.manifests, &explained)?;
    let question = Question { field: arguments.field.as_deref(), layer: arguments.layer };
    write::print_styled(&explanation.write(arguments.output, &question)?)?;
    Ok(true)
}
