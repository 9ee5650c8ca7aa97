// Prints what the package weighs: `node scripts/size.js`. A test holds the README to it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

/** The sizes in KB, whole. */
export function sizes() {
  const root = join(import.meta.dirname, "..");
  const bundle = readFileSync(join(root, "dist/index.cjs"));
  const kilobytes = (bytes) => Math.round(bytes / 1000);
  return {
    bundle: kilobytes(bundle.length),
    gzip: kilobytes(gzipSync(bundle, { level: 9 }).length),
    module: kilobytes(readFileSync(join(root, "src/generated/macro.core.wasm")).length),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { bundle, gzip, module } = sizes();
  console.log(`bundle ${bundle} KB (${gzip} KB gzip), of which the WebAssembly module, before base64, ${module} KB`);
}
