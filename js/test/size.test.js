import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sizes } from "../scripts/size.js";

test("the README tells the size of the package", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const [, bundle, gzip] = readme.match(/\| Size \| (\d+) KB in one file, (\d+) KB compressed/);
  const actual = sizes();
  for (const [told, weighed] of [[bundle, actual.bundle], [gzip, actual.gzip]]) {
    assert.ok(Math.abs(weighed - told) <= weighed / 10, `README.md says ${told} KB, it is ${weighed} KB`);
  }
});
