import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Yaml } from "cdk8s";
import { render } from "sentry-streams-k8s";

test("the cdk8s example synthesises what the macro renders", () => {
  const example = join(import.meta.dirname, "../examples/cdk8s");
  const directory = mkdtempSync(join(tmpdir(), "cdk8s-"));
  try {
    execFileSync(process.execPath, [join(example, "main.js")], { cwd: directory });
    const { manifests } = render(readFileSync(join(example, "context.yaml"), "utf8"));
    // cdk8s sorts by dependencies, and orders keys its own way.
    const byName = (objects) => objects.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    assert.deepEqual(byName(Yaml.load(join(directory, "dist/streams.k8s.yaml"))), byName(Object.values(manifests)));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
