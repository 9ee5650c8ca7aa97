// Builds the page, one file that needs nothing else: `node scripts/build.js`, after the package of js/.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const repository = join(root, "..");
const target = join(repository, "target/web/index.html");

const read = (path) => readFile(join(repository, path), "utf8");

/**
 * The module of the component, packed: as base64 of itself it would be half as large again, even on the way. Zopfli packs
 * it 5 % smaller than zlib does.
 */
const packedModule = {
  name: "packed module",
  setup({ onLoad }) {
    onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const packed = Buffer.from(await gzipAsync(await readFile(path), { numiterations: 5 })).toString("base64");
      return {
        contents: `
          const packed = Uint8Array.from(atob("${packed}"), (unit) => unit.charCodeAt(0));
          const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
          export default new Uint8Array(await new Response(unpacked).arrayBuffer());`,
      };
    });
  },
};

/** Modules that are made of files of the repository. */
const repositoryFiles = {
  name: "files of the repository",
  setup({ onResolve, onLoad }) {
    const namespace = "repository";
    onResolve({ filter: /^(examples|merge-keys)$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /^examples$/, namespace }, async () => ({ contents: JSON.stringify(await examples()), loader: "json" }));
    onLoad({ filter: /^merge-keys$/, namespace }, async () => ({ contents: JSON.stringify(await mergeKeys()), loader: "json" }));
  },
};

async function examples() {
  const full = await read("examples/full.yaml");
  const patch = (await read("examples/patches/incident.yaml")).replace(/^(?=.)/gm, "  ");
  // The first document is the namespace.
  const [, pipeline] = (await read("examples/operator/pipelines.yaml")).split(/^---\n/m);
  return [
    { name: "small", context: await read("examples/small.yaml") },
    { name: "full", context: full },
    { name: "an incident: emergency patch", context: `${full}emergency_patch: |\n${patch}`, pinned: full },
    { name: "two mistakes", context: await read("examples/wrong.yaml") },
    { name: "a StreamingPipeline object", context: pipeline },
    { name: "the second segment", context: await read("examples/segments/segment-1.yaml") },
  ];
}

/** The keys by which Kubernetes tells items of lists apart, by the field that holds the list. */
async function mergeKeys() {
  const { definitions } = JSON.parse(await read("tests/kubernetes/merge-keys.json"));
  const lists = Object.values(definitions).flatMap(Object.entries);
  const keys = lists.map(([name, list]) => [name, list["x-kubernetes-list-map-keys"]]);
  return Object.fromEntries(keys.filter(([, key]) => key !== undefined));
}

export const plugins = [packedModule, repositoryFiles];

/** What of node_modules went into the page: package by package. */
const packages = new Set();

async function bundle(entry, options) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, "src", entry)],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    absWorkingDir: root,
    target: "es2022",
    legalComments: "none",
    define: { "globalThis.process.env.JCO_DEBUG": "undefined" },
    plugins,
    ...options,
  });
  for (const input of Object.keys(metafile.inputs)) {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (name !== undefined) {
      packages.add(name);
    }
  }
  return outputFiles[0].text;
}

/** Their licences, which go where they go. */
async function licences() {
  const texts = [...packages].toSorted().map(async (name) => {
    const { version } = JSON.parse(await read(`web/node_modules/${name}/package.json`));
    return `${name} ${version}\n\n${await read(`web/node_modules/${name}/LICENSE`)}`;
  });
  return (await Promise.all(texts)).join("\n\n");
}

/** Writes the page, and says what it weighs. */
async function page() {
  const parts = {
    style: await bundle("page.css", { minify: true, loader: { ".css": "css" }, target: "chrome123" }),
    // A page from file:// may start no worker that is a module, and only in a module may `await` stand by itself.
    worker: await bundle("worker.ts", {
      format: "esm",
      banner: { js: '"use strict";(async()=>{' },
      footer: { js: "})().catch((error)=>setTimeout(()=>{throw error}));" },
    }),
    script: await bundle("main.ts", { format: "iife" }),
  };
  parts.licences = await licences();
  parts.hash = createHash("sha256").update(parts.script).digest("base64");

  const template = await readFile(join(root, "src/page.html"), "utf8");
  const html = template.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, html);

  const kilobytes = (text) => Math.round(gzipSync(text, { level: 9 }).length / 1000);
  const sizes = ["worker", "script", "style"].map((name) => `${name} ${kilobytes(parts[name])}`).join(", ");
  console.log(`${target.replace(`${repository}/`, "")}: ${kilobytes(html)} KB gzip (${sizes})`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await page();
}
