//! Problems as commands of GitHub Actions, which make annotations of them.

use super::{GITHUB_ROOT, message, relative, span};
use crate::report::{Finding, Report};

/// A line a problem.
pub(super) fn write(report: &Report) -> String {
    let errors = report.problems.iter().map(|finding| command("error", finding));
    let warnings = report.warnings.iter().map(|finding| command("warning", finding));
    errors.chain(warnings).collect()
}

/// `::error title=…,file=…,line=…,col=…::…`.
fn command(level: &str, finding: &Finding) -> String {
    let mut properties = vec![("title", format!("streams-k8s ({})", finding.problem.code))];
    if let Some(span) = span(finding) {
        let ((line, column), (end_line, end_column)) = (span.start, span.end);
        properties.push(("file", relative(&span.name, GITHUB_ROOT)));
        properties.push(("line", line.to_string()));
        // The runner takes columns only where they are of one line.
        if line == end_line {
            properties.push(("col", column.to_string()));
        }
        properties.push(("endLine", end_line.to_string()));
        if line == end_line {
            properties.push(("endColumn", end_column.to_string()));
        }
    }

    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{level} {}::{}\n", properties.join(","), data(&message(finding)))
}

/// Text behind the second `::`, as `@actions/core` escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_or_a_property_early() {
        assert_eq!(data("50 %\r\na: b, c"), "50 %25%0D%0Aa: b, c");
        assert_eq!(property("a,b:c%\n.yaml"), "a%2Cb%3Ac%25%0A.yaml");
    }
}
