// The shared cases, rendered here. The result texts go to target/conformance/js, one file a case, to be compared with
// those of the other hosts: `.ok.json` where the macro renders, `.err.json` where it refuses.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RenderError, renderText } from "sentry-streams-k8s";

const work = join(import.meta.dirname, "../../target/conformance");
const inputs = join(work, "inputs");
const results = join(work, "js");

function answer(context) {
  try {
    return ["ok", renderText(context)];
  } catch (error) {
    if (error instanceof RenderError) {
      return ["err", error.text];
    }
    throw error;
  }
}

test("conformance", { skip: !existsSync(inputs) && "run scripts/conformance inputs first" }, async (t) => {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  for (const file of readdirSync(inputs).sort()) {
    const name = file.replace(/\.json$/, "");
    await t.test(name, () => {
      const [outcome, text] = answer(readFileSync(join(inputs, file), "utf8"));
      assert.doesNotThrow(() => JSON.parse(text));
      writeFileSync(join(results, `${name}.${outcome}.json`), text);
    });
  }
});
