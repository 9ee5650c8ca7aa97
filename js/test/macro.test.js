import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as macro from "sentry-streams-k8s";
import { canary, minimal } from "./contexts.js";

const { explain, render, renderText, RenderError, schema, validate, version } = macro;

test("render gives the objects in the macro's order", () => {
  const { manifests, warnings } = render(canary);
  assert.deepEqual(
    Object.entries(manifests).map(([role, { kind, metadata }]) => [role, kind, metadata.name]),
    [
      ["deployment", "Deployment", "my-service-pipeline-profiles-0"],
      ["configmap", "ConfigMap", "my-service-pipeline-profiles"],
      ["canary_deployment", "Deployment", "my-service-pipeline-profiles-0-canary"],
    ],
  );
  assert.deepEqual(warnings, []);
});

test("a context may be an object, JSON text or YAML text", () => {
  const text = renderText(minimal);
  assert.equal(renderText(JSON.stringify(minimal)), text);
  assert.equal(renderText(`# YAML\n${JSON.stringify(minimal, null, 2)}`), text);
  assert.ok(text.startsWith('{"manifests":{"deployment":{"apiVersion":"apps/v1",'));
});

test("a refusal is a RenderError with all problems", () => {
  for (const call of [render, renderText, validate, explain]) {
    assert.throws(
      () => call({}),
      (error) => {
        assert.ok(error instanceof RenderError && error instanceof Error);
        assert.equal(error.name, "RenderError");
        assert.ok(error.problems.length >= 10, error.message);
        for (const problem of error.problems) {
          assert.equal(problem.code, "missing-field");
          assert.ok(error.message.includes(problem.message));
        }
        assert.deepEqual(JSON.parse(error.text), { problems: error.problems });
        return true;
      },
    );
  }
});

test("a problem says in which text it stands, where it ends, and what fixes it", () => {
  const deployment_template = "spec:\n  template:\n    spec: {nodeSelectr: {a: b}}";
  assert.throws(
    () => render({ ...minimal, deployment_template }),
    ({ problems: [{ source, line, column, end, fix }, ...others] }) => {
      assert.deepEqual(others, []);
      assert.deepEqual({ source, line, column, end }, { source: "deployment_template", line: 3, column: 12, end: { line: 3, column: 23 } });
      assert.deepEqual(fix.edits, [{ start: { line, column }, end, text: "nodeSelector" }]);
      return true;
    },
  );
});

test("validate accepts what renders", () => {
  assert.deepEqual(validate(minimal), { warnings: [] });
});

test("explain tells the layer of every field", () => {
  const template = { spec: { replicas: 1, template: { spec: { restartPolicy: "Always", terminationGracePeriodSeconds: 60 } } } };
  const { manifests } = explain({ ...minimal, deployment_template: template });
  assert.deepEqual(Object.keys(manifests), ["deployment", "configmap"]);
  const grace = manifests.deployment.fields.find(({ path }) => path.endsWith("terminationGracePeriodSeconds"));
  assert.equal(grace.layer, "deployment_template");
  assert.deepEqual(grace.replaced.map(({ layer, value }) => [layer, value]), [["base", 30]]);
});

test("schema and version", () => {
  assert.ok("pipeline_config" in schema().definitions.fields.properties);
  assert.equal(version(), "0.1.0");
});

test("a failure without problems is an error of its own", () => {
  for (const text of ['{"problems":[]}', "{}", "null", '{"problems":{}}', "no JSON"]) {
    assert.throws(
      () => new RenderError(text),
      (error) => error instanceof macro.MacroError && !(error instanceof RenderError) && error.text === text,
    );
  }
});

test("any text gets an answer, and leaves no trace", () => {
  const expected = renderText(minimal);
  for (const text of ["", "\0", "hello", "[".repeat(200_000), "- ".repeat(200_000)]) {
    assert.throws(() => render(text), RenderError);
    assert.equal(renderText(minimal), expected);
  }
});

test("a large context does not keep its memory", () => {
  const env = { a: "x".repeat(20 << 20) };
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  try {
    render({ ...minimal, pipeline_config: { ...minimal.pipeline_config, env } });
  } catch (error) {
    assert.ok(error instanceof RenderError);
  }
  assert.equal(render(minimal).manifests.deployment.kind, "Deployment");
});

test("CommonJS has the same functions and the same RenderError", () => {
  const required = createRequire(import.meta.url)("sentry-streams-k8s");
  assert.deepEqual(Object.keys(required).sort(), Object.keys(macro).sort());
  assert.equal(required.RenderError, RenderError);
  const program = "const { version } = require('sentry-streams-k8s'); process.stdout.write(version())";
  assert.equal(execFileSync(process.execPath, ["--eval", program], { cwd: import.meta.dirname, encoding: "utf8" }), version());
});
