//! All contexts of one run, over all processors.

use crate::context::Context;
use crate::manifests::{self, Manifest};
use crate::place;
use crate::report::{Finding, Report};
use anyhow::Context as _;
use indicatif::{ParallelProgressIterator, ProgressBar, ProgressStyle};
use rayon::prelude::*;
use sentry_streams_k8s_host::{ConsumerMacro, Error, Problem};
use serde_json::Value;

/// What a run renders.
pub(crate) struct Outcome {
    pub(crate) report: Report,
    /// None where anything is wrong.
    pub(crate) manifests: Option<Vec<Manifest>>,
}

impl Outcome {
    /// The objects of each of so many contexts; none where anything is wrong.
    pub(crate) fn objects(&self, contexts: usize) -> Option<Vec<Vec<&Value>>> {
        let manifests = self.manifests.as_ref()?;
        let mut objects = vec![Vec::new(); contexts];
        for manifest in manifests {
            if let Some(objects) = objects.get_mut(manifest.context) {
                objects.push(&manifest.object);
            }
        }
        Some(objects)
    }
}

/// Renders every context.
pub(crate) fn render(
    consumer_macro: &ConsumerMacro,
    contexts: &[Context],
) -> anyhow::Result<Outcome> {
    let mut report = Report { contexts: names(contexts), ..Report::default() };
    let mut rendered = Vec::new();
    for (context, result) in
        contexts.iter().zip(each(contexts, |text| consumer_macro.render(text))?)
    {
        match result {
            Ok(result) => {
                report.warnings.extend(findings(context, result.warnings));
                rendered.push((context, result.manifests));
            }
            Err(problems) => report.problems.extend(findings(context, problems)),
        }
    }
    let (manifests, collisions) = manifests::gather(rendered)?;
    report.problems.extend(collisions);
    let manifests = report.is_clean().then_some(manifests);
    Ok(Outcome { report, manifests })
}

/// Checks every context.
pub(crate) fn validate(
    consumer_macro: &ConsumerMacro,
    contexts: &[Context],
) -> anyhow::Result<Report> {
    Ok(report(contexts, each(contexts, |text| consumer_macro.validate(text))?))
}

/// Checks contexts of one file, where other files are checked at the same time.
pub(crate) fn validate_in_turn(
    consumer_macro: &ConsumerMacro,
    contexts: &[Context],
) -> anyhow::Result<Report> {
    let results = contexts.iter().map(|context| one(context, |text| consumer_macro.validate(text)));
    Ok(report(contexts, results.collect::<anyhow::Result<_>>()?))
}

/// What checks of contexts found.
fn report(contexts: &[Context], results: Vec<Result<Vec<Problem>, Vec<Problem>>>) -> Report {
    let mut report = Report { contexts: names(contexts), ..Report::default() };
    for (context, result) in contexts.iter().zip(results) {
        match result {
            Ok(warnings) => report.warnings.extend(findings(context, warnings)),
            Err(problems) => report.problems.extend(findings(context, problems)),
        }
    }
    report
}

fn names(contexts: &[Context]) -> Vec<String> {
    contexts.iter().map(|context| context.name.clone()).collect()
}

/// Calls the macro with every context. A context that is refused is a result; anything else ends the run.
pub(crate) fn each<T: Send>(
    contexts: &[Context],
    call: impl Fn(&str) -> Result<T, Error> + Sync,
) -> anyhow::Result<Vec<Result<T, Vec<Problem>>>> {
    // Drawn on a terminal only.
    let bar = if contexts.len() > 1 {
        ProgressBar::new(contexts.len() as u64)
    } else {
        ProgressBar::hidden()
    };
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} contexts")?);
    let results = contexts.par_iter().progress_with(bar.clone()).map(|context| one(context, &call));
    let results = results.collect();
    bar.finish_and_clear();
    results
}

/// Calls the macro with a context.
fn one<T>(
    context: &Context,
    call: impl Fn(&str) -> Result<T, Error>,
) -> anyhow::Result<Result<T, Vec<Problem>>> {
    match call(context.sent()) {
        Ok(result) => Ok(Ok(result)),
        Err(Error::Refused(problems)) => Ok(Err(problems)),
        Err(error) => Err(error).with_context(|| context.name.clone()),
    }
}

/// Problems with the places they are at, in the order in which a person reads the context.
pub(crate) fn findings(context: &Context, problems: Vec<Problem>) -> Vec<Finding> {
    let places = place::of_problems(context, &problems);
    let finding = |(problem, (place, fix)): (Problem, _)| Finding {
        context: context.name.clone(),
        problem,
        place,
        fix,
    };
    let mut findings: Vec<Finding> = problems.into_iter().zip(places).map(finding).collect();
    findings.sort_by_key(|finding| match &finding.place {
        Some(place) => (place.name != context.name, place.line, place.column),
        None => (true, u32::MAX, u32::MAX),
    });
    findings
}
