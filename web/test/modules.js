// Parts of the page as modules for Node, and the command line to compare them with.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { plugins } from "../scripts/build.js";
import { repository } from "./browser.js";

/** What a module of src/ exports. */
export async function load(name) {
  const { outputFiles } = await build({
    entryPoints: [join(repository, "web/src", name)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    plugins,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const program = join(repository, "target/debug/streams-k8s");

/** Why what compares with the command line is left out, or false. */
export const skip = !existsSync(program) && "there is no command line: cargo build --package streams-k8s";

/** What the command line prints; 1 is what `diff` ends with where something differs. */
export function streamsK8s(...args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: repository, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0 && status !== 1) {
    throw new Error(`streams-k8s ${args.join(" ")}: ${stderr}`);
  }
  return stdout;
}
