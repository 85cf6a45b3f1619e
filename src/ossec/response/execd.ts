/** The life of blocks in execd, in log time (docs/reference/ossec.md#active-response, docs/reference/firewall.md). */
import { createDueQueue } from "./due-queue.js";
import { type ResponseRequest, scriptArguments } from "./responses.js";

/** A call of a response script. */
export interface ScriptCall {
  readonly kind: "add" | "delete";
  /** Epoch seconds at which the script runs. */
  readonly time: number;
  /** Path of the script below active-response/bin. */
  readonly executable: string;
  /** `["add", USER, IP, "EPOCH.N", RULE, LOCATION, FILENAME]` */
  readonly argv: readonly string[];
  readonly rule: number;
  readonly ip: string;
  /**
   * For `add`: when the block is over, block time + timeout (docs/reference/cli.md#replay); null: never. A later
   * request may move it: see {@link RestartedTimer}.
   */
  readonly until: number | null;
  /** For `delete`: the moment at which the timeout had passed; `time` may be later (at most 90 s). */
  readonly due?: number;
}

/** The script is not run again, the timer starts anew. */
export interface RestartedTimer {
  readonly kind: "restart";
  readonly time: number;
  readonly executable: string;
  readonly ip: string;
  readonly rule: number;
  readonly until: number;
}

export type ExecdEvent = ScriptCall | RestartedTimer;

export interface ExecdOptions {
  /** Minutes for the first, second … repeat; at most five (spec 11). */
  readonly repeatedOffenders: readonly number[];
  /**
   * `exact`: a delete runs when execd looks, at the next message or 90 s after the last look.
   * `due`: a delete runs at block time + timeout, as `zopf replay` tells it.
   */
  readonly deletes: "exact" | "due";
}

interface Entry {
  readonly executable: string;
  readonly argv: readonly string[];
  readonly rule: number;
  readonly ip: string;
  added: number;
  /** Seconds. */
  timeout: number;
}

/** Longest time between two looks at the timeouts, in seconds. */
const lookEvery = 90;

/** execd's list of open blocks. Times must not go backwards. */
export class Execd {
  readonly #options: ExecdOptions;
  /** In the order in which they were added, by script and address. */
  readonly #entries = new Map<string, Entry>();
  readonly #queue = createDueQueue<Entry>();
  readonly #repeats = new Map<string, number>();
  #lastLook = Number.NEGATIVE_INFINITY;

  constructor(options: ExecdOptions) {
    // The engine's list ends at the first 0.
    const end = options.repeatedOffenders.indexOf(0);
    this.#options =
      end < 0 ? options : { ...options, repeatedOffenders: options.repeatedOffenders.slice(0, end) };
  }

