// Prints what the package weighs: `node scripts/size.js`; with --write, into the README too. A test holds that to it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(import.meta.dirname, "..");
const readme = join(root, "README.md");

/** The sizes in KB, whole. */
export function sizes() {
  const bundle = readFileSync(join(root, "dist/index.cjs"));
  const kilobytes = (bytes) => Math.round(bytes / 1000);
  return {
    bundle: kilobytes(bundle.length),
    gzip: kilobytes(gzipSync(bundle, { level: 9 }).length),
    module: kilobytes(readFileSync(join(root, "src/generated/macro.core.wasm")).length),
  };
}

/** The README as it is and as it should be: to ten KB, for compression is not the same everywhere. */
export function readmeTexts() {
  const { bundle, gzip } = sizes();
  const tens = (kilobytes) => Math.round(kilobytes / 10) * 10;
  const is = readFileSync(readme, "utf8");
  const line = `| Size | ${tens(bundle)} KB in one file, ${tens(gzip)} KB compressed`;
  return { is, should: is.replace(/\| Size \| \d+ KB in one file, \d+ KB compressed/, line) };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { bundle, gzip, module } = sizes();
  console.log(`bundle ${bundle} KB (${gzip} KB gzip), of which the WebAssembly module, before base64, ${module} KB`);
  if (process.argv.includes("--write")) {
    writeFileSync(readme, readmeTexts().should);
  }
}
