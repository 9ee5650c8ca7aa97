import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RenderError, validate } from "sentry-streams-k8s";

const file = process.env["SECRETS"];

test(
  "refusals show no secret",
  { skip: file === undefined && "SECRETS names no file of contexts: run scripts/campaigns" },
  (t) => {
    const contexts = JSON.parse(readFileSync(file, "utf8"));
    const shown = [];
    let refusals = 0;
    for (const context of contexts) {
      let said;
      try {
        said = JSON.stringify(validate(context));
      } catch (error) {
        assert.ok(error instanceof RenderError, String(error));
        said = `${error} ${error.stack} ${JSON.stringify(error.problems)}`;
        refusals++;
      }
      shown.push(...(said.match(/hunter2x\d+/g) ?? []));
    }
    t.diagnostic(`${contexts.length} contexts, ${refusals} refused`);
    assert.deepEqual(shown, []);
  },
);