  /** Open blocks, the oldest first. */
  get open(): readonly { readonly executable: string; readonly ip: string; readonly until: number }[] {
    return [...this.#entries.values()].map(({ executable, ip, added, timeout }) => ({
      executable,
      ip,
      until: added + timeout,
    }));
  }

  /** Deletes that run up to and including `time`, in time order. */
  advance(time: number): readonly ScriptCall[] {
    return this.#options.deletes === "due" ? this.#dueUntil(time) : this.#looksUntil(time);
  }

  /** Takes a request; first come the deletes that run before it. */
  request(request: ResponseRequest): readonly ExecdEvent[] {
    // A block whose age equals its timeout is still there; execd looks before it waits for a message, so
    // what is over when the message comes is seen only behind it.
    const before = this.#options.deletes === "due" ? request.time - 1 : request.time;
    const events: ExecdEvent[] = [...this.advance(before)];
    const event = this.#take(request);
    if (event !== null) events.push(event);
    if (this.#options.deletes === "exact") {
      this.#lastLook = request.time;
      events.push(...this.#expired(request.time));
    }
    return events;
  }

  /** Runs out every timer that is still open, in time order. */
  runOut(): readonly ScriptCall[] {
    const calls: ScriptCall[] = [];
    for (let next = this.#nextDue(); next !== null; next = this.#nextDue()) {
      calls.push(...this.advance(this.#options.deletes === "due" ? next : next + lookEvery + 1));
    }
    return calls;
  }

  /** A clean stop: every open delete runs at once. */
  shutdown(time: number): readonly ScriptCall[] {
    const calls = [...this.advance(time)];
    for (const entry of this.#entries.values()) calls.push(this.#delete(entry, time));
    this.#entries.clear();
    return calls;
  }

  #take(request: ResponseRequest): ExecdEvent | null {
    const argv = scriptArguments(request);
    const ip = argv[1];
    // Without a user and an address the message is refused.
    if (argv[0] === undefined || ip === undefined) return null;
    const { executable } = request.response.command;
    const { time, rule } = request;
    const key = `${executable}${ip}`;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.added = time;
      if (!ip.startsWith("-")) known.timeout = this.#nextTimeout(key) ?? known.timeout;
      this.#queue.push(known.added + known.timeout, known);
      return { kind: "restart", time, executable, ip, rule, until: time + known.timeout };
    }
    let { timeout } = request.response;
    if (timeout !== 0) {
      if (this.#options.repeatedOffenders.length > 0 && !this.#repeats.has(key)) this.#repeats.set(key, 0);
      else timeout = this.#nextTimeout(key) ?? timeout;
      const entry = { executable, argv, rule, ip, added: time, timeout };
      this.#entries.set(key, entry);
      this.#queue.push(time + timeout, entry);
    }
    const until = request.response.timeout === 0 ? null : time + timeout;
    return { kind: "add", time, executable, argv: ["add", ...argv], rule, ip, until };
  }

  /** Timeout of a repeated offender in seconds; null: no repeat, or the feature is off. */
  #nextTimeout(key: string): number | null {
    const list = this.#options.repeatedOffenders;
    const repeats = this.#repeats.get(key);
    if (list.length === 0 || repeats === undefined) return null;
    const minutes = list[Math.min(repeats, list.length - 1)];
    if (repeats < list.length) this.#repeats.set(key, repeats + 1);
    return minutes === undefined ? null : minutes * 60;
  }

  #delete(entry: Entry, time: number): ScriptCall {
    const { executable, argv, rule, ip, added, timeout } = entry;
    return {
      kind: "delete",
      time,
      executable,
      argv: ["delete", ...argv],
      rule,
      ip,
      until: null,
      due: added + timeout,
    };
  }

  /** When the next open block is over; null: none is open. */
  #nextDue(): number | null {
    for (let top = this.#queue.top(); top !== null; top = this.#queue.top()) {
      const { executable, ip, added, timeout } = top.item;
      // A restarted timer leaves its old place in the queue behind.
      if (this.#entries.get(`${executable}${ip}`) === top.item && added + timeout === top.due) return top.due;
      this.#queue.pop();
    }
    return null;
  }

  #remove(entry: Entry): void {
    this.#entries.delete(`${entry.executable}${entry.ip}`);
  }

  /** Entries that are older than their timeout, in the order of the list. */
  #expired(time: number): readonly ScriptCall[] {
    const next = this.#nextDue();
    if (next === null || next >= time) return [];
    const over = [...this.#entries.values()].filter(({ added, timeout }) => time - added > timeout);
    for (const entry of over) this.#remove(entry);
    return over.map((entry) => this.#delete(entry, time));
  }

  #looksUntil(time: number): readonly ScriptCall[] {
    const calls: ScriptCall[] = [];
    for (
      let oldest = this.#nextDue();
      oldest !== null && this.#lastLook + lookEvery <= time;
      oldest = this.#nextDue()
    ) {
      this.#lastLook += lookEvery;
      // Looks at which nothing can be over need not be made.
      const idle = Math.floor((Math.min(oldest, time) - this.#lastLook) / lookEvery);
      if (idle > 0) this.#lastLook += idle * lookEvery;
      calls.push(...this.#expired(this.#lastLook));
    }
    return calls;
  }

  #dueUntil(time: number): readonly ScriptCall[] {
    const calls: ScriptCall[] = [];
    for (let next = this.#nextDue(); next !== null && next <= time; next = this.#nextDue()) {
      const entry = this.#queue.pop();
      if (entry === null) break;
      this.#remove(entry);
      calls.push(this.#delete(entry, next));
    }
    return calls;
  }
}
