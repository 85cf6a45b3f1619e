import type { AnalysedEvent, EngineEvent } from "../ossec/engine/event.js";
import type { Clock } from "../ossec/engine/local-time.js";
import { printCJsonString } from "../wazuh/cjson.js";
import { AlertJson } from "../wazuh/output/alert-json.js";
import { WazuhAlertText } from "../wazuh/output/alert-text.js";
import {
  type UnitTestParts,
  unitTestText,
  WazuhRuleDebugging,
  wazuhInvitation,
  wazuhLogtestText,
} from "../wazuh/output/logtest-text.js";
import { wazuhEventJson } from "./event-json.js";
import type { EventOutput, OutputOptions } from "./event-output.js";
import type { OutputPieces } from "./output-pieces.js";

export interface WazuhOutputOptions extends OutputOptions {
  readonly ownHostname: string;
  /** What the last line should lead to (`-U`); null: nothing is asked. */
  readonly unitTest: UnitTestParts | null;
}

const nothing: UnitTestParts = { rule: "", level: "", decoder: "" };

const partsOf = ({ rule, decoder }: AnalysedEvent): UnitTestParts => ({
  rule: rule === null ? "" : `${rule.id}`,
  level: rule === null ? "" : `${rule.level}`,
  decoder: decoder ?? "",
});

/** Reads `rule:level:decoder`; null: it has not three parts. */
export function readUnitTest(text: string): UnitTestParts | null {
  const [rule, level, decoder, ...more] = text.split(":");
  if (rule === undefined || level === undefined || decoder === undefined || more.length > 0) return null;
  return { rule, level, decoder };
}

/** The bytes of a text in UTF-8. */
const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** The output of wazuh-logtest, of alerts.log and of alerts.json (docs/reference/cli.md#logtest). */
export class WazuhOutput implements EventOutput {
  readonly invitation: string;
  readonly encoding: OutputPieces["encoding"];
  readonly trace: WazuhRuleDebugging | null;
  readonly endsWithEngine = false;
  readonly #options: WazuhOutputOptions;
  readonly #alertText: WazuhAlertText;
  readonly #json: AlertJson;
  /** Bytes so far: what the number of an alert says. */
  #written = 0;
  #last = nothing;

  constructor(options: WazuhOutputOptions, clock: Clock) {
    const { format, alerts, verbose, ownHostname } = options;
    this.#options = options;
    this.#alertText = new WazuhAlertText(clock);
    this.encoding = format === "text" ? "latin1" : format === "json" ? "utf8" : "utf8-bytes";
    this.invitation = format === "text" && !alerts ? wazuhInvitation : "";
    this.trace = verbose && !alerts ? new WazuhRuleDebugging() : null;
    this.#json = new AlertJson({ ownHostname, clock, showsLevelZero: !alerts });
  }

  /** Did the last line lead to what `-U` asks for? */
  get agrees(): boolean {
    const { unitTest } = this.#options;
    if (unitTest === null) return true;
    const { rule, level, decoder } = this.#last;
    return rule === unitTest.rule && level === unitTest.level && decoder === unitTest.decoder;
  }

  write(event: EngineEvent, out: OutputPieces): void {
    const { alerts, format } = this.#options;
    if (event.kind === "event") this.#last = partsOf(event);
    if (alerts && (event.kind !== "event" || !event.alert)) return;
    if (format === "json") {
      out.add(`${JSON.stringify(wazuhEventJson(event))}\n`);
      return;
    }
    if (alerts && format === "text" && event.kind === "event") {
      const before = out.length;
      this.#alertText.write(event, this.#written, out);
      this.#written += out.length - before;
      return;
    }
    const text = format === "text" ? this.#textOf(event) : `${this.#answerOf(event)}\n`;
    this.#written += text.length;
    out.add(text);
  }

  #textOf(event: EngineEvent): string {
    if (event.kind === "ignored") return "";
    if (event.kind === "crash") return "\n** Wazuh-logtest error when connecting with wazuh-analysisd\n";
    const { unitTest } = this.#options;
    const output = this.#json.write(event, this.#written);
    const text = wazuhLogtestText(output, event.alert, this.trace?.take() ?? null);
    return unitTest === null ? text : text + unitTestText(unitTest, this.#last);
  }

  /** An object of alerts.json; of lines that raise no alert, and without `--alerts`, the answer of wazuh-logtest. */
  #answerOf(event: EngineEvent): string {
    if (event.kind !== "event") return latin1(JSON.stringify(wazuhEventJson(event)));
    const object = this.#json.write(event, this.#written);
    if (this.#options.alerts) return object;
    const debugging = this.trace?.take().map(printCJsonString).join(",");
    const tried = debugging === undefined ? "" : `"rules_debug":[${debugging}],`;
    return `{"output":${object},${tried}"alert":${event.alert}}`;
  }
}
