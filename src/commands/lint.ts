import { existsSync, writeFileSync } from "node:fs";
import { Args, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, worst, ZopfCommand } from "../cli/command.js";
import { interrupted } from "../cli/reading.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { nearestName } from "../diagnostics/near-names.js";
import { readWhole } from "../files/read-whole.js";
import { type ReadingWatch, sizeOf } from "../files/reading-watch.js";
import { reasonOf } from "../files/system-error.js";
import { type Baseline, baselineText, readBaseline } from "../lint/baseline.js";
import { codes } from "../lint/codes.js";
import { countFiles } from "../lint/host/count-files.js";
import { findInputs, type Inputs } from "../lint/host/find-inputs.js";
import type { LogFile } from "../lint/lines.js";
import { fails, type LintOptions, type LintResult, lintFiles } from "../lint/lint.js";
import { effects } from "../lint/model.js";
import { recognisedDialect } from "../lint/recognise.js";
import { ruleByCode, rules } from "../lint/rules/index.js";
import { type LintSettings, noSettings, readSettings } from "../lint/settings.js";
import { engineVersions } from "../logtest/arguments.js";
import { noPaint } from "../report/diagnostics-text.js";

const settingsFile = "zopf.config.json";

export default class Lint extends ZopfCommand {
  static override summary =
    "Say what OSSEC or Wazuh would do with rules, decoders and ossec.conf: what it refuses, what never fires, what is dangerous, what means something else than it says.";
  static override description =
    "PATH is a file or a folder. Load order: that of an ossec.conf among the inputs, else --order, else unknown. docs/lint.md lists the rules; --explain CODE shows one.";
  static override examples = [
    "<%= config.bin %> lint /var/ossec/etc /var/ossec/rules",
    "<%= config.bin %> lint rules/ --order rules.txt --closed --format sarif",
    "<%= config.bin %> lint etc rules --logs auth.log.gz",
    "<%= config.bin %> lint --explain OSSEC-MATCH-BANG",
  ];
  static override strict = false;
  static override args = {
    PATH: Args.string({
      description: "files or folders with rules, decoders, ossec.conf",
      ignoreStdin: true,
    }),
  };
  static override flags = {
    closed: Flags.boolean({ description: "The given files are all there is." }),
    order: Flags.string({
      description: "File with the names of rule files in load order, one a line.",
      helpValue: "FILE",
    }),
    logs: Flags.string({
      description: "Sample lines: told what they show, and what they reach.",
      multiple: true,
      helpValue: "FILE",
    }),
    engine: Flags.option({
      options: engineVersions,
      default: engineVersions[0],
      description: "OSSEC version.",
    })(),
    dialect: Flags.option({
      options: ["ossec", "wazuh"] as const,
      description: "Whose engine reads the files (default: as they look).",
    })(),
    "fail-on": Flags.option({
      options: effects,
      default: "dangerous",
      description: "The mildest effect that ends with exit status 1.",
    })(),
    fix: Flags.boolean({ description: "Fix what can be fixed without changing what matches." }),
    "fix-dry-run": Flags.boolean({ description: "Print what --fix would do as a diff, write nothing." }),
    backup: Flags.boolean({ description: "Keep the old file as FILE.orig.", default: true, allowNo: true }),
    off: Flags.string({ description: "A rule to leave out.", multiple: true, helpValue: "CODE" }),
    config: Flags.string({ description: `Settings (default: ${settingsFile} here).`, helpValue: "FILE" }),
    "include-stock": Flags.boolean({
      description: "Findings about OSSEC's and Wazuh's own rules and decoders, too.",
    }),
    notes: Flags.boolean({
      description:
        "Findings that are true of every rule of their kind, too (default: with --closed, unless there are stock rules).",
      allowNo: true,
    }),
    baseline: Flags.string({
      description: "Known findings, which are not shown; --write-baseline makes it.",
      helpValue: "FILE",
    }),
    "write-baseline": Flags.boolean({ description: "Write what is found now to the file of --baseline." }),
    "coverage-lcov": Flags.string({
      description: "Write what --logs reached in lcov's form.",
      helpValue: "FILE",
    }),
    explain: Flags.string({ description: "Explain a rule.", helpValue: "CODE" }),
    format: formatFlag(["text", "json", "html", "markdown", "sarif", "junit", "github"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Lint);
    if (flags.explain !== undefined) return this.explain(flags.explain, flags.output);
    const problems: Diagnostic[] = [];
    const usage = (message: string, help?: string): void => {
      problems.push(codes.input({ file: "-", line: 1, column: 1 }, message, help));
    };
    if (argv.length === 0)
      usage("no path is given", "Name files or folders with rules, decoders, ossec.conf.");
    for (const code of flags.off ?? [])
      if (ruleByCode(code) === undefined) usage(`--off: there is no rule ${code}`, meant(code));
    const inputs = findInputs(argv.map((path) => showPath(String(path))));
    problems.push(...inputs.diagnostics);
    const settings = this.settings(flags.config, flags.off ?? [], problems);
    const order = flags.order === undefined ? null : readOrder(flags.order, problems);
    const reading = this.progress().listen();
    const logs = flags.logs === undefined ? [] : await readLogs(flags.logs, problems, reading);
    reading.end();
    if (reading.stopped())
      problems.push(
        codes.logsCut(
          { file: flags.logs?.[0] ?? "-", line: 1, column: 1 },
          "stopped before the end: what is said of lines is said of a part",
        ),
      );
    const baseline = this.baseline(flags.baseline, flags["write-baseline"], problems);
    const { notes } = flags;
    const options: LintOptions = {
      engine: flags.engine,
      dialect: flags.dialect ?? recognisedDialect(inputs.files),
      closed: flags.closed,
      includeStock: flags["include-stock"],
      ...(notes === undefined ? {} : { notes }),
      ...(baseline === null ? {} : { baseline }),
      order,
      logs,
      settings,
      homes: inputs.homes,
      // What is on this host counts only where the files are said to be all there is.
      glob: flags.closed ? countFiles : null,
    };
    let result = lintFiles(problems.some(isError) ? [] : inputs.files, options);
    if (flags["write-baseline"] && flags.baseline !== undefined && !problems.some(isError)) {
      const written = writeBaseline(flags.baseline, baselineText(result.placed), problems);
      if (written !== null) result = lintFiles(inputs.files, { ...options, baseline: written });
    }
    problems.push(...result.diagnostics);
    const fixed = await this.applyFixes(inputs, result, options, flags, problems);
    if (fixed === "printed") return;
    if (fixed === "written")
      result = lintFiles(findInputs(argv.map((path) => showPath(String(path)))).files, options);
    const status = worst(
      fails(result.findings, flags["fail-on"]) ? 1 : 0,
      problems.some(isError) ? 2 : 0,
      reading.stopped() ? interrupted : 0,
    );
    // Known before anything is written: who reads the first line alone gets it, too.
    this.finish(status);
    const written = await this.result(await this.format(result, problems, flags), flags.output);
    if (flags.format !== "json") await this.show(problems);
    const covered = await this.coverage(result, flags["coverage-lcov"], problems);
    this.finish(written && covered ? status : worst(status, 2));
  }

  private async format(
    result: LintResult,
    problems: readonly Diagnostic[],
    flags: {
      readonly format: "text" | "json" | "html" | "markdown" | "sarif" | "junit" | "github";
      readonly "fail-on": (typeof effects)[number];
      readonly output?: string | undefined;
    },
  ): Promise<string> {
    const { findings, summary, leftOut, coverage, sources } = result;
    switch (flags.format) {
      case "json":
        return (await import("../report/findings-json.js")).findingsJson(
          findings,
          summary,
          leftOut,
          problems,
          coverage,
        );
      case "html":
        return (await import("../report/html/lint.js")).lintHtml(result, problems);
      case "markdown":
        return (await import("../report/markdown/lint.js")).lintMarkdown(result);
      case "sarif":
        return (await import("../report/sarif.js")).findingsSarif(result.placed);
      case "junit": {
        const { findingsJunit } = await import("../report/findings-ci.js");
        return findingsJunit(
          findings,
          (finding) => fails([finding], flags["fail-on"]),
          sources.map(({ file }) => file),
        );
      }
      case "github":
        return (await import("../report/findings-ci.js")).findingsGithub(findings);
      case "text": {
        const { coverageText, findingsText } = await import("../report/findings-text.js");
        const paint = flags.output === undefined ? await paintFor(process.stdout) : noPaint;
        if (problems.some(isError) && findings.length === 0) return "";
        return (
          findingsText(findings, summary, leftOut, sources, paint) +
          (coverage === null ? "" : coverageText(coverage))
        );
      }
    }
  }

  private async explain(code: string, output: string | undefined): Promise<void> {
    const wanted = code.toUpperCase();
    const rule =
      ruleByCode(wanted) ?? ruleByCode(`OSSEC-${wanted}`) ?? rules.find(({ trap }) => trap === code);
    if (rule === undefined) {
      await this.show([
        codes.input(
          { file: "-", line: 1, column: 1 },
          `there is no rule ${code}`,
          meant(code) ??
            "zopf lint PATH names the rule of each finding; the documentation lists them all (docs/lint.md).",
        ),
      ]);
      return this.finish(2);
    }
    const { ruleMarkdown } = await import("../lint/docs.js");
    const written = await this.result(ruleMarkdown(rule), output);
    this.finish(written ? 0 : 2);
  }

  private settings(file: string | undefined, off: readonly string[], problems: Diagnostic[]): LintSettings {
    const path = file ?? settingsFile;
    let settings = noSettings;
    if (file !== undefined || existsSync(path)) {
      const text = readText(path, problems);
      const read = text === null ? null : readSettings(path, text, (code) => ruleByCode(code) !== undefined);
      if (read !== null && !read.ok) problems.push(...read.diagnostics);
      if (read?.ok === true) settings = read.settings;
    }
    return off.length === 0 ? settings : { ...settings, off: new Set([...settings.off, ...off]) };
  }

  /** What is known already; null: nothing, or it is written now. */
  private baseline(file: string | undefined, write: boolean, problems: Diagnostic[]): Baseline | null {
    if (write || file === undefined) {
      if (write && file === undefined)
        problems.push(
          codes.baseline({ file: "-", line: 1, column: 1 }, "--write-baseline needs --baseline FILE"),
        );
      return null;
    }
    const text = readText(file, problems);
    const read = text === null ? null : readBaseline(file, text);
    if (read?.ok === false) problems.push(read.diagnostic);
    return read?.ok === true ? read.baseline : null;
  }

  private async applyFixes(
    inputs: Inputs,
    result: LintResult,
    options: LintOptions,
    flags: {
      readonly fix: boolean;
      readonly "fix-dry-run": boolean;
      readonly backup: boolean;
      readonly format: string;
      readonly output?: string | undefined;
    },
    problems: Diagnostic[],
  ): Promise<"nothing" | "printed" | "written"> {
    if ((!flags.fix && !flags["fix-dry-run"]) || problems.some(isError)) return "nothing";
    if (options.dialect !== "ossec") {
      const place = { file: inputs.files[0]?.path ?? "-", line: 1, column: 1 };
      problems.push(
        codes.fixRefused(place, "for Wazuh nothing is fixed: fixes are checked with OSSEC's engine"),
      );
    }
    const { planFixes, fixDiff } = await import("../lint/fixes.js");
    const plan = planFixes(result, inputs.files, options);
    problems.push(...plan.diagnostics);
    if (flags["fix-dry-run"]) {
      let text = fixDiff(plan.files);
      if (flags.format === "json") {
        const { findingsJson } = await import("../report/findings-json.js");
        const fixes = plan.files.map((file) => ({
          file: file.path,
          count: file.count,
          diff: fixDiff([file]),
        }));
        text = findingsJson(
          result.findings,
          result.summary,
          result.leftOut,
          problems,
          result.coverage,
          fixes,
        );
      } else await this.show(plan.diagnostics);
      const written = await this.result(text, flags.output);
      this.finish(written ? 0 : 2);
      return "printed";
    }
    const { writeFixes } = await import("../lint/host/write-fixes.js");
    const { written, diagnostics } = writeFixes(plan.files, flags.backup);
    problems.push(...diagnostics);
    for (const { path, count } of written) process.stderr.write(`fixed ${path}: ${count}\n`);
    return written.length > 0 ? "written" : "nothing";
  }

  /** False where the file could not be written. */
  private async coverage(
    { coverage }: LintResult,
    file: string | undefined,
    problems: readonly Diagnostic[],
  ): Promise<boolean> {
    if (file === undefined || coverage === null || problems.some(isError)) return true;
    const { coverageLcov } = await import("../report/findings-text.js");
    return this.result(coverageLcov(coverage), file);
  }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function readText(path: string, problems: Diagnostic[]): string | null {
  try {
    return readWhole(path).toString("utf8");
  } catch (error) {
    problems.push(codes.input({ file: path, line: 1, column: 1 }, `cannot be read: ${reasonOf(error)}`));
    return null;
  }
}

function writeBaseline(file: string, text: string, problems: Diagnostic[]): Baseline | null {
  try {
    writeFileSync(file, text);
  } catch (error) {
    problems.push(codes.baseline({ file, line: 1, column: 1 }, `cannot be written: ${reasonOf(error)}`));
    return null;
  }
  const read = readBaseline(file, text);
  if (!read.ok) return null;
  process.stderr.write(`wrote ${file}: ${read.baseline.fingerprints.size} findings\n`);
  return read.baseline;
}

function readOrder(file: string, problems: Diagnostic[]) {
  const text = readText(file, problems);
  return text === null ? null : { file, names: text.split(/\r?\n/).map((name) => name.trim()) };
}

/** Lines are kept in memory: coverage runs them twice. */
const logsLimit = 512 << 20;

async function readLogs(
  files: readonly string[],
  problems: Diagnostic[],
  watch: ReadingWatch,
): Promise<readonly LogFile[]> {
  watch.expect(sizeOf(files));
  const { unread } = await import("../files/input.js");
  const { readBytes } = await import("../files/streamed-input.js");
  const { LineCutter } = await import("../files/lines.js");
  const logs: LogFile[] = [];
  let left = logsLimit;
  for (const file of files) {
    const state = unread();
    const cutter = new LineCutter();
    const lines: string[] = [];
    let watched = 0;
    let cut = false;
    for await (const chunk of readBytes(file, state)) {
      for (const line of cutter.push(chunk)) lines.push(line);
      left -= chunk.length;
      cut = left < 0;
      await watch.read(state.rawBytes - watched);
      watched = state.rawBytes;
      if (cut || watch.stopped()) break;
    }
    const rest = cut ? null : cutter.end();
    if (rest !== null) lines.push(rest);
    if (cut)
      problems.push(
        codes.logsCut(
          { file, line: lines.length + 1, column: 1 },
          `only the lines before this one are looked at: ${logsLimit >> 20} MiB of logs are read at once`,
        ),
      );
    const trouble = state.unreadable ?? state.damage;
    if (trouble !== undefined) {
      problems.push(codes.input({ file, line: 1, column: 1 }, `cannot be read: ${String(trouble)}`));
    }
    logs.push({ file, lines });
  }
  return logs;
}

/** The rule that a misspelt code may stand for, with or without its first word. */
function meant(code: string): string | undefined {
  const near = nearestName(
    code,
    rules.flatMap((rule) => [rule.code, rule.code.replace(/^[A-Z]+-/, "")]),
  );
  return near === null ? undefined : `Did you mean ${near}?`;
}
