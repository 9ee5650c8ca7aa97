//! What `migrate-check` finds, for people and for programs.

use crate::compare::{Change, Consequence, ObjectDiff, entry, of_change, of_problem};
use crate::differences::{DiffForm, change_json, change_line};
use crate::format::json_of;
use crate::report::Finding;
use crate::write::markdown::{code, escape, row};
use crate::write::{json_text, sanitize};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Where the document of deviations is.
const DOCUMENT: &str = "https://github.com/getsentry/sentry-streams-k8s/blob/main/";

/// All contexts beside what the reference rendered of them.
#[derive(Default)]
pub(crate) struct Migration {
    pub(crate) contexts: Vec<Checked>,
    /// Recorded objects that no context renders.
    pub(crate) not_rendered: Vec<String>,
}

/// A context.
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
}

pub(crate) enum Verdict {
    /// What is wrong with it, though the reference rendered it.
    Refused(Vec<Finding>),
    /// How our objects differ; nothing where they are the same.
    Rendered(Vec<ObjectDiff>),
}

/// Why a context is refused or an object differs.
struct Reason {
    /// The entry of the document: `D3`.
    entry: Option<&'static str>,
    text: String,
    link: Option<String>,
}

impl Migration {
    /// Whether all is as it was recorded.
    pub(crate) fn is_same(&self) -> bool {
        let is_same = |checked: &Checked| matches!(&checked.verdict, Verdict::Rendered(diffs) if diffs.is_empty());
        self.not_rendered.is_empty() && self.contexts.iter().all(is_same)
    }

    /// It in a form.
    pub(crate) fn write(&self, form: DiffForm) -> String {
        match form {
            DiffForm::Text => self.text(),
            DiffForm::Json => json_text(&self.json()),
            DiffForm::Markdown => self.markdown(),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for checked in &self.contexts {
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(text, "{}: {}", sanitize(&checked.name), checked.verdict.summary());
            match &checked.verdict {
                Verdict::Refused(findings) => findings.iter().for_each(|finding| {
                    let (place, message) =
                        (sanitize(&place(finding)), sanitize(&finding.problem.message));
                    let _ = writeln!(
                        text,
                        "    {place}: {message}\n      why: {}",
                        of_finding(finding).text
                    );
                }),
                Verdict::Rendered(diffs) => {
                    for object in diffs {
                        let _ = writeln!(text, "  {}", sanitize(&object.title()));
                        for change in &object.changes {
                            let reason = reason(change);
                            let _ =
                                writeln!(text, "{}      why: {}", change_line(change), reason.text);
                        }
                    }
                }
            }
        }
        for title in &self.not_rendered {
            let _ = writeln!(
                text,
                "{}: recorded, and no context given here renders it",
                sanitize(title)
            );
        }
        text
    }

    fn json(&self) -> Value {
        let contexts = self.contexts.iter().map(|checked| match &checked.verdict {
            Verdict::Refused(findings) => {
                let problems = findings.iter().map(|finding| {
                    let mut object = json_of(finding);
                    object.extend(of_finding(finding).json());
                    object
                });
                json!({ "context": checked.name, "verdict": "refused", "problems": problems.collect::<Vec<_>>() })
            }
            Verdict::Rendered(diffs) => {
                let objects = diffs.iter().map(|object| {
                    let changes = object.changes.iter().map(|change| {
                        let mut json = change_json(change);
                        json.extend(reason(change).json());
                        json
                    });
                    json!({
                        "kind": object.kind, "namespace": object.namespace, "name": object.name,
                        "changes": changes.collect::<Vec<_>>(),
                    })
                });
                let verdict = if diffs.is_empty() { "same" } else { "differs" };
                json!({ "context": checked.name, "verdict": verdict, "objects": objects.collect::<Vec<_>>() })
            }
        });
        json!({ "contexts": contexts.collect::<Vec<_>>(), "not_rendered": self.not_rendered })
    }

    fn markdown(&self) -> String {
        let mut text = String::new();
        for checked in &self.contexts {
            let _ =
                writeln!(text, "### {}: {}\n", escape(&checked.name), checked.verdict.summary());
            let rows: String = match &checked.verdict {
                Verdict::Refused(findings) => findings
                    .iter()
                    .map(|finding| {
                        row(&[
                            &code(&place(finding)),
                            &escape(&finding.problem.message),
                            &of_finding(finding).markdown(),
                        ])
                    })
                    .collect(),
                Verdict::Rendered(diffs) => {
                    let changes = diffs.iter().flat_map(|object| {
                        object.changes.iter().map(move |change| (object, change))
                    });
                    let side =
                        |value: &Option<String>| value.as_deref().map(code).unwrap_or_default();
                    let what = |change: &Change| match change.path.as_str() {
                        "" => change.consequence.sentence().to_owned(),
                        _ => format!("{} → {}", side(&change.old), side(&change.new)),
                    };
                    changes
                        .map(|(object, change)| {
                            let field =
                                format!("{} {}", escape(&object.title()), code(&change.path));
                            row(&[field.trim_end(), &what(change), &reason(change).markdown()])
                        })
                        .collect()
                }
            };
            if !rows.is_empty() {
                let _ = writeln!(text, "| where | what | why |\n|---|---|---|\n{rows}");
            }
        }
        for title in &self.not_rendered {
            let _ = writeln!(
                text,
                "{}: recorded, and no context given here renders it\n",
                escape(title)
            );
        }
        text
    }
}

impl Verdict {
    fn summary(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Rendered(diffs) if diffs.is_empty() => "same",
            Self::Rendered(diffs) => {
                let restart = diffs
                    .iter()
                    .any(|object| object.consequences().contains(&Consequence::Restart));
                if restart { "differs; pods restart once" } else { "differs; no pods restart" }
            }
        }
    }
}

/// The path of a problem, and its line where that is known.
fn place(finding: &Finding) -> String {
    match &finding.place {
        Some(place) => {
            format!("{}:{}:{} {}", place.name, place.line, place.column, finding.problem.path)
        }
        None => finding.problem.path.clone(),
    }
}

fn of_finding(finding: &Finding) -> Reason {
    let problem = &finding.problem;
    Reason::listed(of_problem(&problem.code, &problem.path))
}

fn reason(change: &Change) -> Reason {
    match (change.consequence, of_change(change)) {
        (Consequence::Created, _) => Reason::text("no object of this name is recorded"),
        (_, Some(entry)) => Reason::listed(entry),
        (_, None) => Reason::text("not listed in DEVIATIONS.md: please report it"),
    }
}

impl Reason {
    fn listed(id: &'static str) -> Self {
        match entry(id) {
            Some((heading, place)) => {
                let link = format!("{DOCUMENT}{place}");
                Self { entry: Some(id), text: format!("{heading} ({link})"), link: Some(link) }
            }
            None => Self { entry: Some(id), text: id.to_owned(), link: None },
        }
    }

    fn text(text: &str) -> Self {
        Self { entry: None, text: text.to_owned(), link: None }
    }

    fn json(&self) -> Vec<(String, Value)> {
        vec![("deviation".to_owned(), json!(self.entry)), ("why".to_owned(), json!(self.text))]
    }

    fn markdown(&self) -> String {
        match (self.entry, &self.link) {
            (Some(entry), Some(link)) => format!("[{entry}]({link})"),
            _ => escape(&self.text),
        }
    }
}
