//! Where a value was written.

/// The text a value was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Source {
    /// The macro itself: what it adds that no field of the context says.
    Macro = 0,
    /// The context document.
    Context = 1,
    /// A `deployment_template` given as YAML text.
    DeploymentTemplate = 2,
    /// A `container_template` given as YAML text.
    ContainerTemplate = 3,
    /// A `pipeline_config` given as YAML text.
    PipelineConfig = 4,
    /// An `emergency_patch` given as YAML text.
    EmergencyPatch = 5,
    /// A `pipeline_config_schema` given as YAML text.
    PipelineConfigSchema = 6,
    /// The base templates, `src/objects/templates/*.yaml`.
    Base = 7,
}

/// Where something was written: its source, and the byte offsets there of its first character and of its end.
///
/// Two values of one text have different origins; a value that only passes through layers keeps its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The text it stands in.
    pub source: Source,
    /// Bytes from the start of that text to the first character.
    pub offset: u32,
    /// Bytes from the start of that text to what follows; of a list or mapping in YAML's block form, to the end of the
    /// last thing in it.
    pub end: u32,
}

impl Origin {
    /// The origin of what the macro writes itself.
    pub const MACRO: Self = Self { source: Source::Macro, offset: 0, end: 0 };

    /// An origin from one byte offset of a text to another; offsets past 4 GiB, which no host carries, stay at the end
    /// of that range.
    pub fn new(source: Source, offset: usize, end: usize) -> Self {
        let bounded = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, offset: bounded(offset), end: bounded(end.max(offset)) }
    }
}
