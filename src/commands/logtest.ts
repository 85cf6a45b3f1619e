import { createWriteStream } from "node:fs";
import { hostname } from "node:os";
import { finished } from "node:stream/promises";
import { Flags } from "@oclif/core";
import { formatFlag, outputFlag, ZopfCommand } from "../cli/command.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { createEngine } from "../ossec/engine/index.js";
import { loadConfiguration } from "../ossec/logtest/configuration.js";
import {
  LogtestSession,
  logtestProblems,
  runPrompt,
  runStream,
  streamWriter,
} from "../ossec/logtest/index.js";
import { type InputState, readBytes } from "../zeek/logs/input.js";

export default class Logtest extends ZopfCommand {
  static override summary = "Run log lines through OSSEC's decoders and rules, as ossec-logtest does.";
  static override description =
    "Lines come from standard input, or from FILE (.gz and .zst are read as they are). On a terminal it asks for them.";
  static override examples = [
    "<%= config.bin %> logtest --ossec /var/ossec < /var/log/auth.log",
    "<%= config.bin %> logtest --decoders local_decoder.xml --rules local_rules.xml --verbose",
    "<%= config.bin %> logtest --ossec /var/ossec --alerts --format json < auth.log",
  ];
  static override strict = false;
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
    control: Flags.boolean({ description: "A line `@time EPOCH` sets the clock and is no event." }),
    verbose: Flags.boolean({ description: "Also print the rules that were tried." }),
    alerts: Flags.boolean({ description: "Print only alerts, in alerts.log's format." }),
    hostname: Flags.string({ description: "Host name of lines that carry none (default: this host's)." }),
    format: formatFlag(["text", "json"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Logtest);
    const { loaded, problems } = loadConfiguration(flags);
    if (loaded === null) return this.refuse(problems, flags.format);
    const engine = createEngine(loaded, {
      engine: flags.engine,
      ownHostname: flags.hostname ?? (hostname().split(".")[0] || "localhost"),
      timeZone: process.env.TZ,
      mode: "logtest",
    });
    if (engine.problems.length > 0) return this.refuse(engine.problems, flags.format);
    await this.say(problems, flags.format);

    const session = new LogtestSession(engine, { ...flags, now: () => Math.floor(Date.now() / 1000) });
    const stream = flags.output === undefined ? process.stdout : createWriteStream(flags.output);
    let outputFailed: string | null = null;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (flags.output !== undefined) outputFailed = error.message;
    });
    const write = streamWriter(stream);
    const states: { readonly file: string; readonly state: InputState }[] = [];
    const files = argv.length === 0 ? ["-"] : argv.map(String);
    for (const file of files) {
      if (file === "-" && process.stdin.isTTY) {
        await runPrompt(session, { input: process.stdin, output: process.stderr }, write);
        continue;
      }
      const state: InputState = { rawBytes: 0, damage: undefined, unreadable: undefined };
      states.push({ file, state });
      await runStream(session, readBytes(file, state), write);
      if (session.crash !== null) break;
    }
    if (stream !== process.stdout) {
      stream.end();
      await finished(stream).catch(() => undefined);
    }
    const told = logtestProblems(session, states, flags.output, outputFailed);
    await this.say(told, flags.format);
    this.finish(told.some(({ severity }) => severity === "error") ? 2 : 0);
  }

  private async refuse(problems: readonly Diagnostic[], format: "text" | "json"): Promise<void> {
    await this.say(problems, format);
    this.finish(2);
  }

  /** Everything about the run goes to standard error; with JSON as JSON lines. */
  private async say(diagnostics: readonly Diagnostic[], format: "text" | "json"): Promise<void> {
    if (format === "text") await this.tell(diagnostics);
    else for (const diagnostic of diagnostics) process.stderr.write(`${JSON.stringify(diagnostic)}\n`);
  }
}
