//! HTML, in which no value is markup.

use super::sanitize::sanitize;

/// Text as text, between tags and in quotes.
pub(crate) fn html_escape(text: &str) -> String {
    html_escape::encode_quoted_attribute(&sanitize(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            html_escape("<b a=\"1\" c='&'>\u{202e}"),
            "&lt;b a=&quot;1&quot; c=&#x27;&amp;&#x27;&gt;\u{fffd}"
        );
    }
}
