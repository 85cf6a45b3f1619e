import { formatAddress, parseAddress } from "../firewall/address.js";
import { forgottenAfter } from "../firewall/limits.js";
import { type FilterEvent, PacketFilter } from "../firewall/packet-filter.js";
import { blockPrefix } from "../firewall/prefix.js";
import type { HostModel, Model, PrefixModel } from "../model/model.js";
import { Execd, type ExecdEvent, type ResponseRequest, type ScriptCall } from "../ossec/response/index.js";
import { responseCommands } from "../targets/ossec/responses.js";
import { suiteOf } from "../targets/ossec/suite.js";
import type { ChainLine } from "./chain-line.js";
import type { HostExecd } from "./host-execd.js";
import { MessageExecd } from "./message-execd.js";
import type { TimelineEvent } from "./timeline.js";

/** A script of the bundle that blocks nothing, by what it does. */
type SideKind = "log" | "notify";

type Blocked = Extract<FilterEvent, { readonly kind: "block" }>;
type Freed = Extract<FilterEvent, { readonly kind: "unblock" }>;

export interface BlockingHostOptions {
  readonly model: Model;
  /** null: the bundle is for one host. */
  readonly host: HostModel | null;
  /** Minutes of the second, third … block of an address. */
  readonly repeatedOffenders: readonly number[];
  /** Name of the detection behind a rule; null for rules of others. */
  readonly detectionOf: (rule: number) => string | null;
}

/**
 * A host on which responses run, in log time: its execd asks for scripts, and the packet filter does what
 * the bundle's script would make of their arguments.
 */
export class BlockingHost {
  readonly host: HostModel | null;
  readonly #model: Model;
  readonly #detectionOf: (rule: number) => string | null;
  readonly #execd: HostExecd;
  readonly #filter: PacketFilter;
  /** What the scripts have that block nothing: the same checks, and no table. */
  readonly #checks: PacketFilter;
  readonly #prefix: PrefixModel | null;
  readonly #tables: string;
  readonly #sides: ReadonlyMap<string, SideKind>;
  /** The request behind what a script has done and a delete undoes, by script and address. */
  readonly #done = new Map<string, { readonly line: ChainLine; readonly rule: number }>();

  /** The spellings of a blocked address for which execd has a timer. */
  readonly #open = new Map<string, Set<string>>();

  constructor({ model, host, repeatedOffenders, detectionOf }: BlockingHostOptions) {
    const { firewalls, neverBlock } = host ?? model;
    const settings = { neverBlock, forgottenAfter: forgottenAfter(model.responses) };
    this.host = host;
    this.#model = model;
    this.#detectionOf = detectionOf;
    const ends = new Map(responseCommands(model).map((one) => [one.executable, one.ends]));
    this.#execd = suiteOf(model.ossec).jsonMessages
      ? new MessageExecd({ repeatedOffenders, asks: (executable) => ends.get(executable) !== false })
      : new Execd({ repeatedOffenders, deletes: "due" });
    this.#prefix = blockPrefix(model);
    this.#filter = new PacketFilter({ ...settings, firewalls, prefix: this.#prefix });
    this.#checks = new PacketFilter({ ...settings, firewalls: [], prefix: null });
    this.#tables = firewalls.map(({ table }) => table).join(",");
    this.#sides = sideScripts(model);
  }

