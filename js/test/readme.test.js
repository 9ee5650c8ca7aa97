import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

test("the README's commands and program work as pasted", { skip: process.platform === "win32" }, () => {
  const here = join(import.meta.dirname, "..");
  const readme = readFileSync(join(here, "README.md"), "utf8");
  const [commands, ...others] = [...readme.matchAll(/```console\n(.*?)```/gs)].map(([, text]) => text);
  const [program] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);
  assert.equal(others.length, 0);

  const directory = mkdtempSync(join(tmpdir(), "readme-"));
  try {
    // The clone is this one, which is built; the program goes into its file where the commands say so.
    symlinkSync(join(here, ".."), join(directory, "sentry-streams-k8s"));
    writeFileSync(join(directory, "program"), program);
    const script = commands
      .replace("git clone https://github.com/getsentry/sentry-streams-k8s\n", "")
      .replace("make -C sentry-streams-k8s js\n", "")
      .replace("# put the program below into main.mjs\n", "cp ../program main.mjs\n");
    const env = { ...process.env, npm_config_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
    const output = execFileSync("bash", ["-ec", script], { cwd: directory, env, encoding: "utf8" });
    const objects = output.split("---\n").slice(1).map((text) => JSON.parse(text).kind);
    assert.deepEqual(objects, ["Deployment", "ConfigMap"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
