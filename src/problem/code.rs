//! The registry of codes: what each kind of problem is called, how grave it is, what it means, what usually cures it,
//! and which entry of `DEVIATIONS.md` explains it.
//!
//! A code is one kind of problem and never another: programs, `silence`, and `docs/problems.md`, which is made of this
//! table, rely on it.

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is rendered.
    Error,
    /// Legal, but hardly what was meant.
    Warning,
}

/// Who finds a problem, in the order of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finder {
    /// Reading a text.
    Reading,
    /// Checking the context and its layers.
    Context,
    /// The rules of the Kubernetes API.
    Kubernetes,
    /// A host, before the component is asked or about several answers.
    Host,
}

macro_rules! codes {
    ($($variant:ident, $name:literal, $finder:ident, $severity:ident, $meaning:literal, $cure:literal, $deviation:expr;)*) => {
        /// A kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// All codes, in the order of `docs/problems.md`.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as programs know it: kebab-case, stable.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// How grave it is. An `unknown-field` is a warning where the context allows such fields.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)*
                }
            }

            /// Who finds it.
            pub fn finder(self) -> Finder {
                match self {
                    $(Self::$variant => Finder::$finder,)*
                }
            }

            /// What it means, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                }
            }

            /// What usually cures it. The help of a problem without one of its own.
            pub fn cure(self) -> &'static str {
                match self {
                    $(Self::$variant => $cure,)*
                }
            }

            /// The entry of `DEVIATIONS.md` that says why it is a problem where the reference renders. None where the
            /// reference fails too, or where the context's field says it (`context::FIELDS`).
            pub fn deviation(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => $deviation,)*
                }
            }
        }
    };
}

