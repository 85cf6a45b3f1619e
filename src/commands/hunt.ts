import { Args, Errors, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, ZopfCommand } from "../cli/command.js";
import { openBundle } from "../cli/open-bundle.js";
import { interrupted } from "../cli/reading.js";
import { assumeDateFlag, engineFlag, momentFlag, reorderFlag, yearFlag } from "../cli/replay-flags.js";
import { targetFlag } from "../cli/target-flag.js";
import type { HuntOutcome } from "../hunt/hunt.js";
import { parseDuration } from "../model/duration.js";
import type { Model } from "../model/model.js";
import { noPaint } from "../report/diagnostics-text.js";
import { huntJson, huntText, queryText, variedJson, variedText } from "../report/hunt.js";
import { ReplaySummary } from "../report/replay-summary.js";
import { GroupedTimeline, timelineJson } from "../report/timeline.js";
import { whyJson, whyText } from "../report/why.js";

const mostVaried = 1000;

const durationFlag = Flags.custom<number>({
  parse: async (text) => {
    const seconds = parseDuration(text);
    if (seconds === null || seconds <= 0) throw new Errors.CLIError(`${text}: write a length of time: 10min`);
    return seconds;
  },
});

/** `threshold=3..50` or `threshold=5,10,20` */
const varyFlag = Flags.custom<readonly number[]>({
  parse: async (text) => {
    const range = /^threshold=(\d{1,9})\.\.(\d{1,9})$/.exec(text);
    const list = /^threshold=(\d{1,9}(?:,\d{1,9})*)$/.exec(text)?.[1];
    const [from, to] = [Number(range?.[1]), Number(range?.[2])];
    const values =
      range !== null
        ? Array.from({ length: Math.max(0, Math.min(to - from + 1, mostVaried + 1)) }, (_, i) => from + i)
        : (list?.split(",").map(Number) ?? []);
    if (values.length === 0 || values.length > mostVaried || values.some((value) => value < 1))
      throw new Errors.CLIError(
        `--vary ${text}: write threshold=3..50 or threshold=5,10,20 (at most ${mostVaried})`,
      );
    return [...new Set(values)];
  },
});

