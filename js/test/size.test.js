import assert from "node:assert/strict";
import { test } from "node:test";
import { readmeTexts } from "../scripts/size.js";

test("the README tells the size of the package", () => {
  const { is, should } = readmeTexts();
  assert.match(is, /\| Size \| \d+ KB in one file, \d+ KB compressed/);
  assert.equal(is, should, "run `npm run size -- --write`");
});
