import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";

test("Zeek's records in TypeScript are those of the table", () => {
  const script = fileURLToPath(new URL("../../../bin/generate-zeek-types.js", import.meta.url));
  execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
});

test.run();
