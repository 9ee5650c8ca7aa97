//! The command line.

use crate::context::{Context, Setting};
use crate::differences::DiffForm;
use crate::explanation::{Form, Layer};
use crate::output::Language;
use crate::read::Input;
use crate::report::Format;
use crate::write::reason;
use anyhow::{Context as _, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use sentry_streams_k8s_host::{Cache, ConsumerMacro, Limits};
use std::path::{Path, PathBuf};

/// Exit code: a context is not right.
pub(crate) const PROBLEMS: u8 = 1;
/// Exit code: the command could not be carried out. clap uses the same for arguments it does not understand.
pub(crate) const FAILURE: u8 = 2;

const EXIT_CODES: &str = "\
Exit codes:
  0  every context is right
  1  a context has problems; nothing is written
  2  wrong arguments, a file that cannot be read or written, or a failure of the component";

const DIFF_EXIT_CODES: &str = "\
Exit codes:
  0  all is the same
  1  something differs
  2  a context has problems, wrong arguments, or a file that cannot be read";

const RENDER_EXAMPLES: &str = "\
Examples:
  streams-k8s render context.yaml | kubectl apply -f -
  streams-k8s render --output-dir manifests --prune contexts/*.yaml
  streams-k8s render context.yaml --set replicas=3 --set-file emergency_patch=patch.yaml";

const VALIDATE_EXAMPLES: &str = "\
Examples:
  streams-k8s validate contexts/*.yaml
  streams-k8s validate --format json context.yaml";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  streams-k8s explain context.yaml --field image
  streams-k8s explain context.yaml --layer emergency_patch
  streams-k8s explain context.yaml -o html > explained.html";

const DIFF_EXAMPLES: &str = "\
Examples:
  kubectl get deployment,configmap -o yaml > live.yaml; streams-k8s diff live.yaml context.yaml
  streams-k8s diff context.yaml context.yaml --set-file emergency_patch=patch.yaml
  streams-k8s diff -o markdown main/ branch/";

const KRM_HELP: &str = "\
It reads the list from standard input and writes it to standard output. Problems stand in its `results` too.

Exit codes:
  0  every pipeline is right
  1  a pipeline has problems; all items stay as they are
  2  wrong arguments, an input that is no ResourceList, or a failure of the component";

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
    #[command(after_help = format!("{VALIDATE_EXAMPLES}\n\n{EXIT_CODES}"))]
    Validate(Contexts),
    /// Explain where every field of the objects of a context comes from, and what would change it
    #[command(after_help = format!("{EXPLAIN_EXAMPLES}\n\n{EXIT_CODES}"))]
    Explain(Explain),
    /// Show what changes between objects, and whether pods restart
    #[command(after_help = format!("{DIFF_EXAMPLES}\n\n{DIFF_EXIT_CODES}"))]
    Diff(Diff),
    /// Compare with what the Python package rendered, and say why it differs where it does
    #[command(after_help = DIFF_EXIT_CODES)]
    MigrateCheck(MigrateCheck),
    /// Replace `StreamingPipeline` documents by their objects, and leave all other documents as they are
    #[command(after_help = EXIT_CODES)]
    Expand(Expand),
    /// Run as a KRM function: expand the `StreamingPipeline` objects of a `ResourceList`
    #[command(after_help = KRM_HELP)]
    Krm,
    /// Serve an editor: problems, fixes, completion and explanations, in the language server protocol over standard
    /// input and output
    Lsp,
    /// Print the JSON Schema of a context
    Schema,
    /// Print the versions of this tool and of the macro in it
    Version,
    /// Print a script that completes this command's arguments
    Completions {
        /// The shell to write it for
        shell: Shell,
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
    /// A context, rendered objects in YAML or JSON, or a directory of either
    pub(crate) old: PathBuf,
    /// The same to compare with
    pub(crate) new: PathBuf,
    /// What is set in the contexts of NEW
    #[command(flatten)]
    pub(crate) settings: Settings,
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

/// The contexts of a command.
#[derive(Debug, Args)]
pub(crate) struct Contexts {
    /// Files with contexts, YAML or JSON, each of one or more documents; `-` is standard input, which is also read when
    /// there is none
    #[arg(value_name = "CONTEXT")]
    paths: Vec<PathBuf>,
    /// The same, for those used to kubectl
    #[arg(short = 'f', long = "filename", value_name = "CONTEXT", hide = true)]
    more: Vec<PathBuf>,
    #[command(flatten)]
    settings: Settings,
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
}

#[derive(Debug, Args)]
pub(crate) struct Host {
    /// Run this component instead of the one inside the tool
    #[arg(long, global = true, value_name = "FILE")]
    component: Option<PathBuf>,
    /// When output is in colour: of itself on a terminal that has it, unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
    /// Compile the component anew, and keep no compiled code
    #[arg(long, global = true)]
    no_cache: bool,
}

/// When output is in colour.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl Explain {
    /// Reads the context, with what is set in it.
    pub(crate) fn read(&self) -> anyhow::Result<Context> {
        let input = Input::default();
        let settings = self.settings.read(&input)?;
        let path = self.context.as_deref().unwrap_or(Path::new("-"));
        let mut contexts = Context::read(path, &settings, &input)?;
        ensure!(
            contexts.len() == 1,
            "explain takes one context, and {} has {}",
            path.display(),
            contexts.len()
        );
        contexts.pop().context("there is no context")
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
        let input = Input::default();
        let settings = self.settings.read(&input)?;
        let named: Vec<PathBuf> = self.paths.iter().chain(&self.more).cloned().collect();

        let (mut contexts, mut errors) = (Vec::new(), Vec::new());
        for path in or_standard_input(&named) {
            match Context::read(path, &settings, &input) {
                Ok(read) => contexts.extend(read),
                Err(error) => errors.push(reason(&error)),
            }
        }
        ensure!(errors.is_empty(), "{}", errors.join("; "));
        Ok(contexts)
    }
}

impl Settings {
    /// What is set in every context. Of several values for a field the last one counts, files after values.
    pub(crate) fn read(&self, input: &Input) -> anyhow::Result<Vec<Setting>> {
        let values = self.set.iter().map(|(field, value)| Setting::value(field, value));
        let files =
            self.set_file.iter().map(|(field, path)| Setting::file(field, Path::new(path), input));
        values.chain(files).collect()
    }
}

impl Host {
    /// Loads the macro: the given component, else the one inside.
    pub(crate) fn load(&self, inside: &[u8]) -> anyhow::Result<ConsumerMacro> {
        self.load_within(inside, Limits::default())
    }

    /// The same, with other limits of each call.
    pub(crate) fn load_within(
        &self,
        inside: &[u8],
        limits: Limits,
    ) -> anyhow::Result<ConsumerMacro> {
        let mut builder = ConsumerMacro::builder().limits(limits);
        if let Some(cache) = Cache::of_user().filter(|_| !self.no_cache) {
            builder = builder.cache(cache);
        }
        match &self.component {
            None => Ok(builder.from_bytes(inside)?),
            Some(path) => {
                builder.from_file(path).with_context(|| format!("cannot use {}", path.display()))
            }
        }
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
