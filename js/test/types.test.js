// What a TypeScript project sees, as an ES module and as CommonJS.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

test("the types fit their uses", () => {
  const tsc = join(import.meta.dirname, "../node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "--project", join(import.meta.dirname, "types")], { stdio: "inherit" });
});
