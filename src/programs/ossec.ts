import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { folderSource } from "../files/folder-source.js";
import { LogtestSession } from "../logtest/index.js";
import { mergedFiles } from "../merge/merge-home.js";
import { analyses } from "../model/hosts.js";
import type { EngineVersion } from "../model/model.js";
import { createEngine } from "../ossec/engine/index.js";
import { categoryRootsText } from "../ossec/load/index.js";
import { loadHome } from "../targets/home.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { outsideRules } from "../targets/ossec/outside-rules.js";
import { codes } from "./codes.js";
import { bundleSpan, type EngineCheck, type EngineContext, type LaidOut } from "./context.js";
import { outcome, verdict } from "./files.js";
import { type Outcome, plural, skipped } from "./outcome.js";
import { lastWords, type Ran, run } from "./process.js";

/** Messages of OSSEC's programs that speak of the host, not of the configuration. */
const hostTrouble =
  /\((?:1203|1204|1205|1206|1207|1208|1227)\)|chroot|Unable to (?:switch|chdir)|Invalid user/i;

/** `ossec-analysisd -t` on each bundle's configuration. */
export const checkAnalysisd: EngineCheck = async (context) => {
  const diagnostics: Diagnostic[] = [];
  const bundles = analysing(context);
  if (bundles.length === 0) return skipped(nothingToAnalyse);
  for (const laid of bundles) {
    const home = layHome(context, laid);
    const ran = await run(context.program, ["-t", "-D", home, "-c", join(home, "etc/ossec.conf")], {
      timeout: 30,
    });
    const unable = unableReason(ran);
    if (unable !== null) return skipped(unable);
    const found = verdict(context, laid, "ossec/", ran, false);
    if (found !== null) diagnostics.push(found);
  }
  return outcome(diagnostics, plural(bundles.length, "configuration"));
};

/** `ossec-logtest -t`, and then every sample line through both engines. */
export const checkLogtest: EngineCheck = async (context) => {
  const bundles = analysing(context);
  if (bundles.length === 0) return skipped(nothingToAnalyse);
  const version = await realVersion(context.program);
  const diagnostics: Diagnostic[] = [];
  let lines = 0;
  for (const laid of bundles) {
    const home = layHome(context, laid);
    const where = ["-D", home, "-c", join(home, "etc/ossec.conf")];
    const tested = await run(context.program, ["-t", ...where], { timeout: 30 });
    const unable = unableReason(tested);
    if (unable !== null) return skipped(unable);
    const refused = verdict(context, laid, "ossec/", tested, false);
    if (refused !== null) {
      diagnostics.push(refused);
      continue;
    }
    lines += laid.lines.length;
    diagnostics.push(...(await compareLines(context, laid, home, where, version)));
  }
  const disagreeing = diagnostics.filter(({ code }) => code === codes.disagree.code).length;
  if (disagreeing > 0)
    return {
      status: "failed",
      summary: `${plural(lines, "line")} through both engines, ${disagreeing} seen differently`,
      diagnostics,
    };
  return { ...outcome(diagnostics, plural(lines, "line")), ...agreed(diagnostics, lines) };
};

function agreed(diagnostics: readonly Diagnostic[], lines: number): Partial<Outcome> {
  return diagnostics.length > 0
    ? {}
    : { summary: `${plural(lines, "line")} through both engines: they agree` };
}

/** Agents have no rules to check. */
function analysing({ bundles }: EngineContext): readonly LaidOut[] {
  return bundles.filter(({ bundle: { model } }) => analyses(model) && model.ossec.dialect === "ossec");
}

const nothingToAnalyse = "no bundle has rules for OSSEC";

/** The host cannot run the program at all: not installed for it, or not allowed. */
function unableReason(ran: Ran): string | null {
  if (ran.status === 0) return null;
  const words = lastWords(ran);
  return hostTrouble.test(words) ? `it cannot run here (it needs root and OSSEC's user): ${words}` : null;
}

async function realVersion(program: string): Promise<EngineVersion | null> {
  const { stdout, stderr } = await run(program, ["-V"], { timeout: 10 });
  const version = /v(\d+)\.(\d+)/.exec(`${stdout}${stderr}`);
  if (version === null) return null;
  if (version[1] === "3") return Number(version[2]) <= 7 ? "3.7" : "3.8";
  return "4.3";
}

