//! Files by their address, as the protocol names them.

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::path::{Path, PathBuf};

/// What stands in a path as it is.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const FILE: &str = "file://";

/// The file of an address; none of a text that is no file yet.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix(FILE)?;
    // What stands before the path is a machine: this one.
    let path = rest.get(rest.find('/')?..)?;
    Some(PathBuf::from(percent_decode_str(path).decode_utf8().ok()?.into_owned()))
}

/// The address of a file.
pub(super) fn of(path: &Path) -> Uri {
    Uri(format!("{FILE}{}", utf8_percent_encode(&path.to_string_lossy(), PLAIN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_of_files() {
        let uri = |text: &str| Uri(text.to_owned());
        assert_eq!(path(&uri("file:///a%20b/%C3%A9.yaml")), Some("/a b/é.yaml".into()));
        assert_eq!(path(&uri("file://localhost/a.yaml")), Some("/a.yaml".into()));
        assert_eq!(path(&uri("untitled:Untitled-1")), None);
        assert_eq!(path(&uri("file://%")), None);
        assert_eq!(of(Path::new("/a b/é.yaml")), uri("file:///a%20b/%C3%A9.yaml"));
    }
}
