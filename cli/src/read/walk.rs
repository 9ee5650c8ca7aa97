//! Files that are found: below directories, and by patterns.

use super::files::has_known_extension;
use anyhow::Context as _;
use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;
use std::path::{Component, Path, PathBuf};

/// Characters that make a pattern of a path.
const SPECIAL: [char; 4] = ['*', '?', '[', '{'];

/// The files that a path stands for, where it is a directory or a pattern; none where it is a file itself, or nothing.
///
/// Of a directory, these are the YAML and JSON files below it, but for hidden ones and those that `.gitignore` and
/// `.ignore` name. Links are not followed.
pub(crate) fn found(path: &Path) -> anyhow::Result<Option<Vec<PathBuf>>> {
    if path.is_dir() {
        return below(path, has_known_extension).map(Some);
    }

    let pattern = path.to_string_lossy();
    if path.exists() || !pattern.contains(SPECIAL) {
        return Ok(None);
    }
    let matcher = matcher(&pattern)?;
    let plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(SPECIAL);
    let base: PathBuf = path.components().take_while(plain).collect();
    let root = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
    let is_match = |file: &Path| matcher.is_match(file.strip_prefix(".").unwrap_or(file));
    if root.is_dir() { below(root, is_match).map(Some) } else { Ok(Some(Vec::new())) }
}

fn matcher(pattern: &str) -> anyhow::Result<GlobMatcher> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    Ok(glob.with_context(|| format!("{pattern} is no pattern of files"))?.compile_matcher())
}

/// The files below a directory for which a condition holds, in the order of their names.
fn below(directory: &Path, condition: impl Fn(&Path) -> bool) -> anyhow::Result<Vec<PathBuf>> {
    // A `.gitignore` counts outside of a repository too: in an archive of one, or in the context of an image.
    let walk = WalkBuilder::new(directory)
        .require_git(false)
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot read {}", directory.display()))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && condition(entry.path()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn directories_and_patterns_are_files_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        for name in
            ["b/z.yaml", "b/c/y.yml", "a.yaml", "x.json", "n.txt", ".h/i.yaml", "out/o.yaml"]
        {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), "").unwrap();
        }
        fs::write(root.join(".gitignore"), "out/\n").unwrap();
        let names = |path: PathBuf| {
            found(&path).unwrap().map(|files| {
                let name = |file: &PathBuf| file.strip_prefix(root).unwrap().display().to_string();
                files.iter().map(name).collect::<Vec<_>>()
            })
        };
        let all = ["a.yaml", "b/c/y.yml", "b/z.yaml", "x.json"].map(str::to_owned).to_vec();
        assert_eq!(names(root.to_owned()), Some(all));
        assert_eq!(names(root.join("*.yaml")), Some(vec!["a.yaml".to_owned()]));
        let deep = ["a.yaml", "b/z.yaml"].map(str::to_owned).to_vec();
        assert_eq!(names(root.join("**/*.yaml")), Some(deep));
        assert_eq!(names(root.join("b/{z,y}.yaml")), Some(vec!["b/z.yaml".to_owned()]));
        assert_eq!(names(root.join("none/*.yaml")), Some(Vec::new()));
        assert_eq!(names(root.join("a.yaml")), None);
        assert_eq!(names(root.join("none.yaml")), None);
        assert!(found(&root.join("[")).is_err());
    }
}
