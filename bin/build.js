#!/usr/bin/env node
// `prepare`: compile src/ to dist/, copy what the code reads at run time, write the oclif manifest.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

if (!existsSync(join(root, "src"))) process.exit(0); // an installed package is already built

rmSync(join(root, "dist"), { recursive: true, force: true });
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
const compiled = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
for (const folder of ["schemas"]) {
  const from = join(root, "src", folder);
  if (existsSync(from)) cpSync(from, join(root, "dist", folder), { recursive: true });
}
