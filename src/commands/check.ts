import { Args, Errors, Flags } from "@oclif/core";
import { type CheckReport, check } from "../check/check.js";
import { formatFlag, outputFlag, paintFor, showPath, worst, ZopfCommand } from "../cli/command.js";
import { interrupted } from "../cli/reading.js";
import { targetFlag } from "../cli/target-flag.js";
import { didYouMean } from "../diagnostics/near-names.js";
import { type EngineName, engineName, engineNames } from "../programs/find.js";
import { checkGithub, checkJson, checkJunit, checkText } from "../report/check.js";
import { noPaint } from "../report/diagnostics-text.js";

export default class Check extends ZopfCommand {
  static override summary =
    "Everything that CI wants in one run: types, build --check, lint, cases, and the real engines.";
  static override description =
    "Every part runs even when one fails. Real programs (zeek, ossec-logtest, ossec-analysisd, pfctl, nft, " +
    "iptables-restore, sh, shellcheck) are used where they are installed; those that are not are named as skipped " +
    "and never count as passed. Without BUNDLE every *.zopf.ts below the working directory is checked.";
  static override examples = [
    "<%= config.bin %> check",
    "<%= config.bin %> check perimeter.zopf.ts --with /var/ossec --require-engines zeek,ossec",
    "<%= config.bin %> check --format junit --output check.xml",
  ];
  static override strict = false;
  static override args = { BUNDLE: Args.string({ description: "bundle files (*.zopf.ts)" }) };
  static override flags = {
    out: Flags.string({ description: "Where build wrote.", default: "generated", helpValue: "DIR" }),
    with: Flags.string({
      description: "The home of OSSEC or Wazuh that the bundles will live in.",
      helpValue: "DIR",
    }),
    target: targetFlag("Only this host of bundles that have several (default: all of them)."),
    "require-engines": Flags.string({
      description: `Engines whose absence is a failure: ${engineNames.join(", ")}.`,
      helpValue: "NAME,…",
      multiple: true,
    }),
    "engine-path": Flags.string({
      description:
        "The program of an engine; off leaves it out. Or by environment: ZOPF_ZEEK=/opt/zeek/bin/zeek.",
      helpValue: "NAME=PATH",
      multiple: true,
    }),
    "fail-on": Flags.option({
      options: ["refused", "dead", "dangerous", "misread", "style"] as const,
      default: "dangerous",
      description: "Lint: the mildest effect that fails.",
    })(),
    since: Flags.string({
      description: "Also show what changes on the hosts against the merge base with this git revision.",
      helpValue: "REF",
    }),
    only: Flags.string({
      description: "Only these parts: types, verify, build, lint, with, test, or an engine's name.",
      helpValue: "PART,…",
      multiple: true,
    }),
    cache: Flags.boolean({ description: "Reuse what was compiled before.", default: true, allowNo: true }),
    format: formatFlag(["text", "json", "junit", "github"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Check);
    const progress = this.progress().listen();
    const report = await check({
      watch: {
        step: (name) => progress.step(`checking: ${name}`),
        stopped: () => progress.stopped(),
      },
      files: argv.map(String),
      out: flags.out,
      with: flags.with ?? null,
      target: flags.target ?? null,
      requireEngines: listOf(flags["require-engines"]).map(knownEngine),
      enginePaths: new Map((flags["engine-path"] ?? []).map(enginePath)),
      only: listOf(flags.only).map(knownPart),
      since: flags.since ?? null,
      failOn: flags["fail-on"],
      cache: flags.cache,
      show: showPath,
    });
    progress.end();
    const paint =
      flags.output === undefined && flags.format === "text" ? await paintFor(process.stdout) : noPaint;
    const formats = {
      json: checkJson,
      junit: checkJunit,
      github: checkGithub,
      text: (one: CheckReport) => checkText(one, paint),
    };
    const written = await this.result(formats[flags.format](report), flags.output);
    if (flags.format !== "json") await this.show(report.diagnostics);
    this.finish(
      worst(
        report.parts.some(({ status }) => status === "failed") ? 1 : 0,
        report.parts.length === 0 || report.parts.some(({ status }) => status === "invalid") || !written
          ? 2
          : 0,
        progress.stopped() ? interrupted : 0,
      ),
    );
  }
}

function listOf(words: readonly string[] | undefined): readonly string[] {
  return (words ?? []).flatMap((word) => word.split(",")).filter((word) => word !== "");
}

function knownEngine(word: string): EngineName {
  const name = engineName(word);
  if (name === null)
    throw new Errors.CLIError(
      `there is no engine "${word}" (${engineNames.join(", ")}).${didYouMean(word, [...ownParts, ...engineNames])}`,
    );
  return name;
}

const ownParts = ["types", "verify", "build", "lint", "with", "test", "since"];

function knownPart(word: string): string {
  return ownParts.includes(word) ? word : knownEngine(word);
}

function enginePath(word: string): readonly [EngineName, string] {
  const at = word.indexOf("=");
  if (at < 1) throw new Errors.CLIError(`--engine-path ${word}: write NAME=PATH`);
  return [knownEngine(word.slice(0, at)), word.slice(at + 1)];
}
