//! Problems as `JUnit` XML, as Jenkins' schema has it: a suite a context, in which each problem is a failure.

use super::{message, span};
use crate::report::{Finding, Report};
use crate::write::sanitize;
use quick_xml::Writer;
use quick_xml::events::BytesText;
use std::io;

const NAME: &str = "streams-k8s";

/// A suite a context, in the order of the run.
pub(super) fn write(report: &Report) -> anyhow::Result<String> {
    let mut contexts: Vec<&str> = report.contexts.iter().map(String::as_str).collect();
    // The documents of a file have one name.
    contexts.dedup();
    let suites: Vec<Suite<'_>> =
        contexts.into_iter().map(|context| Suite::new(context, report)).collect();

    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let tests = suites.iter().map(Suite::tests).sum::<usize>().to_string();
    let failures = suites.iter().map(|suite| suite.problems.len()).sum::<usize>().to_string();
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", NAME),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", "0"),
        ])
        .write_inner_content(|writer| suites.iter().try_for_each(|suite| suite.write(writer)))?;
    let xml = String::from_utf8(writer.into_inner())?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n"))
}

/// A context.
struct Suite<'r> {
    context: &'r str,
    problems: Vec<&'r Finding>,
    warnings: Vec<&'r Finding>,
}

impl<'r> Suite<'r> {
    fn new(context: &'r str, report: &'r Report) -> Self {
        let of = |findings: &'r [Finding]| {
            findings.iter().filter(|finding| finding.context == context).collect()
        };
        Self { context, problems: of(&report.problems), warnings: of(&report.warnings) }
    }

    /// A context without problems is one test that passes.
    fn tests(&self) -> usize {
        self.problems.len().max(1)
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let name = text(self.context);
        let (tests, failures) = (self.tests().to_string(), self.problems.len().to_string());
        let attributes =
            [("name", &*name), ("tests", &tests), ("failures", &failures), ("errors", "0")];
        let suite = writer.create_element("testsuite").with_attributes(attributes);
        suite.write_inner_content(|writer| {
            for problem in &self.problems {
                failure(&name, problem, writer)?;
            }
            if self.problems.is_empty() {
                let case = [("name", "the context is right"), ("classname", &*name)];
                writer.create_element("testcase").with_attributes(case).write_empty()?;
            }
            if !self.warnings.is_empty() {
                let lines: Vec<String> = self
                    .warnings
                    .iter()
                    .map(|warning| format!("warning: {}", description(warning)))
                    .collect();
                let warnings = lines.join("\n");
                writer
                    .create_element("system-out")
                    .write_text_content(BytesText::new(&warnings))?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

fn failure(context: &str, finding: &Finding, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let problem = &finding.problem;
    let (path, message) = (text(&problem.path), text(&problem.message));
    let title =
        if path.is_empty() { problem.code.clone() } else { format!("{}: {path}", problem.code) };
    let case = [("name", &*title), ("classname", context)];
    writer.create_element("testcase").with_attributes(case).write_inner_content(|writer| {
        let attributes = [("message", &*message), ("type", &*problem.code)];
        let text = description(finding);
        writer
            .create_element("failure")
            .with_attributes(attributes)
            .write_text_content(BytesText::new(&text))?;
        Ok(())
    })?;
    Ok(())
}

/// Where it is, what is wrong, and what to do.
fn description(finding: &Finding) -> String {
    let message = message(finding).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    match span(finding) {
        Some(span) => format!("{}:{}:{}: {message}", text(&span.name), span.start.0, span.start.1),
        None => message,
    }
}

/// Text in one line, without the two characters that XML has no form for, where control characters are none any more.
fn text(text: &str) -> String {
    sanitize(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