/** An OSSEC home with nothing but the bundle, or the given one with the bundle in it. */
function layHome(context: EngineContext, laid: LaidOut): string {
  const { model, files } = laid.bundle;
  const home = join(context.scratch, `ossec-${model.name}`, model.host?.name ?? "");
  if (existsSync(home)) return home;
  for (const folder of ["etc", "rules", "queue", "logs", "stats", "tmp", "var/run"])
    mkdirSync(join(home, folder), { recursive: true });
  chmodSync(home, 0o755);
  if (context.home !== null)
    for (const folder of ["etc", "rules", "lists"])
      if (existsSync(join(context.home, folder)))
        cpSync(join(context.home, folder), join(home, folder), { recursive: true, dereference: true });
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content);
  };
  if (context.home === null) {
    const outside = outsideRules(model) ?? "";
    put(
      "rules/rules_config.xml",
      outside.startsWith(categoryRootsText) ? outside : `${categoryRootsText}\n${outside}`,
    );
    put(
      "etc/ossec.conf",
      "<ossec_config>\n  <rules>\n    <include>rules_config.xml</include>\n    <include>local_rules.xml</include>\n  </rules>\n</ossec_config>\n",
    );
    // The engine wants a decoder of each kind (docs/reference/ossec.md#decoder-fields).
    put(
      "etc/decoder.xml",
      '<decoder name="zz_none"><prematch>zz_never_zz</prematch></decoder>\n<decoder name="zz_none_program"><program_name>^zz_never_zz</program_name></decoder>\n',
    );
  }
  const merged = mergedFiles(folderSource(home, context.show), model, files, dialectOf(model.ossec));
  for (const [path, bytes] of merged) if (bytes !== null) put(path, bytes);
  const options = join(dirname(dirname(context.program)), "etc", "internal_options.conf");
  if (existsSync(options)) cpSync(options, join(home, "etc", "internal_options.conf"));
  return home;
}

const phase1 = "**Phase 1: Completed pre-decoding.";

async function compareLines(
  context: EngineContext,
  laid: LaidOut,
  home: string,
  where: readonly string[],
  version: EngineVersion | null,
): Promise<readonly Diagnostic[]> {
  const { ossec } = laid.bundle.model;
  const loaded = loadHome(
    { ossec: { ...ossec, home } },
    folderSource(home, context.show),
    dialectOf(ossec, version),
  );
  const session = new LogtestSession(
    createEngine(loaded, {
      ownHostname: hostname().split(".")[0] || "localhost",
      timeZone: process.env.TZ,
      mode: "logtest",
    }),
    {
      format: "text",
      alerts: false,
      verbose: false,
      control: false,
      now: () => Math.floor(Date.now() / 1000),
    },
  );
  const ours = laid.lines
    .map(({ line, from }) => ({ line, from, text: session.line(line) }))
    .filter(({ text }) => text.includes(phase1));
  const input = Buffer.from(laid.lines.map(({ line }) => `${line}\n`).join(""), "latin1");
  const ran = await run(context.program, where, { input, timeout: 300 });
  const theirs = `${ran.stderr}${ran.stdout}`.split(phase1).slice(1).map(body);
  const at = bundleSpan(laid, context.show);
  const found: Diagnostic[] = [];
  for (const [index, { line, from, text }] of ours.entries()) {
    const mine = body(text.split(phase1)[1] ?? "");
    const real = theirs[index];
    if (real === mine) continue;
    found.push(
      codes.disagree(
        at,
        real === undefined
          ? `the real engine ended before this line (${from}): ${shown(line)}; ${lastWords(ran, 2)}`
          : `${from}: ${shown(line)}; zopf: ${essence(mine)}; ossec-logtest: ${essence(real)}`,
        "this is a bug in zopf: please report it with the line, the decoders and the rules",
      ),
    );
    if (real === undefined || found.length === 20) break;
  }
  return found;
}

function body(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

function shown(line: string): string {
  return JSON.stringify(Buffer.from(line, "latin1").toString("utf8").slice(0, 300));
}

/** Decoder, fields and rule of a block of phases, in one line. */
function essence(block: string): string {
  const words = block
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !line.startsWith("**Phase") && !line.startsWith("full event"));
  return Buffer.from(words.join(", "), "latin1").toString("utf8").slice(0, 500);
}
