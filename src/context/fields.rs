//! The fields of a context, in one table: what is read, what `wit/context.schema.json` and the README list, and what
//! the help of a problem suggests all come from it or are checked against it.

use crate::value::Source;

/// A field of the context.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds, in the words of the README.
    pub kind: &'static str,
    /// Whether a context must have it.
    pub required: bool,
    /// Its value where it is left out, as JSON; none where it is required or where nothing takes its place.
    pub default: Option<&'static str>,
    /// The source that it is where it is given as YAML text; none where it cannot be.
    pub(crate) source: Option<Source>,
    /// The entry of `DEVIATIONS.md` that says which of its values are refused where the reference renders.
    pub deviation: Option<&'static str>,
}

const fn required(
    name: &'static str,
    kind: &'static str,
    deviation: Option<&'static str>,
) -> Field {
    Field { name, kind, required: true, default: None, source: None, deviation }
}

const fn optional(
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    deviation: Option<&'static str>,
) -> Field {
    Field { name, kind, required: false, default: Some(default), source: None, deviation }
}

const fn layer(name: &'static str, required: bool, source: Source) -> Field {
    let deviation = Some("D21");
    Field {
        name,
        kind: "mapping or YAML text",
        required,
        default: None,
        source: Some(source),
        deviation,
    }
}

/// Every field: those that are required, in the order in which the reference asks for them, the others of the reference,
/// the macro's own.
pub const FIELDS: [Field; 22] = [
    layer("deployment_template", true, Source::DeploymentTemplate),
    layer("container_template", true, Source::ContainerTemplate),
    layer("pipeline_config", true, Source::PipelineConfig),
    required("pipeline_module", "string", Some("D13")),
    required("image_name", "string", Some("D10")),
    required("cpu_per_process", "integer or digits", Some("D9")),
    required("memory_per_process", "integer or digits", Some("D9")),
    required("segment_id", "integer or digits", Some("D13")),
    required("pipeline_name", "string", Some("D6")),
    required("service_name", "string", Some("D6")),
    optional("log_level", "`DEBUG` `INFO` `WARNING` `ERROR`", "\"INFO\"", None),
    optional("replicas", "integer", "1", Some("D10")),
    layer("emergency_patch", false, Source::EmergencyPatch),
    optional("enable_liveness_probe", "boolean", "true", Some("D14")),
    optional("container_name", "string", "\"pipeline-consumer\"", Some("D6")),
    optional("with_canary", "boolean", "false", Some("D14")),
    optional("allow_unknown_fields", "boolean", "false", None),
    layer("pipeline_config_schema", false, Source::PipelineConfigSchema),
    optional("segment_label", "boolean", "false", None),
    optional("silence", "list of codes", "[]", None),
    Field { default: None, ..optional("kubernetes_version", "string", "", None) },
    optional("feature_gates", "list of names", "[]", None),
];

impl Field {
    /// The field of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }

    /// The field whose own text a source is.
    pub(crate) fn of_source(source: Source) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.source == Some(source))
    }
}

/// The names of all fields.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.name)
}