export default class Hunt extends ZopfCommand {
  static override summary =
    "Ask an archive whom a bundle's detections would have found: what replay says, without reading all rows.";
  static override description =
    "A query finds the keys that can fire, a superset; only their rows are fetched, and the code of replay decides. " +
    "The notices, their times and their order are those of replay on the same rows (docs/hunt.md says why). An " +
    "archive is made by `zopf archive`, or it is Parquet, a database of DuckDB's, a folder of logs, or ClickHouse.";
  static override examples = [
    "<%= config.bin %> hunt perimeter.zopf.ts --on duckdb:archive",
    "<%= config.bin %> hunt perimeter.zopf.ts --on clickhouse://db.example/zeek?table=conn --from 2026-01-01T00:00:00Z",
    "<%= config.bin %> hunt perimeter.zopf.ts --on duckdb:archive --vary threshold=3..50",
  ];
  static override args = { BUNDLE: Args.string({ description: "bundle file (*.zopf.ts)", required: true }) };
  static override flags = {
    on: Flags.string({
      description:
        "Where the rows are: duckdb:PATH or clickhouse://HOST/DATABASE?table=NAME. Twice where Zeek's rows and lines of logs are at different places.",
      helpValue: "PLACE",
      multiple: true,
      multipleNonGreedy: true,
      required: true,
    }),
    from: momentFlag({ description: "Only rows whose ts is not before this moment." }),
    to: momentFlag({ description: "Only rows whose ts is before this moment." }),
    detection: Flags.string({
      description: "Only this detection of Zeek's.",
      multiple: true,
      helpValue: "NAME",
    }),
    vary: varyFlag({
      description: "Notices and sources for other thresholds: one fetch, many answers.",
      helpValue: "threshold=3..50",
    }),
    why: Flags.boolean({
      description: "What became of the rows on their way to each detection; reads all rows, as replay does.",
    }),
    "explain-sql": Flags.boolean({ description: "Print the queries that are sent." }),
    "exact-caps": Flags.boolean({
      description: "Read every row, so that full tables are exact, too.",
    }),
    "max-rows": Flags.integer({
      description: "Rows to fetch at most.",
      default: 20_000_000,
      min: 0,
    }),
    "time-limit": durationFlag({ description: "Stop after this time.", helpValue: "10min" }),
    ossec: Flags.string({
      description: "OSSEC home whose rules stand around the bundle's.",
      helpValue: "DIR",
    }),
    target: targetFlag("Only what becomes of this host of the bundle (default: of all of them)."),
    engine: engineFlag,
    year: yearFlag,
    "assume-date": assumeDateFlag,
    reorder: reorderFlag,
    summary: Flags.boolean({ description: "Only what happened in all: by detection, by source, by hour." }),
    format: formatFlag(["text", "json", "html", "markdown"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Hunt);
    const json = flags.format === "json";
    const { readPlaces } = await import("../cli/hunt-place.js");
    const read = readPlaces(flags.on, "conn");
    if (!read.ok) {
      await this.showRun(read.diagnostics, json);
      return this.finish(2);
    }
    const { places, names } = read;
    const selected = await openBundle(args.BUNDLE, flags.target ?? null);
    await this.showRun(selected.diagnostics, json);
    if (!selected.ok) return this.finish(2);
    const { bundle } = selected;
    const progress = this.progress();
    const queries: string[] = [];
    const { hunt } = await import("../hunt/hunt.js");
    const outcome = await hunt({
      places,
      names,
      range: { from: flags.from ?? null, to: flags.to ?? null },
      replay: {
        model: bundle.model,
        files: bundle.files,
        ossec: flags.ossec ?? null,
        engine: flags.engine ?? null,
        year: flags.year ?? null,
        assumeDate: flags["assume-date"] ?? null,
        reorder: flags.reorder ?? null,
        timeZone: process.env.TZ,
        why: flags.why,
        show: showPath,
      },
      detections: flags.detection ?? [],
      exactCaps: flags["exact-caps"],
      maxRows: flags["max-rows"],
      timeLimit: flags["time-limit"] ?? null,
      vary: flags.vary ?? [],
      onStart: (stop) => void progress.listen(stop),
      onProgress: (what) => void progress.step(what),
      ...(flags["explain-sql"]
        ? { onQuery: (purpose, sql) => void queries.push(queryText(purpose, sql)) }
        : {}),
    });
    progress.end();
    const paint = flags.output === undefined ? await paintFor(process.stdout) : noPaint;
    const summary = new ReplaySummary();
    const grouped = new GroupedTimeline(paint);
    if (flags.format === "html" || flags.format === "markdown") {
      const written =
        outcome.ok &&
        (await this.result(await huntPage(args.BUNDLE, bundle.model, outcome, flags), flags.output));
      await this.showRun(outcome.diagnostics, json);
      return this.finish(progress.stopped() ? interrupted : written ? 0 : 2);
    }
    const parts = [...queries];
    for (const event of outcome.events) {
      if (flags.target !== undefined && "target" in event && event.target !== flags.target) continue;
      summary.see(event);
      if (!flags.summary) parts.push(json ? timelineJson(event) : grouped.next(event));
    }
    if (outcome.ok && flags.vary !== undefined) parts.push((json ? variedJson : variedText)(outcome.varied));
    else if (outcome.ok && !json) parts.push(grouped.end(), summary.text(paint, flags.summary));
    else if (outcome.ok && flags.summary) parts.push(summary.json());
    if (outcome.why.length > 0) parts.push(json ? whyJson(outcome.why) : whyText(outcome.why, paint));
    if (outcome.ok && outcome.counts !== null)
      parts.push(json ? huntJson(outcome.counts) : huntText(outcome.counts, paint));
    const written = await this.result(parts.join(""), flags.output);
    await this.showRun(outcome.diagnostics, json);
    this.finish(progress.stopped() ? interrupted : outcome.ok && written ? 0 : 2);
  }
}

/** What was found as a page, or as Markdown. */
async function huntPage(
  bundle: string,
  model: Model,
  { events, why, diagnostics }: HuntOutcome,
  { format, target }: { readonly format: string; readonly target?: string | undefined },
): Promise<string> {
  const { ReplayCollector } = await import("../report/html/replay-collector.js");
  const collector = new ReplayCollector(model);
  for (const event of events)
    if (target === undefined || !("target" in event) || event.target === target) collector.see(event);
  const data = collector.data({ nearMisses: [], nearMissesLeftOut: [], summaries: [] }, why);
  if (format === "markdown")
    return (await import("../report/markdown/replay.js")).replayMarkdown("hunt", bundle, data, false);
  const { replayHtml } = await import("../report/html/replay.js");
  return replayHtml({ of: "hunt", bundle, data, isPartial: false, diagnostics });
}
