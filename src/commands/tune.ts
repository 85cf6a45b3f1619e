import { Args, Errors, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, ZopfCommand } from "../cli/command.js";
import { interrupted } from "../cli/reading.js";
import { reorderFlag } from "../cli/replay-flags.js";
import { compileBundles } from "../compiler/compile.js";
import { selectAnalysis } from "../compiler/select-target.js";
import { noPaint } from "../report/diagnostics-text.js";
import { tuneJson, tuneText } from "../report/tune.js";
import { silenceText, whyText } from "../report/why.js";

export default class Tune extends ZopfCommand {
  static override summary =
    "How many sources each threshold and window would block, in one pass over the logs.";
  static override description =
    "A source counts as blocked at its first notice, if the bundle's responses block it and no list protects it; of detections that nothing blocks on, the sources with a notice are shown. " +
    "Each number is what `replay` would give with that setting in the bundle.";
  static override examples = [
    "<%= config.bin %> tune perimeter.zopf.ts --zeek /opt/zeek/logs/2026-06-11 --vary threshold=3..50 --vary window=30s,1min,5min",
    "<%= config.bin %> tune perimeter.zopf.ts --zeek conn.log --vary threshold=3..20 --known-good partners.txt",
  ];
  static override args = { BUNDLE: Args.string({ description: "bundle file (*.zopf.ts)", required: true }) };
  static override flags = {
    zeek: Flags.string({
      description: "Zeek's conn.log, or folder of logs; - is standard input.",
      multiple: true,
      required: true,
      helpValue: "PATH",
    }),
    vary: Flags.string({
      description: "threshold=3..50 or window=30s,1min,5min; ranges may have a step: 10..100/10.",
      multiple: true,
      required: true,
      helpValue: "NAME=LIST",
    }),
    detection: Flags.string({ description: "Only this detection.", helpValue: "NAME" }),
    "known-good": Flags.string({
      description: "Addresses and networks that should not be blocked, one a line.",
      helpValue: "FILE",
    }),
    "known-bad": Flags.string({
      description: "Addresses and networks that should be blocked, one a line.",
      helpValue: "FILE",
    }),
    why: Flags.boolean({
      description:
        "Show what became of all rows on their way to each detection, in another pass. Text names the cause where no setting gives a notice in any case.",
    }),
    reorder: reorderFlag,
    strict: Flags.boolean({ description: "Bad records make the exit status 2." }),
    format: formatFlag(["text", "json", "html", "markdown"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Tune);
    const json = flags.format === "json";
    const { readVariation } = await import("../tune/settings.js");
    const read = readVariation(flags.vary);
    if (!read.ok) throw new Errors.CLIError(read.problem);
    const { readKnownList } = await import("../tune/lists.js");
    const good = flags["known-good"] === undefined ? null : readKnownList(flags["known-good"]);
    const bad = flags["known-bad"] === undefined ? null : readKnownList(flags["known-bad"]);
    const listed = [...(good?.diagnostics ?? []), ...(bad?.diagnostics ?? [])];
    const compiled = await compileBundles([args.BUNDLE], { show: showPath, cache: true });
    const selected = selectAnalysis(compiled.bundles, null, showPath);
    const said = [...listed, ...compiled.diagnostics, ...selected.diagnostics];
    if (!compiled.ok || !selected.ok || listed.length > 0) {
      if (json) await this.result(tuneJson({ detections: [], why: [] }, said), flags.output);
      else await this.show(said);
      this.finish(2);
      return;
    }
    const { bundle } = selected;
    const { tune } = await import("../tune/tune.js");
    const reading = this.progress().listen();
    const outcome = await tune({
      model: bundle.model,
      files: bundle.files,
      zeek: flags.zeek,
      variation: read.variation,
      detection: flags.detection ?? null,
      knownGood: good?.list ?? null,
      knownBad: bad?.list ?? null,
      reorder: flags.reorder ?? null,
      why: flags.why,
      compare: flags.format === "html" || flags.format === "markdown",
      watch: reading,
      show: showPath,
    });
    const isPartial = reading.stopped();
    reading.end();
    const diagnostics = [...said, ...outcome.diagnostics];
    const paint = flags.output === undefined && !json ? await paintFor(process.stdout) : noPaint;
    const formats = {
      json: () => tuneJson(flags.why ? outcome : { ...outcome, why: [] }, diagnostics),
      text: () => tuneText(outcome, paint) + (flags.why ? whyText : silenceText)(outcome.why, paint),
      html: async () => {
        const { tuneHtml } = await import("../report/html/tune.js");
        return tuneHtml({ ...outcome, bundle: args.BUNDLE, isPartial, diagnostics });
      },
      markdown: async () => {
        const { tuneMarkdown } = await import("../report/markdown/tune.js");
        return tuneMarkdown(args.BUNDLE, outcome.detections, outcome.why);
      },
    };
    const written = await this.result(await formats[flags.format](), flags.output);
    if (!json) await this.show(diagnostics);
    const isBad = outcome.diagnostics.some(
      ({ severity }) => severity === "error" || (flags.strict && severity === "warning"),
    );
    this.finish(!outcome.ok || isBad || !written ? 2 : isPartial ? interrupted : 0);
  }
}
