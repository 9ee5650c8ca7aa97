//! `explain`: where every field of the rendered objects comes from.

use crate::arguments::Explain;
use crate::explanation::{Explanation, Question};
use crate::report::Report;
use crate::run::findings;
use anyhow::bail;
use sentry_streams_k8s_host::{ConsumerMacro, Error};
use std::io::Write;

/// Explains a context, and says whether it was right.
pub(crate) fn run(arguments: &Explain, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = arguments.input.read()?;
    let [context] = &contexts[..] else { bail!("explain takes one context") };
    let mut report = Report::default();
    let rendered = match consumer_macro.render(context.sent()) {
        Ok(rendered) => rendered,
        Err(Error::Refused(problems)) => {
            report.problems = findings(context, problems);
            report.print(arguments.input.format, &mut anstream::stderr())?;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    report.warnings = findings(context, rendered.warnings);
    report.print(arguments.input.format, &mut anstream::stderr())?;
    let Ok(explained) = consumer_macro.explain_json(context.sent())? else {
        bail!("the component renders the context and does not explain it");
    };
    let explanation = Explanation::new(context, &rendered.manifests, &explained)?;
    let question = Question { field: arguments.field.as_deref(), layer: arguments.layer };
    anstream::stdout().write_all(explanation.write(arguments.output, &question)?.as_bytes())?;
    Ok(true)
}
