import type { ExecdEvent, ResponseRequest, ScriptCall } from "../ossec/response/index.js";
import { jsonMessage, type ScriptRun, WazuhExecd } from "../wazuh/response/index.js";
import type { HostExecd } from "./host-execd.js";

export interface MessageExecdOptions {
  readonly repeatedOffenders: readonly number[];
  /** Whether a script asks execd about its address: one that nothing undoes does not. */
  readonly asks: (executable: string) => boolean;
}

/** Wazuh's execd, which hands its scripts a JSON message (docs/reference/wazuh.md#responses-in-wazuh). */
export class MessageExecd implements HostExecd {
  readonly #execd: WazuhExecd;

  constructor({ repeatedOffenders, asks }: MessageExecdOptions) {
    this.#execd = new WazuhExecd({
      repeatedOffenders,
      deletes: "due",
      node: "node01",
      keysOf: ({ text, response }) =>
        asks(response.command.executable) ? [readMessage(text).address] : null,
    });
  }

  get open(): HostExecd["open"] {
    return this.#execd.open;
  }

  request(request: ResponseRequest, alert: () => string): readonly ExecdEvent[] {
    const { response } = request;
    const text = jsonMessage(response, alert());
    return this.#execd
      .request({ kind: "message", queue: "execq", agent: "000", prefix: "", text, response, request })
      .flatMap((run): readonly ExecdEvent[] => {
        if (run.answer !== "abort") return [callOf(run)];
        const { time, executable, ip, rule, until } = callOf(run);
        return until === null ? [] : [{ kind: "restart", time, executable, ip, rule, until }];
      });
  }

  advance(time: number): readonly ScriptCall[] {
    return this.#execd.advance(time).map(callOf);
  }

  runOut(): readonly ScriptCall[] {
    return this.#execd.runOut().map(callOf);
  }
}

/** What the script makes of its message: the arguments that people would give it. */
function callOf({ command, time, executable, input, until }: ScriptRun): ScriptCall {
  const { address, rule } = readMessage(input);
  return {
    kind: command,
    time,
    executable,
    argv: [command, "-", address],
    rule,
    ip: address,
    until,
    ...(command === "delete" ? { due: time } : {}),
  };
}

/** The strings that the script reads; it was held against `JSON.parse` (test/targets/script-wazuh.test.ts). */
function readMessage(text: string): { readonly address: string; readonly rule: number } {
  const message: unknown = JSON.parse(text);
  const alert = member(member(message, "parameters"), "alert");
  const address = member(member(alert, "data"), "srcip");
  return {
    address: typeof address === "string" && address !== "" ? address : "-",
    rule: Number(member(member(alert, "rule"), "id")),
  };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
