// Stands for ossec-logtest in check.test.ts: HOME [WORD], lines on standard input. WORD is changed in what it says.
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { folderSource } from "../../src/files/folder-source.js";
import { LogtestSession } from "../../src/logtest/index.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadOssec } from "../../src/ossec/load/index.js";

const [home = "", word = ""] = process.argv.slice(2);
const loaded = loadOssec(
  folderSource(home, (path) => path),
  { engine: "4.3", home },
);
const engine = createEngine(loaded, {
  ownHostname: hostname().split(".")[0] || "localhost",
  timeZone: undefined,
  mode: "logtest",
});
const session = new LogtestSession(engine, {
  format: "text",
  alerts: false,
  verbose: false,
  control: false,
  now: () => Math.floor(Date.now() / 1000),
});
let text = `2026/01/01 00:00:00 ossec-testrule: INFO: Started (pid: 1).\n${session.begin()}`;
for (const line of readFileSync(0, "latin1").split("\n")) if (line !== "") text += session.line(line);
process.stderr.write(Buffer.from(word === "" ? text : text.replaceAll(word, "1"), "latin1"));
