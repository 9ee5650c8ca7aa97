//! The command line.

mod examples;
mod host;

use crate::context::{Context, Setting};
use crate::differences::DiffForm;
use crate::explanation::{Form, Layer};
use crate::format::Format;
use crate::output::Language;
use crate::read::Input;
use crate::source::{Source, Which};
use anyhow::{Context as _, ensure};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use examples::{
    COMPLETIONS_EXAMPLE, DIFF_EXAMPLES, DIFF_EXIT_CODES, EXIT_CODES, EXPAND_EXAMPLES,
    EXPLAIN_EXAMPLES, INIT_EXAMPLES, INIT_EXIT_CODES, KRM_HELP, MAN_EXAMPLE, MIGRATE_EXAMPLES,
    RENDER_EXAMPLES, SCHEMA_EXAMPLE, VALIDATE_EXAMPLES, VALIDATE_EXIT_CODES, VERSION_EXAMPLE,
};
pub(crate) use host::Host;
use std::path::{Path, PathBuf};

/// Exit code: a context is not right.
pub(crate) const PROBLEMS: u8 = 1;
/// Exit code: the command could not be carried out. clap uses the same for arguments it does not understand.
pub(crate) const FAILURE: u8 = 2;

/// The name by which kubectl finds the tool for `kubectl streams-k8s`.
const PLUGIN: &str = "kubectl-streams_k8s";

/// Renders the Kubernetes objects of Sentry Streams pipelines
#[derive(Debug, Parser)]
#[command(name = "streams-k8s", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) host: Host,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Render the objects of contexts
    #[command(after_help = format!("{RENDER_EXAMPLES}\n\n{EXIT_CODES}"))]
    Render(Render),
    /// Check contexts without rendering them
    #[command(after_help = format!("{VALIDATE_EXAMPLES}\n\n{VALIDATE_EXIT_CODES}"))]
    Validate(Validate),
    /// Explain where every field of the objects of a context comes from, and what would change it
    #[command(after_help = format!("{EXPLAIN_EXAMPLES}\n\n{EXIT_CODES}"))]
    Explain(Explain),
    /// Show what changes between objects, and whether pods restart
    #[command(after_help = format!("{DIFF_EXAMPLES}\n\n{DIFF_EXIT_CODES}"))]
    Diff(Diff),
    /// Compare with what the Python package rendered, and say why it differs where it does
    #[command(after_help = format!("{MIGRATE_EXAMPLES}\n\n{DIFF_EXIT_CODES}"))]
    MigrateCheck(MigrateCheck),
    /// Replace `StreamingPipeline` documents by their objects, and leave all other documents as they are
    #[command(after_help = format!("{EXPAND_EXAMPLES}\n\n{EXIT_CODES}"))]
    Expand(Expand),
    /// Run as a KRM function: expand the `StreamingPipeline` objects of a `ResourceList`
    #[command(after_help = KRM_HELP)]
    Krm,
    /// Write a commented context to start with
    #[command(after_help = format!("{INIT_EXAMPLES}\n\n{INIT_EXIT_CODES}"))]
    Init(Init),
    /// Serve an editor: problems, fixes, completion and explanations, in the language server protocol over standard
    /// input and output
    Lsp,
    /// Print the JSON Schema of a context
    #[command(after_help = SCHEMA_EXAMPLE)]
    Schema,
    /// Print the versions of this tool and of the macro in it
    #[command(after_help = VERSION_EXAMPLE)]
    Version,
    /// Print a script that completes this command's arguments
    #[command(after_help = COMPLETIONS_EXAMPLE)]
    Completions {
        /// The shell to write it for
        shell: Shell,
    },
    /// Write the manual's pages, one a command
    #[command(hide = true, after_help = MAN_EXAMPLE)]
    GenerateMan {
        /// Where to
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    #[command(flatten)]
    pub(crate) contexts: Contexts,
    /// The language of the objects; in JSON they are one `List`
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: Language,
    /// Write one file for each object into this directory, named as `kustomize build -o` names them, with the namespace, where there is one, in front
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Remove files from the directory that an earlier run wrote and this one does not
    #[arg(long, requires = "output_dir")]
    pub(crate) prune: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) contexts: Contexts,
    /// Make the changes that fix problems, where one is sure to, and report what remains. Of standard input the text with the changes is printed
    #[arg(long, conflicts_with_all = ["set", "set_file", "kubernetes_version"])]
    pub(crate) fix: bool,
    /// Show what `--fix` would change, and write nothing
    #[arg(long, conflicts_with_all = ["set", "set_file", "kubernetes_version", "fix"])]
    pub(crate) diff: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A file with one context, YAML or JSON; `-` is standard input, which is also read when there is none
    context: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    /// How problems are shown
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Explain one field, or all fields below a path (`spec.template.spec.containers[consumer].image`)
    #[arg(long, value_name = "PATH")]
    pub(crate) field: Option<String>,
    /// Show what a layer contributes
    #[arg(long, value_enum, conflicts_with = "field")]
    pub(crate) layer: Option<Layer>,
    /// How the explanation is written
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: Form,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// A context, rendered objects in YAML or JSON, or a directory of either; with `--live`, what to compare with what runs
    old: PathBuf,
    /// The same to compare with
    #[arg(required_unless_present_any = ["live", "to"])]
    new: Option<PathBuf>,
    /// Show what an upgrade of the cluster from `--kubernetes-version` to this version changes for the contexts of OLD
    #[arg(long, value_name = "VERSION", requires = "kubernetes_version", conflicts_with_all = ["new", "live"])]
    pub(crate) to: Option<String>,
    /// What is set in the contexts of NEW
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Compare with what runs in the cluster under the same names, as kubectl and its configuration know it; nothing is
    /// changed there
    #[arg(long, conflicts_with = "new")]
    live: bool,
    /// The context of kubectl's configuration to ask, instead of the current one
    #[arg(long, value_name = "NAME", requires = "live")]
    pub(crate) kube_context: Option<String>,
    /// Show values whose names say that they are secrets
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// How differences are written
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: DiffForm,
    /// How problems are shown
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateCheck {
    #[command(flatten)]
    pub(crate) contexts: Contexts,
    /// What the Python package rendered: YAML objects, or JSON as its macro returns it; a file or a directory
    #[arg(long, value_name = "DIR")]
    pub(crate) recorded: PathBuf,
    /// Show values whose names say that they are secrets
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// How differences are written
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: DiffForm,
}