codes! {
    InvalidJson, "invalid-json", Reading, Error,
        "A text that begins as JSON is none, or holds a number that JSON cannot hold.",
        "fix the text at this line and column", None;
    InvalidYaml, "invalid-yaml", Reading, Error,
        "A text is no YAML that PyYAML's `safe_load` reads: syntax, unknown tags, several documents.",
        "fix the text at this line and column", None;
    YamlLineBreak, "yaml-line-break", Reading, Error,
        "A YAML text holds a character that is a line break in YAML 1.1 only: U+0085, U+2028, U+2029.",
        "write the character as an escape in double quotes", Some("D23");
    CyclicAlias, "cyclic-alias", Reading, Error,
        "A YAML alias stands inside the value that it repeats.",
        "write the value out", Some("D20");
    NotJson, "not-json", Reading, Error,
        "YAML makes a value of a text that JSON cannot hold: a set, pairs, bytes, a date as a key.",
        "write the value as text, a list or a mapping", Some("D20");
    NotFinite, "not-finite", Reading, Error,
        "A number is infinite, or none (`.inf`, `.nan`, `1e999`).",
        "write a finite number, or quote the text", Some("D12");
    DuplicateKey, "duplicate-key", Reading, Warning,
        "A key stands twice in one mapping; the last value counts.",
        "remove one of the two", None;
    TooDeep, "too-deep", Reading, Error,
        "Lists and mappings are nested deeper than any pipeline needs, aliases followed.",
        "flatten the value", None;
    TooLarge, "too-large", Reading, Error,
        "A text holds more than any step needs: copies made by aliases, digits of a number, fields to explain.",
        "write less", None;
    TooManyProblems, "too-many-problems", Reading, Error,
        "There are more problems than are reported at once.",
        "fix those that are reported first", None;

    MissingField, "missing-field", Context, Error,
        "A required field is not there, or empty.",
        "add it", Some("D6");
    UnknownField, "unknown-field", Context, Error,
        "A field does not exist; the help names the nearest one that does.",
        "correct its name; for fields newer than this macro's API types, set `allow_unknown_fields: true`", Some("D7");
    WrongType, "wrong-type", Context, Error,
        "A value is of another type than its field.",
        "write a value of the type that the message names", Some("D6");
    UnsupportedValue, "unsupported-value", Context, Error,
        "A field does not take this value.",
        "use a value that the message allows, or remove the field", Some("D6");
    OutOfRange, "out-of-range", Context, Error,
        "A number is outside the range of its field.",
        "use a value that the message allows, or remove the field", Some("D6");
    NotAContext, "not-a-context", Context, Error,
        "The document is something else than a context: another Kubernetes object, a chart, nothing at all.",
        "give a context, or a StreamingPipeline object", None;
    InvalidConfig, "invalid-config", Context, Error,
        "The pipeline configuration breaks its schema.",
        "correct the configuration at this place", None;
    InvalidProcesses, "invalid-processes", Context, Error,
        "The number of processes of a segment is no whole number that can run.",
        "give the number of processes, for instance 4", Some("D9");
    UnsupportedSchema, "unsupported-schema", Context, Error,
        "The pipeline configuration's own schema uses what the macro does not know.",
        "use the keywords that the message allows", None;
    DateInConfig, "date-in-config", Context, Error,
        "YAML makes a date of a text of the pipeline configuration, and JSON has none.",
        "quote it", None;
    MixedKeys, "mixed-keys", Context, Error,
        "A mapping of the pipeline configuration has keys of several kinds, which the reference cannot sort.",
        "quote the key", None;
    LongKey, "long-key", Context, Error,
        "A key of the pipeline configuration is longer than the consumer's YAML reader takes.",
        "shorten the key; characters outside ASCII count six times", Some("D24");
    TypeMismatch, "type-mismatch", Context, Error,
        "Two layers have values of different types at one place.",
        "write a value of the lower layer's type", None;
    ScalarOverwrite, "scalar-overwrite", Context, Error,
        "A template sets a value that the macro sets too, to another one.",
        "use the context's field that the help names", None;
    ManagedField, "managed-field", Context, Error,
        "A template repeats something that the macro manages: a volume, a mount, a container, the probe.",
        "remove it, or use the context's field that the help names", Some("D8");
    ManagedResources, "managed-resources", Context, Error,
        "The container template gives a request or limit that the macro sets, and it would not be used.",
        "remove it, and use `cpu_per_process` or `memory_per_process`", Some("D18");
    IgnoredField, "ignored-field", Context, Warning,
        "The container template gives a name or an image, which the macro sets, and it is not used.",
        "remove it, and use the context's field that the help names", Some("D18");
    PatchDirective, "patch-directive", Context, Error,
        "A directive of the emergency patch (`$patch` and its like) cannot be followed.",
        "write it as `kubectl patch` takes it", Some("D4");
    EmptyName, "empty-name", Context, Error,
        "No letter or digit of a name is left in the Kubernetes names made of it, so objects would collide.",
        "use at least one of a-z, A-Z, 0-9", Some("D16");
    NameCollision, "name-collision", Context, Error,
        "Two objects get the same name, and one would overwrite the other.",
        "change the name that the path shows", Some("D17");
    AddedContainer, "added-container", Context, Warning,
        "The emergency patch adds a container, where most patches change one that is there.",
        "use the name of a container that is there, if it is meant", None;
    CpuZero, "cpu-zero", Context, Warning,
        "The step asks for no CPU.",
        "give what one process needs", None;
    MemoryZero, "memory-zero", Context, Warning,
        "The step asks for no memory.",
        "give what one process needs", None;
    OverlappingSelectors, "overlapping-selectors", Context, Warning,
        "The Deployments of several segments select each other's pods.",
        "set `segment_label: true`, for new Deployments", None;
    NewerKubernetes, "newer-kubernetes", Context, Warning,
        "The version in `kubernetes_version` is newer than what the macro knows.",
        "update the macro; until then the newest version that it knows is taken", None;
    SegmentNotFound, "segment-not-found", Context, Warning,
        "The pipeline has no segment of this number.",
        "correct `segment_id`", None;
    IgnoredKey, "ignored-key", Context, Warning,
        "A key of the pipeline's configuration does nothing as it is written, and is nearly one that does.",
        "correct it, or silence the warning where it is meant", None;

    AmbiguousKey, "ambiguous-key", Kubernetes, Error,
        "A key stands twice in an object, as a number and as its text: JSON has one key for both.",
        "remove one of them", Some("D5");
    InvalidName, "invalid-name", Kubernetes, Error,
        "A name breaks the rule for its kind: RFC 1123 label (63) or subdomain (253), port, variable, resource, …",
        "use letters, digits and what else the rule in the message allows", Some("D6");
    InvalidLabel, "invalid-label", Kubernetes, Error,
        "A key or value of a label, a selector or a taint breaks its rule.",
        "use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends", Some("D6");
    InvalidAnnotation, "invalid-annotation", Kubernetes, Error,
        "A key of an annotation breaks its rule, or Kubernetes reads its value and refuses it.",
        "write the key as a label's, with a domain and `/` before it where it needs one", Some("D6");
    InvalidQuantity, "invalid-quantity", Kubernetes, Error,
        "An amount is none, negative, not whole where it must be, or a request above its limit.",
        "write an amount as 500m, 1.5 or 2Gi; limits are at least as large as requests", Some("D6");
    DuplicateName, "duplicate-name", Kubernetes, Error,
        "Two items of a list have the same key: containers (init containers too), volumes, mount paths, ports, …",
        "rename or remove one of the two", Some("D6");
    UnknownVolume, "unknown-volume", Kubernetes, Error,
        "A mount, device or variable names a volume that the pod does not have.",
        "add the volume to the pod, or correct the name", Some("D6");
    UnknownClaim, "unknown-claim", Kubernetes, Error,
        "A container names a resource claim that the pod does not have.",
        "add it to `resourceClaims`", Some("D6");
    SelectorMismatch, "selector-mismatch", Kubernetes, Error,
        "The selector is empty, or does not match the pods' labels.",
        "give the pods the labels that the selector asks for, or remove it: the macro adds its own", Some("D6");
    ConflictingFields, "conflicting-fields", Kubernetes, Error,
        "Fields exclude each other, or one needs another.",
        "keep one of the fields, or add what the message asks for", Some("D6");
    InvalidProbe, "invalid-probe", Kubernetes, Error,
        "A probe has a setting that its kind cannot have.",
        "remove the setting that the message names", Some("D6");
    ObjectTooLarge, "object-too-large", Kubernetes, Error,
        "Annotations above 256 KiB, a ConfigMap above 1 MiB, an object above what an API server takes.",
        "write less", Some("D6");
    ImageLatest, "image-latest", Kubernetes, Warning,
        "An image is `latest`, or a registry's without a version: what runs changes without a change here.",
        "name a version or a digest", None;
    NoMemoryLimit, "no-memory-limit", Kubernetes, Warning,
        "A container has a limit of CPU and none of memory: it can take the memory of its whole node.",
        "give `resources.limits.memory`", None;
    DuplicateEnv, "duplicate-env", Kubernetes, Warning,
        "A variable is set twice; the last one wins, and server-side apply refuses it.",
        "remove one of the two", None;
    DuplicateItem, "duplicate-item", Kubernetes, Warning,
        "Two items of a list have the key by which server-side apply tells them apart, and it refuses them.",
        "remove one of the two", None;
    NullValue, "null-value", Kubernetes, Warning,
        "Null is given as an amount, a label or an item, and Kubernetes reads it as zero or empty text.",
        "give the value, or remove the entry", None;
    ServerField, "server-field", Kubernetes, Warning,
        "A field that only an API server sets, as `kubectl get -o yaml` prints it.",
        "remove it", None;
    InvalidImage, "invalid-image", Kubernetes, Warning,
        "No container runtime can pull an image of this name.",
        "write it as HOST/NAME:TAG, with a name in lower case and no scheme", None;
    FeatureOff, "feature-off", Kubernetes, Warning,
        "The API server of the version that `kubernetes_version` names drops a field, as its feature is off by default.",
        "remove the field, or name the feature gate in `feature_gates` if the cluster has it on", None;
    ApiWarning, "api-warning", Kubernetes, Warning,
        "An API server takes it with a warning: it is deprecated, does nothing, or hides something else.",
        "follow the message", None;

    UndefinedValue, "undefined-value", Host, Error,
        "Python: a Jinja value is undefined.",
        "define it, or give it a default", None;
    InvalidText, "invalid-text", Host, Error,
        "Python: text holds half of a surrogate pair, which is no character.",
        "correct the text", None;
    SameObject, "same-object", Host, Error,
        "Command line: two contexts render one object, in two ways.",
        "give the pipelines names of their own", None;
}

impl Code {
    /// The code of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_stand_once() {
        for (at, code) in Code::ALL.iter().enumerate() {
            let name = code.name();
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
            assert_eq!(Code::from_name(name), Some(*code));
            assert!(!Code::ALL.iter().skip(at + 1).any(|other| other.name() == name), "{name}");
        }
        assert_eq!(Code::from_name("no-such-code"), None);
    }
}
