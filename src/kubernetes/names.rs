//! What Kubernetes takes as a name. Each function says what is wrong, as a rule that starts with "must".

type Verdict = Result<(), &'static str>;

/// RFC 1123 label, apimachinery `IsDNS1123Label`: names of containers, volumes, hosts.
pub(super) fn label(text: &str) -> Verdict {
    if text.len() > 63 {
        Err("must have at most 63 characters (RFC 1123 label)")
    } else if is_label(text) {
        Ok(())
    } else {
        Err(
            "must consist of lower case letters, digits and `-`, and start and end with a letter or digit (RFC 1123 label)",
        )
    }
}

/// RFC 1123 subdomain, apimachinery `IsDNS1123Subdomain`: names of most objects.
pub(super) fn subdomain(text: &str) -> Verdict {
    if text.len() > 253 {
        Err("must have at most 253 characters (RFC 1123 subdomain)")
    } else if text.split('.').all(is_label) {
        Ok(())
    } else {
        Err(
            "must consist of lower case letters, digits, `-` and `.`, and start and end with a letter or digit \
             (RFC 1123 subdomain)",
        )
    }
}

fn is_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    has_form(text, inner, |b| inner(b) || b == b'-')
}

/// Search domain of DNS, apimachinery `IsDNS1123SubdomainWithUnderscore`.
pub(super) fn search_domain(text: &str) -> Verdict {
    let end = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let is_part = |part: &str| {
        has_form(part.strip_prefix('_').unwrap_or(part), end, |b| {
            end(b) || matches!(b, b'-' | b'_')
        })
    };
    if text.len() <= 253 && text.split('.').all(is_part) {
        Ok(())
    } else {
        Err(
            "must be a domain of at most 253 characters: lower case letters, digits, `-`, `_` and `.`",
        )
    }
}

/// Whether all bytes are of a kind, the first and the last of a narrower one, and there is at least one.
fn has_form(text: &str, ends: impl Fn(u8) -> bool, all: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|&b| all(b))
        && bytes.first().is_some_and(|&b| ends(b))
        && bytes.last().is_some_and(|&b| ends(b))
}

/// Key of a label, apimachinery `IsQualifiedName`: `name` or `prefix/name`.
pub(super) fn label_key(text: &str) -> Verdict {
    let name = match text.split_once('/') {
        Some(("", _)) => return Err("must not have an empty prefix before `/`"),
        Some((prefix, name)) => {
            subdomain(prefix).map_err(|_| "must have an RFC 1123 subdomain before `/`")?;
            name
        }
        None => text,
    };
    if name.len() > 63 {
        Err("must have a name of at most 63 characters (a prefix and its `/` aside)")
    } else if is_label_value(name) {
        Ok(())
    } else {
        Err(
            "must have a name of letters, digits, `-`, `_` and `.` that starts and ends with a letter or digit",
        )
    }
}

/// Key of an annotation: as that of a label, but case does not matter.
pub(super) fn annotation_key(text: &str) -> Verdict {
    label_key(&lower_case(text))
}

/// Text in lower case, as far as names have letters: Go's `strings.ToLower`.
pub(super) fn lower_case(text: &str) -> String {
    text.chars().map(lower_case_letter).collect()
}

/// A letter of ASCII for each character whose lower case begins with one. Unicode's own tables would be 6 KB more.
pub(crate) fn lower_case_letter(c: char) -> char {
    match c {
        // The sign for kelvin and the dotted capital i.
        '\u{212a}' => 'k',
        '\u{130}' => 'i',
        _ => c.to_ascii_lowercase(),
    }
}

/// Value of a label, apimachinery `IsValidLabelValue`.
pub(super) fn label_value(text: &str) -> Verdict {
    if text.len() > 63 {
        Err("must have at most 63 characters")
    } else if text.is_empty() || is_label_value(text) {
        Ok(())
    } else {
        Err(
            "must be empty or consist of letters, digits, `-`, `_` and `.`, and start and end with a letter or digit",
        )
    }
}

fn is_label_value(text: &str) -> bool {
    has_form(
        text,
        |b| b.is_ascii_alphanumeric(),
        |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'),
    )
}

