// What an object may hold: nothing is lost without a word.
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { explain, render, RenderError, renderText, validate } from "sentry-streams-k8s";
import { minimal } from "./contexts.js";

/** A context with a value among the template's annotations. */
const withValue = (value) => ({ ...minimal, deployment_template: { metadata: { annotations: { a: value } } } });
const place = "deployment_template.metadata.annotations.a";

/** The problems that a context is refused with. */
function problems(context, call = renderText) {
  try {
    call(context);
  } catch (error) {
    assert.ok(error instanceof RenderError, String(error));
    assert.deepEqual(JSON.parse(error.text), { problems: error.problems });
    return error.problems;
  }
  assert.fail("the context is not refused");
}

class Plain {
  x = 1;
}

const cyclic = { list: [] };
cyclic.list.push(cyclic);

const withProperty = Object.assign([1], { extra: 2 });

const refused = {
  undefined: [undefined, /undefined/],
  "a function": [() => 1, /function/],
  "a class": [Plain, /function/],
  "a symbol": [Symbol("x"), /symbol/],
  NaN: [NaN, /NaN/],
  Infinity: [-Infinity, /-Infinity/],
  "a boxed NaN": [Object(NaN), /NaN/],
  "half a pair": ["\ud800", /surrogate/],
  "a Map": [new Map([["a", 1]]), /Map/],
  "a Set": [new Set(["a"]), /Set/],
  "a WeakMap": [new WeakMap(), /WeakMap/],
  "a Promise": [Promise.resolve(1), /Promise/],
  "an expression": [/x/, /RegExp/],
  "an Error": [new Error("x"), /Error/],
  "an instance": [new Plain(), /Plain/],
  "a nameless instance": [new (class {})(), /instance/],
  "a Buffer": [Buffer.from("x"), /binary/],
  "a typed array": [new Float64Array(2), /binary/],
  "an ArrayBuffer": [new ArrayBuffer(2), /binary/],
  "a DataView": [new DataView(new ArrayBuffer(2)), /binary/],
  "no time": [new Date(NaN), /Date/],
  "toJSON of nothing": [{ toJSON: () => undefined }, /undefined/],
  "toJSON of a Map": [{ toJSON: () => new Map() }, /Map/],
};

for (const [name, [value, message]] of Object.entries(refused)) {
  test(`${name} is a problem with its place`, () => {
    for (const call of [render, renderText, validate, explain]) {
      const [problem, ...others] = problems(withValue(value), call);
      assert.deepEqual(others, []);
      assert.equal(problem.code, "unsupported-value");
      assert.equal(problem.path, place);
      assert.match(problem.message, message);
      assert.ok(problem.help);
    }
    assert.equal(problems(withValue([0, value]))[0].path, `${place}[1]`);
    const [{ path, code }] = problems(value ?? (() => 1));
    if (typeof value !== "string") {
      assert.deepEqual([path, code], ["", "unsupported-value"]);
    }
  });
}

test("places inside: cycles, holes, keys that are symbols, properties of lists", () => {
  const cases = [
    [cyclic, `${place}.list[0]`, /contains itself/],
    [[1, , 3], `${place}[1]`, /hole/],
    [new Array(3), `${place}[0]`, /hole/],
    [{ [Symbol("s")]: 1 }, `${place}["Symbol(s)"]`, /symbol/],
    [withProperty, `${place}.extra`, /property of a list/],
    [{ "a.b/c": undefined }, `${place}["a.b/c"]`, /undefined/],
    [{ "\u001b[31m\u2028\u202e\u0085": undefined }, `${place}["\\u001b[31m\\u2028\\u202e\\u0085"]`, /undefined/],
    [{ "half \ud800": 1 }, place, /surrogate/],
  ];
  for (const [value, path, message] of cases) {
    const [problem] = problems(withValue(value));
    assert.equal(problem.code, "unsupported-value");
    assert.equal(problem.path, path);
    assert.match(problem.message, message);
  }
  assert.ok(problems(withValue({ ["k".repeat(1e6)]: undefined }))[0].path.length < 300);
});

test("all problems are told, but not without end", () => {
  assert.equal(problems({ ...withValue(undefined), service_name: undefined, image_name: NaN }).length, 3);
  assert.equal(problems(withValue(Array.from({ length: 1e5 }, () => undefined))).length, 100);
});

test("text that is no text", () => {
  assert.match(problems("service_name: \ud800")[0].message, /half of a surrogate pair/);
});

test("depth and length are bounded", () => {
  let deep = [];
  for (let level = 0; level < 100_000; level++) {
    deep = [deep];
  }
  assert.equal(problems(withValue(deep))[0].code, "too-deep");
  const endless = { toJSON: () => ({ again: { toJSON: endless.toJSON } }) };
  assert.equal(problems(withValue(endless))[0].code, "too-deep");

  // Each level holds the one below twice: 2^40 texts.
  let wide = "x".repeat(100);
  for (let level = 0; level < 40; level++) {
    wide = [wide, wide];
  }
  const [problem] = problems(withValue(wide));
  assert.match(problem.message, /more than/);
  assert.equal(problem.code, "too-large");
});

test("what has an exact form is written in it", () => {
  const twice = { b: 1 };
  const same = [
    [12345678901234567890n, "12345678901234567890"],
    [-1n, "-1"],
    [Object(7n), "7"],
    [Object("x"), '"x"'],
    [Object(1.5), "1.5"],
    [Object(false), "false"],
    [1e21, "1e+21"],
    [null, "null"],
    [[], "[]"],
    [Object.create(null), "{}"],
    [vm.runInNewContext("({ a: [1, 'x', null, {}] })"), '{"a":[1,"x",null,{}]}'],
    [[twice, twice], '[{"b":1},{"b":1}]'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new URL("https://example.com/"), '"https://example.com/"'],
    [{ toJSON: () => ({ a: 1n }) }, '{"a":1}'],
    [JSON.parse('{"__proto__": 1}'), '{"__proto__":1}'],
    ["\u0000\u2028\u{1f600}", JSON.stringify("\u0000\u2028\u{1f600}")],
  ];
  for (const [value, text] of same) {
    // The configuration is carried as it is.
    const config = { ...minimal.pipeline_config, env: { value } };
    const written = JSON.stringify({ ...minimal, pipeline_config: 0 }).replace(
      '"pipeline_config":0',
      `"pipeline_config":{"env":{"value":${text}},"pipeline":${JSON.stringify(minimal.pipeline_config.pipeline)}}`,
    );
    const answer = (context) => {
      try {
        return renderText(context);
      } catch (error) {
        return error.text;
      }
    };
    assert.equal(answer({ ...minimal, pipeline_config: config }), answer(written), text);
    assert.ok(!answer(written).includes("unsupported-value"), text);
  }
});
