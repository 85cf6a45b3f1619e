import { hostname } from "node:os";
import { Args, Flags } from "@oclif/core";
import { formatFlag, outputFlag, showPath, ZopfCommand } from "../cli/command.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { explain } from "../explain/index.js";
import { unread } from "../files/input.js";
import { readBytes } from "../files/streamed-input.js";
import { loadConfiguration } from "../logtest/configuration.js";
import { inputUnreadable } from "../logtest/problems.js";
import { openWriter } from "../report/writer.js";

export default class Explain extends ZopfCommand {
  static override summary = "Show why a rule fired on a line, or why it did not.";
  static override description =
    "With LINE: what became of your own decoders and rules, then all that were tried, in order, and the nearest miss. " +
    "A line pasted from archives.log or alerts.log is cut to the original. " +
    "With RULE (a number): what became of that rule on each line of --logs or of standard input. " +
    "It is the engine itself that is watched.";
  static override examples = [
    "<%= config.bin %> explain --ossec /var/ossec 'Dec 29 10:00:01 host sshd[123]: Failed password for root'",
    "<%= config.bin %> explain 5712 --ossec /var/ossec --logs auth.log",
  ];
  static override args = {
    what: Args.string({ required: true, name: "RULE|LINE", description: "a rule number, or a log line" }),
  };
  static override flags = {
    ossec: Flags.string({
      description: "OSSEC home: etc/ossec.conf, etc/decoder.xml, rules/.",
      helpValue: "DIR",
    }),
    decoders: Flags.string({
      description: "Decoder files, in this order.",
      multiple: true,
      helpValue: "FILE",
    }),
    rules: Flags.string({ description: "Rule files, in this order.", multiple: true, helpValue: "FILE" }),
    engine: Flags.option({
      options: ["4.3", "3.8", "3.7"] as const,
      default: "4.3",
      description: "OSSEC version.",
    })(),
    logs: Flags.string({
      description: "RULE: lines to look at (- for standard input). LINE: lines that came before.",
      helpValue: "FILE",
    }),
    control: Flags.boolean({ description: "In --logs a line `@time EPOCH` sets the clock and is no event." }),
    verbose: Flags.boolean({ description: "Also show what plainly did not match." }),
    hostname: Flags.string({ description: "Host name of lines that carry none (default: this host's)." }),
    format: formatFlag(["text", "json"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
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
}