/// Key of a `ConfigMap`, apimachinery `IsConfigMapKey`.
pub(super) fn config_map_key(text: &str) -> Verdict {
    if text.len() > 253 {
        Err("must have at most 253 characters")
    } else if text.is_empty()
        || !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        || text == "."
        || text.starts_with("..")
    {
        Err("must consist of letters, digits, `-`, `_` and `.`, and not be `.` or start with `..`")
    } else {
        Ok(())
    }
}

/// Name of an environment variable, apimachinery `IsEnvVarName`: the rule before 1.32.
pub(super) fn plain_environment_variable(text: &str) -> Verdict {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let starts_well = text.bytes().next().is_some_and(|b| is_plain(b) && !b.is_ascii_digit());
    if starts_well && text.bytes().all(is_plain) && text != "." && !text.starts_with("..") {
        Ok(())
    } else {
        Err(
            "must consist of letters, digits, `-`, `_` and `.`, and not start with a digit, be `.` or start with `..`",
        )
    }
}

/// Name of an environment variable, apimachinery `IsRelaxedEnvVarName`: the rule since 1.32.
pub(super) fn environment_variable(text: &str) -> Verdict {
    if text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'=') {
        Ok(())
    } else {
        Err("must consist of printable ASCII characters other than `=`")
    }
}

/// Name of a port, apimachinery `IsValidPortName` (RFC 6335).
pub(super) fn port(text: &str) -> Verdict {
    if text.len() > 15 {
        return Err("must have at most 15 characters");
    }
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    if has_form(text, inner, |b| inner(b) || b == b'-')
        && text.bytes().any(|b| b.is_ascii_lowercase())
        && !text.contains("--")
    {
        Ok(())
    } else {
        Err(
            "must consist of lower case letters, digits and single inner `-`, with at least one letter",
        )
    }
}

/// Name of an HTTP header, apimachinery `IsHTTPHeaderName`.
pub(super) fn http_header(text: &str) -> Verdict {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        Ok(())
    } else {
        Err("must consist of letters, digits and `-`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: impl Fn(&str) -> Verdict, accepted: &[&str], refused: &[&str]) {
        for text in accepted {
            assert_eq!(rule(text), Ok(()), "{text:?}");
        }
        for text in refused {
            assert!(rule(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn labels() {
        let (longest, longer) = ("a".repeat(63), "a".repeat(64));
        check(
            label,
            &["a", "0", "a-b", "a--b", &longest],
            &["", "-", "-a", "a-", "A", "a.b", "a_b", "ä", &longer],
        );
    }

    #[test]
    fn subdomains() {
        let (longest, longer) = ("a".repeat(253), "a".repeat(254));
        check(
            subdomain,
            &["a", "a.b", "0.a-b.c", &longest],
            &["", ".", "a.", ".a", "a..b", "a.-b", "A.b", "a_b", &longer],
        );
    }

    #[test]
    fn label_keys_and_values() {
        let (longest, longer) = ("a".repeat(63), "a".repeat(64));
        let with_prefix = format!("example.com/{longest}");
        check(
            label_key,
            &["a", "A_b.c-d", "app.kubernetes.io/name", "0/1", &longest, &with_prefix],
            &["", "/a", "a/", "a/b/c", "a b", "-a", "a-", "_/a", "Example.com/a", &longer],
        );
        check(annotation_key, &["Example.com/A"], &["a b", ""]);
        check(
            label_value,
            &["", "a", "A_b.c-d", &longest],
            &["a b", "-a", "a-", "a/b", ".", &longer],
        );
    }

    #[test]
    fn other_names() {
        let (longest, longer) = ("a".repeat(253), "a".repeat(254));
        check(
            config_map_key,
            &["a", "A_b.c-d", ".a", "-", &longest],
            &["", ".", "..", "..a", "a b", "a/b", &longer],
        );
        check(environment_variable, &["A", "1A", "a b", "a-b"], &["A=B", "ä", "a\tb"]);
        check(
            port,
            &["http", "a", "h2-c", "abcdefghijklmno"],
            &["", "80", "http_s", "HTTP", "-a", "a-", "a--b", "abcdefghijklmnop"],
        );
        check(http_header, &["X-Header", "a"], &["", "a b", "a_b", "a:b"]);
    }
}