#[derive(Debug, Args)]
pub(crate) struct Expand {
    /// Files of YAML documents, and directories of such files (.yaml, .yml, .json; not those in directories below);
    /// `-` is standard input, which is also read when there is none
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only print the names of the files that have such documents
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The file to write, which must not be there yet; without one it is printed
    #[arg(value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Start from a Deployment that runs a pipeline, in YAML or JSON (`kubectl get deployment NAME -o yaml`)
    #[arg(long, value_name = "FILE")]
    pub(crate) deployment: Option<PathBuf>,
    /// Start from a pipeline's configuration, in YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) pipeline_config: Option<PathBuf>,
}

/// The contexts of a command.
#[derive(Debug, Args)]
pub(crate) struct Contexts {
    /// Files with contexts, YAML or JSON, each of one or more documents; directories and patterns (`'pipelines/**/*.yaml'`),
    /// of which those documents are taken that are contexts; `-` is standard input, which is also read when there is none
    #[arg(value_name = "CONTEXT")]
    paths: Vec<PathBuf>,
    /// The same, for those used to kubectl
    #[arg(short = 'f', long = "filename", value_name = "CONTEXT", hide = true)]
    more: Vec<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    /// Leave documents that are no contexts alone, in the files that are named too
    #[arg(long)]
    skip_others: bool,
    /// The name of the file whose text standard input is
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
    /// How problems are shown
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What arguments set in a context.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Set a field of every context; VALUE is YAML, as it would stand in the context (`replicas=3`, `segment_id='"3"'`)
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Set a field of every context to the text of a file (`deployment_template=deployment.yaml`)
    #[arg(long, value_name = "FIELD=FILE", value_parser = assignment)]
    set_file: Vec<(String, String)>,
    /// Check every context for a cluster of this version of Kubernetes (`1.31`): its field `kubernetes_version`
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes_version: Option<String>,
}

