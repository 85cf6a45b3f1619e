#!/usr/bin/env node
// A fresh clone with only Node and npm: install what package-lock.json names, which also builds.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Newer than what it is made from: the lock file for node_modules. */
function isCurrent(path, source) {
  return existsSync(path) && statSync(path).mtimeMs >= statSync(source).mtimeMs;
}

const installed = join(root, "node_modules", ".package-lock.json");
if (!isCurrent(installed, join(root, "package-lock.json"))) {
  // npm_execpath is the npm that runs us: no shell and no search along PATH.
  const npm = process.env.npm_execpath;
  const words = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...words], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync("npm", words, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (result.status !== 0) process.exit(result.status ?? 1);
} else {
  const result = spawnSync(process.execPath, [join(root, "bin", "build.js"), "--if-needed"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
