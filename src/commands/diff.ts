import { Args, Errors, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, worst, ZopfCommand } from "../cli/command.js";
import { targetFlag } from "../cli/target-flag.js";
import { compileBundles } from "../compiler/compile.js";
import { onlyTarget, selectTarget } from "../compiler/select-target.js";
import type { DiffReport } from "../diff/change.js";
import { noPaint } from "../report/diagnostics-text.js";
import { allDiagnostics, type DiffResult, diffGithub, diffJson, diffText } from "../report/diff.js";

export default class Diff extends ZopfCommand {
  static override summary = "What a deploy would change: what is built against what lies on a host.";
  static override description =
    "OSSEC's files are compared as rules, decoders, commands, responses and settings, the others by what their " +
    "readers see. Entries of other people are left alone and counted. Exit status as diff(1): 0 the same, 1 " +
    "different, 2 trouble.";
  static override examples = [
    "<%= config.bin %> diff perimeter.zopf.ts --deployed /",
    "<%= config.bin %> diff perimeter.zopf.ts --deployed pulled/gateway --security-only",
    "<%= config.bin %> diff perimeter.zopf.ts --since origin/main --format markdown",
  ];
  static override args = { BUNDLE: Args.string({ description: "bundle file (*.zopf.ts)", required: true }) };
  static override flags = {
    deployed: Flags.string({
      description: "File system root of the host; / is this one.",
      helpValue: "DIR",
      exactlyOne: ["deployed", "since"],
    }),
    since: Flags.string({
      description: "Against the bundle at the merge base with this git revision.",
      helpValue: "REF",
    }),
    target: targetFlag("The host of the bundle that is compared (with --since: only this one)."),
    replay: Flags.string({
      description: "Also run both configurations over these logs.",
      helpValue: "PATH",
      multiple: true,
    }),
    "security-only": Flags.boolean({
      description: "Only what weakens the defence or has to be looked at for it.",
    }),
    unmanaged: Flags.boolean({ description: "List the entries of others." }),
    patch: Flags.boolean({ description: "Unified diffs below.", default: true, allowNo: true }),
    format: formatFlag(["text", "json", "html", "github", "markdown"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff);
    if (flags.replay !== undefined && flags.deployed === undefined)
      throw new Errors.CLIError("--replay needs --deployed DIR: the configuration that runs there");
    const compiled = await compileBundles([args.BUNDLE], { show: showPath, cache: true });
    const name = flags.target ?? null;
    const wanted =
      flags.since === undefined
        ? selectTarget(compiled.bundles, name, showPath)
        : { ok: true as const, bundle: null, ...onlyTarget(compiled.bundles, name, showPath) };
    const reports: DiffReport[] = [];
    if (compiled.ok && wanted.ok) {
      if (wanted.bundle === null) {
        const { diffSince } = await import("../diff/since.js");
        reports.push(...(await diffSince(wanted.bundles, flags.since ?? "", showPath)));
      } else {
        const { bundle } = wanted;
        const { diffDeployed, withBehaviour } = await import("../diff/diff.js");
        const root = flags.deployed ?? "/";
        const report = diffDeployed(bundle, root, showPath);
        reports.push(
          flags.replay === undefined
            ? report
            : await withBehaviour(report, bundle, root, {
                logs: flags.replay,
                timeZone: process.env.TZ,
                show: showPath,
              }),
        );
      }
    }
    const result: DiffResult = {
      reports: flags["security-only"] ? reports.map(securityOnly) : reports,
      diagnostics: [...compiled.diagnostics, ...wanted.diagnostics],
    };
    const differs = result.reports.some(({ changes }) => changes.length > 0);
    const paint =
      flags.output === undefined && flags.format === "text" ? await paintFor(process.stdout) : noPaint;
    const formats = {
      json: () => diffJson(result, flags.unmanaged),
      html: async () => (await import("../report/html/diff.js")).diffHtml(result),
      github: () => diffGithub(result),
      markdown: async () => (await import("../report/markdown/diff.js")).diffMarkdown(result),
      text: () => diffText(result, paint, { unmanaged: flags.unmanaged, patches: flags.patch }),
    };
    const text =
      reports.length === 0 && flags.format !== "json" && flags.format !== "html"
        ? ""
        : await formats[flags.format]();
    const written = await this.result(text, flags.output);
    const diagnostics = allDiagnostics(result);
    if (flags.format !== "json") await this.show(diagnostics);
    const trouble = !compiled.ok || diagnostics.some(({ severity }) => severity === "error");
    this.finish(worst(differs ? 1 : 0, trouble || !written ? 2 : 0));
  }
}

function securityOnly(report: DiffReport): DiffReport {
  return { ...report, changes: report.changes.filter(({ security }) => security) };
}