impl Explain {
    /// Reads the context, with what is set in it.
    pub(crate) fn read(&self) -> anyhow::Result<Context> {
        let input = Input::default();
        let settings = self.settings.read(&input)?;
        let path = self.context.as_deref().unwrap_or(Path::new("-"));
        let sources = Source::read_all(&[path], Which::All, &input)?;
        let mut contexts = Source::all_contexts(&sources, &settings)?;
        ensure!(
            contexts.len() == 1,
            "explain takes one context, and {} has {}",
            path.display(),
            contexts.len()
        );
        contexts.pop().context("there is no context")
    }
}

impl Arguments {
    /// Reads the command line; the help, where it asks for that, is an error too. As a plugin of kubectl, the tool calls
    /// itself what people typed.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let called = std::env::args_os().next().unwrap_or_default();
        let is_plugin = Path::new(&called).file_stem().is_some_and(|name| name == PLUGIN);
        let command = Self::command();
        let command = if is_plugin {
            command.bin_name(PLUGIN.replace('-', " ").replace('_', "-"))
        } else {
            command
        };
        Self::from_arg_matches(&command.try_get_matches()?)
    }
}

impl Diff {
    /// The contexts of OLD as they are for a cluster of a version; of none, of the one that is set.
    pub(crate) fn contexts(&self, version: Option<&str>) -> anyhow::Result<Vec<Context>> {
        let input = Input::default();
        let mut settings = self.settings.read(&input)?;
        settings.extend(version.map(Setting::kubernetes_version));

        let sources = Source::read_all(&[self.old.as_path()], Which::All, &input)?;
        Source::all_contexts(&sources, &settings)
    }

    /// What is compared; the first is none where it is what runs.
    pub(crate) fn sides(&self) -> (Option<&Path>, &Path) {
        match &self.new {
            Some(new) => (Some(&self.old), new),
            None => (None, &self.old),
        }
    }
}

impl Expand {
    /// The files and directories to read.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        or_standard_input(&self.paths)
    }
}

impl Contexts {
    /// Reads the contexts, with what is set in them.
    pub(crate) fn read(&self) -> anyhow::Result<Vec<Context>> {
        let input = self.input();
        let settings = self.settings.read(&input)?;
        Source::all_contexts(&self.read_sources(&input)?, &settings)
    }

    /// Reads the files that they are in.
    pub(crate) fn sources(&self) -> anyhow::Result<Vec<Source>> {
        self.read_sources(&self.input())
    }

    fn read_sources(&self, input: &Input) -> anyhow::Result<Vec<Source>> {
        let named: Vec<PathBuf> = self.paths.iter().chain(&self.more).cloned().collect();
        let which = if self.skip_others { Which::Contexts } else { Which::All };
        Source::read_all(&or_standard_input(&named), which, input)
    }

    fn input(&self) -> Input {
        Input::new(self.stdin_filename.clone())
    }
}

impl Settings {
    /// What is set in every context. Of several values for a field the last one counts, files after values.
    pub(crate) fn read(&self, input: &Input) -> anyhow::Result<Vec<Setting>> {
        let values = self.set.iter().map(|(field, value)| Setting::value(field, value));
        let files =
            self.set_file.iter().map(|(field, path)| Setting::file(field, Path::new(path), input));
        let mut settings: Vec<Setting> = values.chain(files).collect::<anyhow::Result<_>>()?;
        settings.extend(self.kubernetes_version.as_deref().map(Setting::kubernetes_version));
        Ok(settings)
    }
}

fn or_standard_input(paths: &[PathBuf]) -> Vec<&Path> {
    if paths.is_empty() {
        vec![Path::new("-")]
    } else {
        paths.iter().map(PathBuf::as_path).collect()
    }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, _)) if field.contains(['.', '[']) => {
            Err("it sets a whole field of the context; for a part of one, set `emergency_patch` or edit the context"
                .to_owned())
        }
        Some((field, value)) if !field.is_empty() => Ok((field.to_owned(), value.to_owned())),
        _ => Err("it must be of the form FIELD=VALUE".to_owned()),
    }
}
