import { Args, Flags } from "@oclif/core";
import { formatFlag, outputFlag, ZopfCommand } from "../cli/command.js";
import { reportLogtest, watchedLogtest } from "../cli/quick-logtest.js";
import { momentFlag } from "../cli/replay-flags.js";
import { ruleFlags } from "../cli/rule-flags.js";
import { logtestFormats } from "../logtest/arguments.js";
import type { Report } from "../logtest/main.js";

export default class Logtest extends ZopfCommand {
  static override summary =
    "Run log lines through the decoders and rules of OSSEC or Wazuh, as ossec-logtest and wazuh-logtest do.";
  static override description =
    "Lines come from standard input, or from FILE (.gz and .zst are read as they are). On a terminal it asks for them.";
  static override examples = [
    "<%= config.bin %> logtest --ossec /var/ossec < /var/log/auth.log",
    "<%= config.bin %> logtest --decoders local_decoder.xml --rules local_rules.xml --verbose",
    "<%= config.bin %> logtest --ossec /var/ossec --alerts --format json < auth.log",
    "<%= config.bin %> logtest --ossec /var/ossec --alerts --on clickhouse://db.example/logs?table=syslog",
    "<%= config.bin %> logtest --wazuh /var/ossec --location '[001] (web) any->/var/log/auth.log' < auth.log",
  ];
  static override strict = false;
  static override args = {
    FILE: Args.string({ description: "log files; without, or for -, standard input", ignoreStdin: true }),
  };
  static override flags = {
    ...ruleFlags,
    control: Flags.boolean({ description: "A line `@time EPOCH` sets the clock and is no event." }),
    verbose: Flags.boolean({ description: "Also print the rules that were tried." }),
    alerts: Flags.boolean({ description: "Print only alerts, in alerts.log's format." }),
    location: Flags.string({
      description:
        "Where the lines come from (default: stdin); of an agent: '[001] (name) any->/var/log/auth.log'.",
      helpValue: "TEXT",
    }),
    "unit-test": Flags.string({
      char: "U",
      description: "Wazuh: exit with 1 unless the last line leads to this rule, level and decoder.",
      helpValue: "RULE:LEVEL:DECODER",
    }),
    hostname: Flags.string({ description: "Host name of lines that carry none (default: this host's)." }),
    on: Flags.string({
      description: "Lines of a table instead of files: duckdb:PATH or clickhouse://HOST/DATABASE?table=NAME.",
      helpValue: "PLACE",
    }),
    from: momentFlag({ description: "Of a table: only lines that are not before this moment." }),
    to: momentFlag({ description: "Of a table: only lines before this moment." }),
    format: formatFlag(logtestFormats),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Logtest);
    const request = { ...flags, files: argv.map(String) };
    if (flags.on !== undefined) {
      const { logtestOn } = await import("../cli/logtest-on.js");
      const range = { from: flags.from ?? null, to: flags.to ?? null };
      const report: Report = (diagnostics) => reportLogtest(diagnostics, flags.format);
      return this.finish(await logtestOn(flags.on, range, request, report, this.progress()));
    }
    this.finish(await watchedLogtest(request, (diagnostics) => reportLogtest(diagnostics, flags.format)));
  }
}
