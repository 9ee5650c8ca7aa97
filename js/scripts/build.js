// Builds dist/ from the component: `node scripts/build.js [COMPONENT]`.
import { copyFile, readFile, mkdir, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transpile } from "@bytecodealliance/jco-transpile";
import { build } from "esbuild";
import { answerTypes, contextTypes } from "./types.js";

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

/** The types come from the component's own schema and from those beside its interface: they cannot drift. */
async function generateTypes() {
  const { instantiate } = await import(join(generated, "macro.js"));
  const module = new WebAssembly.Module(await readFile(join(generated, "macro.core.wasm")));
  const schema = JSON.parse(instantiate(() => module, {}).consumerMacroJson.schema());
  await writeFile(join(generated, "context.cts"), await contextTypes(schema));
  await writeFile(join(generated, "answers.cts"), await answerTypes(join(root, "../wit")));
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
    // jco's glue asks for it many times a call, and to ask the environment takes longer than the rest of the glue.
    define: { "globalThis.process.env.JCO_DEBUG": "undefined" },
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
  // What the package does not export is in nobody's way to it.
  await Promise.all(["context-text.d.ts", "instance.d.ts"].map((name) => rm(join(dist, name))));
}

for (const directory of [generated, dist]) {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
}
await transpileComponent();
await generateTypes();
await bundle();
await wrapForEsm();
await declareTypes();
