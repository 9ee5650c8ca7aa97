// Builds dist/ from the component: `node scripts/build.js [COMPONENT]`.
import { copyFile, readFile, mkdir, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transpile } from "@bytecodealliance/jco-transpile";
import { build } from "esbuild";
import { compile } from "json-schema-to-typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const component = process.argv[2] ?? join(root, "../target/component/sentry_streams_k8s.wasm");
const generated = join(root, "src/generated");
const dist = join(root, "dist");

async function transpileComponent() {
  const { files } = await transpile(component, {
    name: "macro",
    // The package decides when the module is compiled: synchronously, at the first call, from ESM and CommonJS alike.
    instantiation: "sync",
    namespacedExports: false,
    noComponentErrorWrapping: true,
    outDir: "",
  });
  for (const [name, content] of Object.entries(files)) {
    const path = join(generated, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** The context's type comes from the component's own schema, so it cannot drift from what the component reads. */
async function generateContextType() {
  const { instantiate } = await import(join(generated, "macro.js"));
  const module = new WebAssembly.Module(await readFile(join(generated, "macro.core.wasm")));
  const schema = JSON.parse(instantiate(() => module, {}).consumerMacroJson.schema());
  // Types have no `if`, and no `required` beside a reference: a context is one of two forms of the same fields.
  const { if: _, then, else: otherwise, definitions, ...rest } = schema;
  const { fields, context, streaming_pipeline } = definitions;
  definitions.context = { ...fields, title: "Fields", required: context.required };
  const { spec } = streaming_pipeline.properties;
  streaming_pipeline.properties.spec = { ...fields, title: "Spec", description: spec.description, required: spec.required };
  const types = { ...rest, title: "Context", anyOf: [otherwise, then], definitions };
  const source = await compile(types, "Context", { bannerComment: "", format: false });
  await writeFile(join(generated, "context.cts"), source);
  await writeFile(join(generated, "wasm.d.ts"), 'declare module "*.wasm" {\n  const bytes: Uint8Array<ArrayBuffer>;\n  export default bytes;\n}\n');
}

async function bundle() {
  const common = {
    entryPoints: [join(root, "src/index.ts")],
    bundle: true,
    minify: true,
    // Nothing of Node is used: the same files work in a browser.
    platform: "neutral",
    target: "es2022",
    // The module is part of the JavaScript: no file to find at run time, also after another bundler.
    loader: { ".wasm": "binary" },
    legalComments: "none",
  };
  await build({ ...common, format: "cjs", outfile: join(dist, "index.cjs") });
}

/** One copy of the code for both module systems: `instanceof RenderError` holds across them. */
async function wrapForEsm() {
  const { default: exports } = await import(join(dist, "index.cjs"));
  const names = Object.keys(exports).join(", ");
  await writeFile(join(dist, "index.js"), `import macro from "./index.cjs";\nexport const { ${names} } = macro;\n`);
}

/** The types name the context's type in a CommonJS file, which both module systems may import. */
async function declareTypes() {
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--project", root], { stdio: "inherit" });
  await copyFile(join(dist, "index.d.ts"), join(dist, "index.d.cts"));
}

for (const directory of [generated, dist]) {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
}
await transpileComponent();
await generateContextType();
await bundle();
await wrapForEsm();
await declareTypes();
