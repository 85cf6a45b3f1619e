import { Args, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, ZopfCommand } from "../cli/command.js";
import { openBundle } from "../cli/open-bundle.js";
import { interrupted } from "../cli/reading.js";
import { assumeDateFlag, engineFlag, reorderFlag, yearFlag } from "../cli/replay-flags.js";
import { targetFlag } from "../cli/target-flag.js";
import type { ReplayInput } from "../replay/replay.js";
import { noPaint } from "../report/diagnostics-text.js";
import { ReplaySummary } from "../report/replay-summary.js";
import { GroupedTimeline, nearMissJson, nearMissText, timelineJson } from "../report/timeline.js";
import { silenceText, whyJson, whyText } from "../report/why.js";
import { openWriter } from "../report/writer.js";

export default class Replay extends ZopfCommand {
  static override summary =
    "Play logs through the whole chain: who would have been blocked, when, by what, until when.";
  static override description =
    "Zeek's logs feed the bundle's detections; each notice becomes the line that Zeek would write, goes through " +
    "OSSEC's analysis with the generated rules, starts the active response, and reaches the packet filter's table. " +
    "Time is the logs' own.";
  static override examples = [
    "<%= config.bin %> replay perimeter.zopf.ts --zeek /opt/zeek/logs/2026-06-11",
    "<%= config.bin %> replay sensor.zopf.ts --syslog /var/log/iplog --format json",
  ];
  static override args = { BUNDLE: Args.string({ description: "bundle file (*.zopf.ts)", required: true }) };
  static override flags = {
    zeek: Flags.string({
      description: "Zeek log, or folder of them; - is standard input.",
      multiple: true,
      helpValue: "PATH",
    }),
    syslog: Flags.string({
      description: "Lines that OSSEC reads; - is standard input.",
      multiple: true,
      helpValue: "FILE",
    }),
    ossec: Flags.string({
      description: "OSSEC home whose rules stand around the bundle's.",
      helpValue: "DIR",
    }),
    target: targetFlag("Only what becomes of this host of the bundle (default: of all of them)."),
    engine: engineFlag,
    year: yearFlag,
    "assume-date": assumeDateFlag,
    reorder: reorderFlag,
    strict: Flags.boolean({ description: "Bad records make the exit status 2." }),
    "near-misses": Flags.boolean({
      description:
        "Also show what stayed below a threshold, and how close: the 100 nearest of each detection, and how many more there were.",
    }),
    summary: Flags.boolean({
      description:
        "Only what happened in all: by detection, by source, by hour. Text ends with it in any case.",
    }),
    why: Flags.boolean({
      description:
        "Show what became of all rows and lines on their way to each detection: how many fell at which condition, and what to do. Text names the cause of silent detections in any case.",
    }),
    format: formatFlag(["text", "json", "html", "markdown"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Replay);
    const json = flags.format === "json";
    const isPage = flags.format === "html" || flags.format === "markdown";
    const selected = await openBundle(args.BUNDLE, flags.target ?? null);
    await this.showRun(selected.diagnostics, json);
    if (!selected.ok) {
      this.finish(2);
      return;
    }
    const { bundle } = selected;
    const reading = this.progress().listen();
    const opened = openWriter(flags.output, () => reading.clear());
    if (!opened.ok) {
      await this.showRun([opened.diagnostic], json);
      this.finish(2);
      return;
    }
    const { writer } = opened;
    const paint = flags.output === undefined ? await paintFor(process.stdout) : noPaint;
    const { replay, silences } = await import("../replay/replay.js");
    const summary = new ReplaySummary();
    const page = isPage
      ? new (await import("../report/html/replay-collector.js")).ReplayCollector(bundle.model)
      : null;
    const grouped = new GroupedTimeline(paint);
    const input: ReplayInput = {
      model: bundle.model,
      files: bundle.files,
      zeek: flags.zeek ?? [],
      syslog: flags.syslog ?? [],
      ossec: flags.ossec ?? null,
      engine: flags.engine ?? null,
      year: flags.year ?? null,
      assumeDate: flags["assume-date"] ?? null,
      reorder: flags.reorder ?? null,
      timeZone: process.env.TZ,
      nearMisses: flags["near-misses"] || isPage,
      // Rows are followed at no cost; lines take far longer.
      why: flags.why || (isPage && flags.syslog === undefined),
      watch: reading,
      show: showPath,
    };
    const outcome = await replay(input, (event) => {
      if (flags.target !== undefined && "target" in event && event.target !== flags.target) return;
      if (page !== null) return page.see(event);
      summary.see(event);
      if (flags.summary) return;
      return writer.write(json ? timelineJson(event) : grouped.next(event));
    });
    const isPartial = reading.stopped();
    if (page === null) reading.end();
    const why =
      outcome.why.length > 0 || json || isPartial
        ? outcome.why
        : await silences({ ...input, watch: undefined }, outcome);
    if (page !== null) {
      const found = page.data(outcome, why);
      const data =
        flags.format === "html"
          ? await (await import("../report/html/event-rows.js")).withRows(found, reading)
          : found;
      reading.end();
      const [{ replayHtml }, { replayMarkdown }] = await Promise.all([
        import("../report/html/replay.js"),
        import("../report/markdown/replay.js"),
      ]);
      await writer.write(
        flags.format === "markdown"
          ? replayMarkdown("replay", args.BUNDLE, data, isPartial)
          : replayHtml({
              of: "replay",
              bundle: args.BUNDLE,
              data,
              isPartial,
              diagnostics: outcome.diagnostics,
            }),
      );
    } else {
      if (!json) await writer.write(grouped.end());
      if (!json) await writer.write(summary.text(paint, flags.summary));
      else if (flags.summary) await writer.write(summary.json());
      if (flags["near-misses"]) {
        const shown = json ? nearMissJson : nearMissText;
        await writer.write(shown(outcome.nearMisses, outcome.nearMissesLeftOut));
      }
      await writer.write(json ? whyJson(why) : (flags.why ? whyText : silenceText)(why, paint));
    }
    const unwritten = await writer.close();
    await this.showRun(unwritten === null ? outcome.diagnostics : [...outcome.diagnostics, unwritten], json);
    const bad = outcome.diagnostics.some(
      ({ severity }) => severity === "error" || (flags.strict && severity === "warning"),
    );
    this.finish(!outcome.ok || bad || unwritten !== null ? 2 : isPartial ? interrupted : 0);
  }
}
