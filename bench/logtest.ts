/**
 * `npm run bench:logtest`: `zopf logtest --alerts` on 100,000 mixed lines of the stock rule set, beside
 * `gzip -6` of the same file, runs interleaved. Needs `npm run build` and ../shared.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const shared = join(repository, "..", "shared");
const ruleset = join(shared, "ossec-ruleset");
const rounds = Number(process.argv[2] ?? 7);
const count = process.argv[3] ?? "100000";

if (!existsSync(join(ruleset, "rules.txt"))) {
  console.log("Skipped: ../shared is not here.");
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "zopf-bench-"));
const home = join(folder, "home");
mkdirSync(join(home, "etc"), { recursive: true });
cpSync(join(ruleset, "rules"), join(home, "rules"), { recursive: true });
cpSync(join(ruleset, "decoder.xml"), join(home, "etc", "decoder.xml"));
const includes = readFileSync(join(ruleset, "rules.txt"), "utf8")
  .split("\n")
  .filter((name) => name !== "")
  .map((name) => `<include>${name}</include>`);
const levels =
  "<alerts><log_alert_level>1</log_alert_level><email_alert_level>7</email_alert_level></alerts>";
writeFileSync(
  join(home, "etc", "ossec.conf"),
  `<ossec_config><rules>${includes.join("")}</rules>${levels}</ossec_config>\n`,
);

const lines = join(folder, "lines.log");
const oracle = ["stock_stateless.json", "upstream-cases.json"].map((name) =>
  join(shared, "oracle", "ossec", name),
);
const made = spawnSync(process.execPath, [join(shared, "bench", "mixed-lines.cjs"), count, ...oracle], {
  maxBuffer: 1 << 30,
});
writeFileSync(lines, made.stdout);

/** Wall seconds of a run with its output thrown away. */
function seconds(command: string, ...parameters: readonly string[]): number {
  const start = performance.now();
  const run = spawnSync(command, parameters, {
    stdio: [openSync(lines, "r"), openSync("/dev/null", "w"), "inherit"],
  });
  if (run.status !== 0) throw new Error(`${command} ended with ${run.status}`);
  return (performance.now() - start) / 1000;
}

const ratios: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const gzip = seconds("gzip", "-6", "-c");
  const zopf = seconds(
    process.execPath,
    join(repository, "bin", "run.js"),
    "logtest",
    "--ossec",
    home,
    "--alerts",
  );
  ratios.push(zopf / gzip);
  console.log(`gzip ${gzip.toFixed(2)} s   zopf ${zopf.toFixed(2)} s   ratio ${(zopf / gzip).toFixed(2)}`);
}
rmSync(folder, { recursive: true, force: true });
ratios.sort((one, other) => one - other);
console.log(`median ratio ${(ratios[ratios.length >> 1] ?? 0).toFixed(2)} (goal 3.4; ossec-logtest -a: 6.9)`);
