/** What Wazuh's execd says to scripts and hears from them (docs/reference/wazuh.md#responses-in-wazuh). */
import { Execd, type ExecdEvent, type ExecdOptions, type ScriptCall } from "../../ossec/response/index.js";
import { printCJsonString } from "../cjson.js";
import type { ResponseMessage } from "./messages.js";

/** A script that was started. */
export interface ScriptRun {
  readonly command: "add" | "delete";
  /** Epoch seconds. */
  readonly time: number;
  readonly executable: string;
  /** The line on its standard input (latin1). */
  readonly input: string;
  /**
   * What execd answers to the script's `check_keys`: `abort` where a timer runs for the same keys, which starts anew.
   * null: nothing was asked.
   */
  readonly answer: "continue" | "abort" | null;
  /** When its `delete` is due; null: never. */
  readonly until: number | null;
}

export interface WazuhExecdOptions extends ExecdOptions {
  /** Name of the node in messages. */
  readonly node: string;
  /** What a script asks with `check_keys` (its source address, its user); null: it asks nothing and keeps no state. */
  readonly keysOf: (message: ResponseMessage) => readonly string[] | null;
}

/** execd of a server or of an agent from 4.2 on, in log time. Times must not go backwards. */
export class WazuhExecd {
  readonly #options: WazuhExecdOptions;
  readonly #execd: Execd;
  /** The messages behind timers, by script and keys. */
  readonly #messages = new Map<string, ResponseMessage>();

  constructor(options: WazuhExecdOptions) {
    this.#options = options;
    this.#execd = new Execd(options);
  }

  /** Timers that run, the oldest first; keys in the place of the address. */
  get open(): Execd["open"] {
    return this.#execd.open;
  }

  /** Takes a message; first come the deletes that run before it. */
  request(message: ResponseMessage): readonly ScriptRun[] {
    const { request } = message;
    const keys = this.#options.keysOf(message);
    if (keys === null)
      return [...this.advance(request.time), this.#run(message, "add", request.time, null, null)];
    // Timers are kept by script and keys, as OSSEC keeps them by script and address.
    const ip = keys.join("-").replaceAll(" ", "_");
    const events = this.#execd.request({ ...request, user: "-", ip });
    return events.flatMap((event) => this.#started(event, message));
  }

  /** Deletes that run up to and including `time`. */
  advance(time: number): readonly ScriptRun[] {
    return this.#deletes(this.#execd.advance(time));
  }

  /** Runs out every timer that is still open. */
  runOut(): readonly ScriptRun[] {
    return this.#deletes(this.#execd.runOut());
  }

  #deletes(calls: readonly ScriptCall[]): readonly ScriptRun[] {
    return calls.flatMap((call) => this.#started(call, null));
  }

  /** @param message - what is asked for now; null: nothing, a timer has run out */
  #started(
    { kind, executable, ip, time, until }: ExecdEvent,
    message: ResponseMessage | null,
  ): readonly ScriptRun[] {
    const key = `${executable} ${ip}`;
    switch (kind) {
      case "delete": {
        const first = this.#messages.get(key);
        this.#messages.delete(key);
        return first === undefined ? [] : [this.#run(first, "delete", time, null, null)];
      }
      case "restart":
        return message === null ? [] : [this.#run(message, "add", time, "abort", until)];
      case "add":
        if (message === null) return [];
        this.#messages.set(key, message);
        return [this.#run(message, "add", time, "continue", until)];
    }
  }

  #run(
    { text, response }: ResponseMessage,
    command: ScriptRun["command"],
    time: number,
    answer: ScriptRun["answer"],
    until: number | null,
  ): ScriptRun {
    const { executable } = response.command;
    const origin = `{"name":${printCJsonString(this.#options.node)},"module":"wazuh-execd"}`;
    const parameters = text.slice(text.indexOf('"parameters":'), -2);
    const program = printCJsonString(`active-response/bin/${executable}`);
    const input = `{"version":1,"origin":${origin},"command":"${command}",${parameters},"program":${program}}}`;
    return { command, time, executable, input, answer, until };
  }
}
