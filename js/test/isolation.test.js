// Calls share an instance, whose memory each call finds as if it were the first.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { minimal } from "./contexts.js";

/** All instances that are made, so that a test can look into their memory. */
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...parameters) {
    super(...parameters);
    instances.push(this);
  }
};
const { renderText, RenderError, version } = await import("sentry-streams-k8s");

const directory = new URL("../../tests/cases/", import.meta.url);
const contexts = readdirSync(directory)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.stringify(JSON.parse(readFileSync(new URL(name, directory), "utf8")).context));

function answer(context) {
  try {
    return renderText(context);
  } catch (error) {
    assert.ok(error instanceof RenderError);
    return error.text;
  }
}

const memory = () => Buffer.from(instances.at(-1).exports.memory.buffer);

test("the memory is the first one again after every call", () => {
  version();
  const first = Buffer.from(memory());
  const secret = "c0rrect-h0rse";
  const { pipeline_config } = minimal;
  for (const context of [
    ...contexts,
    JSON.stringify({ ...minimal, service_name: secret }),
    JSON.stringify({ ...minimal, image_name: secret.repeat(100_000) }),
    JSON.stringify({ ...minimal, pipeline_config: { ...pipeline_config, env: Array(300).fill(secret.repeat(100)) } }),
    `service_name: [${secret}`,
    "[".repeat(100_000) + secret,
    "",
  ]) {
    answer(context);
    const after = memory();
    assert.equal(after.compare(first, 0, first.length, 0, first.length), 0);
    assert.ok(after.subarray(first.length).every((byte) => byte === 0));
    assert.ok(!after.includes(secret));
  }
});

test("answers do not depend on the calls before", () => {
  assert.ok(contexts.length > 100);
  const alone = contexts.map(answer);
  assert.deepEqual(contexts.toReversed().map(answer), alone.toReversed());
});

test("few instances serve many calls", () => {
  const before = instances.length;
  for (let call = 0; call < 1000; call++) {
    answer(minimal);
  }
  assert.ok(instances.length - before <= 1, `${instances.length - before} instances`);
});
