//! Names of images, as container runtimes read them.

/// Whether an image can be pulled: `ParseNormalizedNamed` of distribution/reference, which kubelets use.
pub(super) fn is_pullable(image: &str) -> bool {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    let (name, tag) = match name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) {
        Some((name, tag)) => (name, Some(tag)),
        None => (name, None),
    };

    is_repository(name) && tag.is_none_or(is_tag) && digest.is_none_or(is_digest)
}

/// Whether an image surely is whatever is newest: it says so, or a registry's image has no version. A bare name is left
/// alone, for which kustomize or Skaffold put the image that they built; so is the registry of a cluster on this machine.
pub(super) fn is_latest(image: &str) -> bool {
    let (place, name) = image.rsplit_once('/').unwrap_or(("", image));
    match name.split_once(':') {
        _ if image.contains('@') || is_local(place.split('/').next().unwrap_or("")) => false,
        Some((_, tag)) => tag == "latest",
        None => !place.is_empty(),
    }
}

/// Whether a registry is one of this machine or its network: its host has no domain.
fn is_local(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    matches!(name.rsplit('.').next(), Some("localhost" | "local"))
        || name.starts_with("127.")
        || (!port.is_empty() && !name.contains('.'))
}

/// A path, with the registry's host before it or without one.
fn is_repository(name: &str) -> bool {
    let is_host = |first: &str| {
        first.contains(['.', ':']) || first == "localhost" || first.contains(char::is_uppercase)
    };
    let path = match name.split_once('/').filter(|(first, _)| is_host(first)) {
        Some((host, path)) if is_registry(host) => path,
        Some(_) => return false,
        None => name,
    };

    name.len() <= 255 && path.split('/').all(is_component)
}

/// A host, with a port or without one.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':').filter(|_| !text.ends_with(']')) {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match address {
        Some(address) => {
            !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
        }
        None => host.split('.').all(is_part),
    };

    is_host && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// Lower case and digits, with one `.` or `_`, two `_`, or any number of `-` between them.
fn is_component(text: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends_well =
        text.bytes().next().is_some_and(is_inner) && text.bytes().next_back().is_some_and(is_inner);
    let mut separators = text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());

    ends_well
        && separators
            .all(|part| matches!(part, "" | "." | "_" | "__") || part.bytes().all(|b| b == b'-'))
}

fn is_tag(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|b| is_word(b) || matches!(b, b'-' | b'.'))
}

/// An algorithm and at least 32 digits.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else { return false };
    let is_part = |part: &str| {
        part.starts_with(|start: char| start.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };

    algorithm.split(['-', '_', '+', '.']).all(is_part)
        && digits.len() >= 32
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_that_can_be_pulled() {
        let digest = format!("sha256:{}", "0".repeat(64));
        for image in [
            "a",
            "a:1",
            "a/b_c/d__e/f--g.h:latest",
            "host:5000/a",
            "Host/a:V_1.2-3",
            "localhost/a",
            "[::1]:5000/a",
            &format!("a@{digest}"),
            &format!("gcr.io/a/b:1@{digest}"),
        ] {
            assert!(is_pullable(image), "{image}");
        }
        for image in [
            "https://repo/image:1",
            "repo/Image:1",
            "repo/a b:1",
            "repo/image:1/2",
            "repo/image:",
            "repo//image",
            "/image",
            "image/",
            "a..b",
            "a___b",
            "-a",
            "a:.1",
            "a:ä",
            "a@sha256:1",
            "a@",
            "a:1+2",
            "host:port/a",
            &format!("a:{}", "1".repeat(129)),
            &"a/".repeat(200),
        ] {
            assert!(!is_pullable(image), "{image}");
        }
    }

    #[test]
    fn images_without_a_version() {
        for image in ["a:latest", "a/b", "gcr.io/a", "gcr.io/a/b:latest", "host.example:5000/a"] {
            assert!(is_latest(image), "{image}");
        }
        for image in [
            "a",
            "a:1",
            "a:latest@sha256:1",
            "gcr.io/a:1",
            "localhost/a",
            "localhost:5000/a:latest",
            "127.0.0.1:5000/a",
            "registry:5000/a/b:latest",
            "registry.local/a",
            "k3d-registry.localhost:5000/a",
            "[::1]:5000/a",
        ] {
            assert!(!is_latest(image), "{image}");
        }
    }
}
