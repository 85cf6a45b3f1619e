import { hostname } from "node:os";
import { Args, Errors, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, ZopfCommand } from "../cli/command.js";
import { ruleFlags } from "../cli/rule-flags.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { explain } from "../explain/index.js";
import { unread } from "../files/input.js";
import { readBytes } from "../files/streamed-input.js";
import { loadConfiguration } from "../logtest/configuration.js";
import { inputUnreadable } from "../logtest/problems.js";
import { noPaint } from "../report/diagnostics-text.js";
import { openWriter } from "../report/writer.js";

export default class Explain extends ZopfCommand {
  static override summary = "Show why a rule fired on a line, or why it did not.";
  static override description =
    "With LINE: what became of your own decoders and rules, then all that were tried, in order, and the nearest miss. " +
    "A line pasted from archives.log or alerts.log is cut to the original. " +
    "With RULE (a number): what became of that rule on each line of --logs or of standard input. " +
    "It is the engine itself that is watched. " +
    "With BUNDLE: what its Zeek detections make of a row (--row) or of a connection (--uid, --zeek), condition by condition.";
  static override examples = [
    "<%= config.bin %> explain --ossec /var/ossec 'Dec 29 10:00:01 host sshd[123]: Failed password for root'",
    "<%= config.bin %> explain 5712 --ossec /var/ossec --logs auth.log",
    "<%= config.bin %> explain 5763 --wazuh /var/ossec --location '[001] (web) any->/var/log/auth.log' --logs auth.log",
    "<%= config.bin %> explain perimeter.zopf.ts --uid CHhAvVGS1DHFjwGM9 --zeek conn.log",
  ];
  static override args = {
    what: Args.string({
      required: true,
      name: "RULE|LINE|BUNDLE",
      description: "a rule number, a log line, or a bundle file (*.zopf.ts)",
    }),
  };
  static override flags = {
    ...ruleFlags,
    location: Flags.string({
      description: "Where the lines come from (default: stdin), which rules and agents' names depend on.",
      helpValue: "TEXT",
    }),
    logs: Flags.string({
      description: "RULE: lines to look at (- for standard input). LINE: lines that came before.",
      helpValue: "FILE",
    }),
    row: Flags.string({
      description: "BUNDLE: a row as a JSON object, or the log's #fields line and a TSV row below it.",
      helpValue: "ROW",
      exclusive: ["uid"],
    }),
    uid: Flags.string({
      description: "BUNDLE: the connection's uid; its rows are looked for in --zeek.",
      helpValue: "UID",
      dependsOn: ["zeek"],
    }),
    zeek: Flags.string({
      description: "BUNDLE: Zeek log, or folder of them.",
      multiple: true,
      helpValue: "PATH",
    }),
    detection: Flags.string({ description: "BUNDLE: only this detection.", helpValue: "NAME" }),
    control: Flags.boolean({
      description:
        "In --logs a line `@time EPOCH` sets the clock, of Wazuh `@location TEXT` where the next lines come from.",
    }),
    verbose: Flags.boolean({ description: "Also show what plainly did not match." }),
    hostname: Flags.string({ description: "Host name of lines that carry none (default: this host's)." }),
    format: formatFlag(["text", "json"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    if (args.what.endsWith(".zopf.ts")) return this.explainBundle(args.what, flags);
    const { loaded, problems } = loadConfiguration(flags);
    const state = unread();
    const fromInput = flags.logs === undefined && /^\d+$/.test(args.what) && !process.stdin.isTTY;
    const logs = flags.logs ?? (fromInput ? "-" : undefined);
    const reported: Diagnostic[] = [...problems];
    const opened = openWriter(flags.output);
    if (!opened.ok) {
      await this.showRun([opened.diagnostic], flags.format === "json");
      return this.finish(2);
    }
    if (loaded !== null) {
      const explained = await explain({
        loaded,
        what: args.what,
        location: flags.location,
        earlier: logs === undefined ? null : readBytes(logs, state),
        ownHostname: flags.hostname ?? (hostname().split(".")[0] || "localhost"),
        timeZone: process.env.TZ,
        control: flags.control,
        all: flags.verbose,
        format: flags.format,
        now: () => Math.floor(Date.now() / 1000),
        write: opened.writer.write,
      });
      reported.push(...explained.problems);
    }
    const failure = state.unreadable ?? state.damage;
    if (failure !== undefined) {
      const file = logs === "-" || logs === undefined ? "<stdin>" : showPath(logs);
      // That no line was given follows from it.
      reported.splice(0, reported.length, ...reported.filter(({ code }) => code !== "EXPLAIN-NO-LINES"));
      reported.push(inputUnreadable({ file, line: 1, column: 1 }, `cannot be read: ${failure}`));
    }
    const unwritten = await opened.writer.close();
    if (unwritten !== null) reported.push(unwritten);
    await this.showRun(reported, flags.format === "json");
    const bad = loaded === null || reported.some(({ severity }) => severity === "error");
    this.finish(bad ? 2 : 0);
  }

  private async explainBundle(file: string, flags: BundleFlags): Promise<void> {
    const json = flags.format === "json";
    const rows =
      flags.row !== undefined
        ? ({ kind: "text", text: flags.row } as const)
        : flags.uid !== undefined
          ? ({ kind: "uid", uid: flags.uid, zeek: flags.zeek ?? [] } as const)
          : null;
    if (rows === null)
      throw new Errors.CLIError("say which row: --row 'JSON or TSV', or --uid UID with --zeek PATH");
    const { openBundle } = await import("../cli/open-bundle.js");
    const selected = await openBundle(file, null);
    const opened = openWriter(flags.output);
    const reported = [...selected.diagnostics, ...(opened.ok ? [] : [opened.diagnostic])];
    if (!selected.ok || !opened.ok) {
      await this.showRun(reported, json);
      return this.finish(2);
    }
    const { writer } = opened;
    const { model } = selected.bundle;
    const { explainRows } = await import("../replay/explain-rows.js");
    const { explainedRowJson, explainedRowText } = await import("../report/explain-rows.js");
    const paint = flags.output === undefined ? await paintFor(process.stdout) : noPaint;
    const diagnostics = await explainRows({ model, detection: flags.detection ?? null, rows }, (row) =>
      writer.write(json ? explainedRowJson(row) : explainedRowText(row, model, paint)),
    );
    const unwritten = await writer.close();
    const all = [...reported, ...diagnostics, ...(unwritten === null ? [] : [unwritten])];
    await this.showRun(all, json);
    this.finish(all.some(({ severity }) => severity === "error") ? 2 : 0);
  }
}

interface BundleFlags {
  readonly row: string | undefined;
  readonly uid: string | undefined;
  readonly zeek: readonly string[] | undefined;
  readonly detection: string | undefined;
  readonly format: string;
  readonly output: string | undefined;
}