  /**
   * A request of the analysis, and what the line leads to.
   *
   * @param alert - the alert as JSON
   */
  request(request: ResponseRequest, line: ChainLine, alert: () => string): readonly TimelineEvent[] {
    return this.#execd
      .request(request, alert)
      .flatMap((call) => (call.kind === "delete" ? this.#undo(call) : this.#do(call, line)));
  }

  /** What ends up to and including `time`. */
  advance(time: number): readonly TimelineEvent[] {
    const events: TimelineEvent[] = [];
    for (
      let next = this.#filter.nextExpiry();
      next !== null && next <= time;
      next = this.#filter.nextExpiry()
    )
      events.push(...this.#undoAll(this.#execd.advance(next)), ...this.#expire(next));
    events.push(...this.#undoAll(this.#execd.advance(time)));
    return events;
  }

  /** Runs out every timer that is still open. */
  runOut(): readonly TimelineEvent[] {
    return this.#undoAll(this.#execd.runOut());
  }

  #do(call: Exclude<ExecdEvent, { readonly kind: "delete" }>, line: ChainLine): readonly TimelineEvent[] {
    // execd does not run the script again while it counts the address as blocked.
    if (call.kind === "restart") return [];
    const side = this.#sides.get(call.executable);
    if (side === undefined && call.executable !== this.#model.ossec.executable)
      return this.#doOfOthers(call, line);
    const event = (side === undefined ? this.#filter : this.#checks).apply(call);
    if (event.kind !== "block") return this.#refused(call, line, event);
    if (side !== undefined) {
      if (call.until !== null) this.#remember(call, call.ip, line);
      return [this.#ran(call, line, side === "notify" ? "notify" : "would-block")];
    }
    if (call.until !== null) setOf(this.#open, event.address).add(call.ip);
    if (!event.fresh) return [this.#ran(call, line, "already-blocked", event.address)];
    this.#remember(call, event.address, line);
    return [this.#blocked(call, line, event)];
  }

  #undoAll(calls: readonly ScriptCall[]): readonly TimelineEvent[] {
    return calls.flatMap((call) => this.#undo(call));
  }

  #undo(call: ScriptCall): readonly TimelineEvent[] {
    const time = call.due ?? call.time;
    const ours = call.executable === this.#model.ossec.executable;
    const freed = ours ? this.#filter.apply({ argv: call.argv, time }) : null;
    const address = canonical(call.ip);
    if (ours) this.#close(address, call.ip);
    const before = this.#take(call.executable, ours ? address : call.ip);
    if (before === null) return [];
    const { line } = before;
    const at = { ...call, time };
    if (this.#sides.has(call.executable)) return [this.#ran(at, line, "would-unblock")];
    if (freed === null) return [{ ...this.#about(at, line), ...this.#unblock(call.executable, call.argv) }];
    return freed.kind === "unblock" ? [this.#freed(at, line, freed)] : [];
  }

  /** Scripts that are not the bundle's: nothing is known of what they do with the address. */
  #doOfOthers(call: ScriptCall, line: ChainLine): readonly TimelineEvent[] {
    if (call.until !== null) this.#remember(call, call.ip, line);
    const { until, executable } = call;
    const source = call.ip === "-" ? null : call.ip;
    return [
      {
        ...this.#about(call, line),
        source,
        kind: "block",
        until,
        table: executable,
        command: call.argv,
        ...this.#on(),
      },
    ];
  }

  #blocked(call: ScriptCall, line: ChainLine, { address, entry }: Blocked): TimelineEvent {
    return {
      ...this.#about(call, line),
      source: address,
      kind: "block",
      until: this.#endOf(call, address),
      table: this.#tables,
      command: call.argv,
      ...this.#network({ entry }),
      ...this.#on(),
    };
  }

  #freed(call: ScriptCall, line: ChainLine, { address, entry, heldBy }: Freed): TimelineEvent {
    return {
      ...this.#about(call, line),
      source: address,
      ...this.#unblock(this.#tables, call.argv),
      ...this.#network({ entry, heldBy }),
    };
  }

  /** What is in the table is shown where it is not the address itself. */
  #network<T extends object>(shown: T): T | object {
    return this.#prefix === null ? {} : shown;
  }

  /**
   * When a block ends: with the first delete. execd has a timer for every spelling of an address, the table
   * one entry for all of them.
   */
  #endOf({ executable, until }: ScriptCall, address: string): number | null {
    const spellings = this.#open.get(address);
    if (spellings === undefined || spellings.size < 2) return until;
    const ends = this.#execd.open.flatMap((open) =>
      open.executable === executable && spellings.has(open.ip) ? [open.until] : [],
    );
    return Math.min(...ends, until ?? Number.POSITIVE_INFINITY);
  }

  #close(address: string, spelling: string): void {
    const spellings = this.#open.get(address);
    spellings?.delete(spelling);
    if (spellings?.size === 0) this.#open.delete(address);
  }

  /** What the kernel ends although execd still counts it as blocked: it restarts its timer, but runs no script. */
  #expire(time: number): readonly TimelineEvent[] {
    const { executable } = this.#model.ossec;
    return this.#filter.expire(time).flatMap(({ entry, addresses }) =>
      addresses.flatMap((ip, index) => {
        const before = this.#take(executable, ip);
        if (before === null) return [];
        const { line, rule } = before;
        const heldBy = addresses.length - index - 1;
        return [
          {
            ...this.#about({ time, rule, ip }, line),
            ...this.#unblock(this.#tables, []),
            ...this.#network({ entry, heldBy }),
          },
        ];
      }),
    );
  }

  #refused(call: ScriptCall, line: ChainLine, event: FilterEvent): readonly TimelineEvent[] {
    if (event.kind !== "refused") return [];
    const reason = `the script refuses: ${event.reason}`;
    return [{ ...this.#about(call, line), kind: "refused", reason, ...this.#on() }];
  }

  #ran(
    call: ScriptCall,
    line: ChainLine,
    action: Extract<TimelineEvent, { readonly kind: "response" }>["action"],
    source: string = call.ip,
  ): TimelineEvent {
    return {
      ...this.#about(call, line),
      source,
      kind: "response",
      action,
      script: call.executable,
      command: call.argv,
      ...this.#on(),
    };
  }

  #unblock(table: string, command: readonly string[]) {
    return { kind: "unblock", table, command, ...this.#on() } as const;
  }

  #about({ time, rule, ip }: Pick<ScriptCall, "time" | "rule" | "ip">, { file, lineNumber }: ChainLine) {
    return { time, detection: this.#detectionOf(rule), source: ip, file, lineNumber, rule };
  }

  #on(): { readonly target?: string } {
    return this.host === null ? {} : { target: this.host.name };
  }

  #remember({ executable, rule }: ScriptCall, address: string, line: ChainLine): void {
    this.#done.set(`${executable} ${address}`, { line, rule });
  }

  #take(executable: string, address: string) {
    const key = `${executable} ${address}`;
    const found = this.#done.get(key) ?? null;
    this.#done.delete(key);
    return found;
  }
}

/** The bundle's scripts that block nothing, by their file name. */
export function sideScripts({ responses }: Model): ReadonlyMap<string, SideKind> {
  return new Map(
    responses.flatMap((response) =>
      response.kind === "block" ? [] : [[response.executable, response.kind] as const],
    ),
  );
}

/** One spelling for every address; other texts as they are. */
function canonical(text: string): string {
  const address = parseAddress(text);
  return address === null ? text : formatAddress(address);
}

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key);
  if (known !== undefined) return known;
  const made = new Set<string>();
  sets.set(key, made);
  return made;
}
