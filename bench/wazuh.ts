/**
 * `npm run bench:wazuh`: Wazuh's stock rule set. Its load from bytes beside that of OSSEC's, a rule; and `zopf logtest
 * --wazuh --alerts` on 100,000 lines of Wazuh's own test cases beside `gzip -6` of the same file, runs interleaved. CPU
 * seconds, for the machine may be busy. Needs `npm run build` and ../shared.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadOssec } from "../src/ossec/load/index.js";
import { loadWazuh } from "../src/wazuh/load/index.js";
import { objects, oracleIsHere, stockHome, text } from "../test/conformance/ossec-oracle.js";
import { stockWazuhHome } from "../test/conformance/wazuh-events.js";
import { homeSource } from "../test/conformance/wazuh-home.js";
import { wazuhOracleIsHere, wazuhRecords } from "../test/conformance/wazuh-oracle.js";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const rounds = Number(process.argv[2] ?? 5);
const count = Number(process.argv[3] ?? 100_000);

if (!wazuhOracleIsHere || !oracleIsHere) {
  console.log("Skipped: ../shared is not here.");
  process.exit(0);
}

const median = (numbers: number[]): number =>
  numbers.sort((one, other) => one - other)[numbers.length >> 1] ?? 0;

const ossec = stockHome();
const wazuh = stockWazuhHome();
const source = homeSource(wazuh);

/** Milliseconds of CPU for each rule of what is loaded. */
function perRule(load: () => { readonly rules: readonly unknown[] }): number {
  const before = process.cpuUsage();
  const { rules } = load();
  return process.cpuUsage(before).user / 1000 / rules.length;
}

const loads = Array.from({ length: rounds }, () => {
  const one = perRule(() => loadOssec({ read: (path) => ossec.get(path) ?? null }, { engine: "4.3" }));
  return perRule(() => loadWazuh(source)) / one;
});
console.log(`loading, a rule, beside OSSEC's: median ${median(loads).toFixed(2)} (goal 3)`);

const folder = mkdtempSync(join(tmpdir(), "zopf-bench-"));
const home = join(folder, "home");
for (const [path, bytes] of wazuh) {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), bytes);
}
const own = wazuhRecords("ini_cases.json").flatMap(({ events }) =>
  objects(events).map(({ line }) => text(line)),
);
let seed = 12345;
const mixed = Array.from({ length: count }, () => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return own[Math.floor((seed / 2 ** 32) * own.length)] ?? "";
});
const lines = join(folder, "lines.log");
writeFileSync(lines, Buffer.from(`${mixed.join("\n")}\n`, "latin1"));

/** CPU seconds of a run with its output thrown away. */
function seconds(command: string, ...parameters: readonly string[]): number {
  const quoted = [command, ...parameters].map((word) => `'${word}'`).join(" ");
  const run = spawnSync("bash", ["-c", `TIMEFORMAT='%U %S'; time ${quoted} >/dev/null 2>&1`], {
    stdio: [openSync(lines, "r"), "ignore", "pipe"],
    encoding: "utf8",
  });
  const [user = 0, system = 0] = run.stderr.trim().split(" ").map(Number);
  return user + system;
}

for (const format of ["text", "alerts-json"]) {
  const ratios = Array.from({ length: rounds }, () => {
    const gzip = seconds("gzip", "-6", "-c");
    const logtest = [
      join(repository, "bin", "run.js"),
      "logtest",
      "--wazuh",
      home,
      "--alerts",
      "--format",
      format,
    ];
    return seconds(process.execPath, ...logtest) / gzip;
  });
  console.log(`${count} lines, alerts as ${format}: ${median(ratios).toFixed(2)} x gzip -6 (goal 5)`);
}
rmSync(folder, { recursive: true, force: true });
