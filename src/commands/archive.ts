import { Args, Flags } from "@oclif/core";
import { formatFlag, ZopfCommand } from "../cli/command.js";
import { interrupted } from "../cli/reading.js";
import { assumeDateFlag, yearFlag } from "../cli/replay-flags.js";
import { archiveJson, archiveText } from "../report/archive.js";

export default class Archive extends ZopfCommand {
  static override summary =
    "Put logs of Zeek's and of syslog into a folder of Parquet that `zopf hunt` and every other program reads.";
  static override description =
    "Typed columns, a folder a log and a day, in the order of writing, compressed with zstd. The same command goes " +
    "on where it was interrupted and adds what is new; the same file is never put in twice, under whatever name. " +
    "The logs stay as they are. DuckDB does the work: npm install @duckdb/node-api.";
  static override examples = [
    "<%= config.bin %> archive /opt/zeek/logs --into archive",
    "<%= config.bin %> archive /var/log/auth.log* /var/log/nginx --into archive",
  ];
  static override strict = false;
  static override args = {
    LOGS: Args.string({ description: "logs of Zeek's or of syslog, or folders of them", required: true }),
  };
  static override flags = {
    into: Flags.string({ description: "The archive's folder.", helpValue: "DIR", required: true }),
    year: yearFlag,
    "assume-date": assumeDateFlag,
    format: formatFlag(["text", "json"]),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Archive);
    const json = flags.format === "json";
    const { archive } = await import("../archive/archive.js");
    const watch = this.progress().listen();
    const { year = null, "assume-date": assumeDate = null } = flags;
    const dates = { year, assumeDate, utc: process.env.TZ === "UTC" };
    const outcome = await archive({ paths: argv.map(String), into: flags.into, dates, watch });
    const isPartial = watch.stopped();
    if (!isPartial && outcome.added.some(({ log }) => log === "conn")) {
      const { keepTicks } = await import("../hunt/keep-ticks.js");
      await keepTicks(flags.into);
    }
    watch.end();
    await this.print(json ? archiveJson(outcome) : archiveText(outcome));
    await this.showRun(outcome.diagnostics, json);
    this.finish(!outcome.ok ? 2 : isPartial ? interrupted : 0);
  }
}
