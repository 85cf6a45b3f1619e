/** `zopf logtest` from its request to its exit status. */
import { fstatSync } from "node:fs";
import { hostname } from "node:os";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type Input, readInput } from "../files/input.js";
import type { ReadingWatch } from "../files/reading-watch.js";
import type { LoadedOssec, RuleDefinition } from "../ossec/definitions.js";
import { createEngine, patternProblems } from "../ossec/engine/index.js";
import type { SourceRange } from "../ossec/xml/source.js";
import type { ArchivedLines } from "./archived-lines.js";
import type { LogtestRequest } from "./arguments.js";
import { asideSink, descriptorSink } from "./descriptor-sink.js";
import { logtestProblems, partial, requestWrong } from "./problems.js";
import { runLines, runStream } from "./run.js";
import { LogtestSession } from "./session.js";
import type { RunningCode } from "./start/quick-start.js";
import { startOf } from "./start/start.js";
import { readUnitTest, WazuhOutput } from "./wazuh-output.js";

/** Shows how far the reading is. */
export interface LogtestWatch extends ReadingWatch {
  /** Takes away what is shown, so that something else can be written. */
  clear(): void;
}

/** Writes diagnostics to standard error. */
export type Report = (diagnostics: readonly Diagnostic[]) => Promise<void>;

/** Where the lines of a table are, as inputs say it. */
const tableOf = ({ name }: ArchivedLines) => ({
  file: name,
  state: { damage: undefined, unreadable: undefined },
});

/** Is standard input a terminal? Making a stream of it only to ask would be dear. */
function isTerminal(): boolean {
  try {
    return fstatSync(0).isCharacterDevice() && process.stdin.isTTY;
  } catch {
    return false;
  }
}

/** Where a rule's id is written; null: its file has changed since. */
function placeOf({ id }: RuleDefinition, loaded: LoadedOssec | null): SourceRange | null {
  const rule = loaded?.ruleById.get(id);
  return loaded === null || rule === undefined ? null : loaded.written.rule(rule).idPlace;
}

/** What a request asks for that cannot be; null: nothing. */
function wrongRequest({ location, ...request }: LogtestRequest, isWazuh: boolean): Diagnostic | null {
  const unitTest = request["unit-test"];
  const at = { file: "-", line: 1, column: 1 };
  if (unitTest !== undefined && !isWazuh)
    return requestWrong(at, "--unit-test is wazuh-logtest's: it needs a Wazuh home");
  if (unitTest !== undefined && readUnitTest(unitTest) === null)
    return requestWrong(
      at,
      `--unit-test ${unitTest} has not three parts`,
      "write rule:level:decoder, as in 5715:3:sshd; what should not be there stays empty",
    );
  if (request.format === "alerts-json" && !isWazuh)
    return requestWrong(at, "--format alerts-json is Wazuh's: it needs a Wazuh home");
  if (isWazuh && location?.startsWith("[") === true && !location.includes("]"))
    return requestWrong(
      at,
      `--location ${location} has no ] behind the agent's number: the engine drops every line from it`,
      "an agent's lines come from [001] (name) any->/var/log/auth.log",
    );
  return null;
}

/**
 * Runs logtest. 0: every line was analysed; 1: the last one did not lead to what --unit-test asks for; 2: the configuration, an input or a control line is invalid.
 *
 * 130: stopped before the end, and what was analysed so far came out.
 *
 * @param code - what runs; null: nothing is cached for later runs
 * @param watch - follows the inputs, all of which end; null: nobody does, or one may go on for ever
 * @param archive - lines of a table in the place of inputs
 */
export async function runLogtest(
  request: LogtestRequest,
  report: Report,
  code: RunningCode | null = null,
  watch: LogtestWatch | null = null,
  archive: ArchivedLines | null = null,
): Promise<0 | 1 | 2 | 130> {
  const { ruleset, problems, loaded, cached, prefilters, write } = startOf(request, code?.identity ?? null);
  if (ruleset === null) {
    await report(problems);
    return 2;
  }
  const wrong = wrongRequest(request, ruleset.dialect.name === "wazuh4");
  if (wrong !== null) {
    await report([wrong]);
    return 2;
  }
  const ownHostname = request.hostname ?? (hostname().split(".")[0] || "localhost");
  const { location } = request;
  const engine = createEngine(ruleset, {
    ownHostname,
    ...(location === undefined ? {} : { location: Buffer.from(location, "utf8").toString("latin1") }),
    timeZone: process.env.TZ,
    mode: "logtest",
    transient: true,
    prefilters,
  });
  if (engine.unrunnable.length > 0) {
    const written = loaded()?.written;
    await report(written === undefined ? [] : patternProblems(engine.unrunnable, written));
    return 2;
  }
  if (problems.length > 0) await report(problems);

  const unitTest = readUnitTest(request["unit-test"] ?? "");
  const wazuh =
    ruleset.dialect.name === "wazuh4"
      ? new WazuhOutput({ ...request, ownHostname, unitTest }, engine.clock)
      : null;
  const options = { ...request, controlsLocation: wazuh !== null, now: () => Math.floor(Date.now() / 1000) };
  const session = new LogtestSession(engine, options, wazuh ?? undefined);
  // Of what may never end, everything is there as soon as it is known.
  const output =
    watch === null || request.output === undefined
      ? descriptorSink(request.output)
      : asideSink(request.output);
  const sink: typeof output.sink = (bytes) => {
    if (request.output === undefined) watch?.clear();
    return output.sink(bytes);
  };
  const inputs: Input[] = [];
  if (archive !== null) {
    const prepared = await archive.prepare(ruleset);
    await report(prepared.diagnostics);
    if (!prepared.ok) {
      output.close();
      return 2;
    }
    await runLines(session, prepared.lines, sink);
  } else
    for (const file of request.files.length === 0 ? ["-"] : request.files) {
      if (file === "-" && isTerminal()) {
        const { runPrompt } = await import("./prompt.js");
        await runPrompt(session, { input: process.stdin, output: process.stderr }, output.sink);
        continue;
      }
      const input = readInput(file);
      inputs.push(input);
      await runStream(session, input.chunks, sink, watch === null ? null : { watch, state: input.state });
      if (session.crash !== null || watch?.stopped() === true) break;
    }
  output.close();
  write(engine.prefilters);
  const found = logtestProblems(
    session,
    archive === null ? inputs : [tableOf(archive)],
    request.output,
    output.failure(),
    (rule) => placeOf(rule, loaded()),
  );
  watch?.clear();
  const isPartial = watch?.stopped() === true;
  if (isPartial) {
    const file = archive?.name ?? inputs.at(-1)?.file ?? "-";
    await report([partial({ file, line: 1, column: 1 }, "stopped before the end: what is shown is a part")]);
  }
  if (found.length > 0) await report(found);
  if (found.some(({ severity }) => severity === "error")) return 2;
  if (isPartial) return 130;
  // The first run has loaded the rules, which later ones do not.
  code?.writeCode(cached);
  return wazuh?.agrees === false ? 1 : 0;
}
