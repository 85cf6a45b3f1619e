/** The proof on the lines of a log. */
import { basename } from "node:path";
import { syslogLines } from "../../../replay/syslog-source.js";
import { bare } from "./address-text.js";
import type { BundleSide } from "./bundle-side.js";
import { Comparison } from "./comparison.js";
import { Counters, countedOtherwise } from "./counters.js";
import type { ReadableJail } from "./jail-side.js";
import type { Verdict } from "./verdict.js";

interface Block {
  readonly line: number;
  readonly seconds: number;
}

/** As the daemon reads them. */
export class LogLines {
  readonly #readers: readonly ReadableJail[];
  readonly #file: string;
  readonly #shown: string;
  readonly #bundle: BundleSide;
  readonly #verdict: Verdict;
  readonly #comparison: Comparison;
  readonly #counters: Counters;
  /** The first ban of each address by fail2ban, by exact counting of the lines that both count, and by the bundle. */
  readonly #bans = new Map<string, Block>();
  readonly #counted = new Map<string, Block>();
  readonly #blocks = new Map<string, Block>();

  constructor(
    jails: readonly ReadableJail[],
    file: string,
    bundle: BundleSide,
    verdict: Verdict,
    shown: string,
  ) {
    const named = jails.filter(({ jail }) => jail?.logs.some((log) => basename(log) === basename(file)));
    this.#readers = named.length > 0 ? named : jails;
    this.#file = file;
    this.#shown = shown;
    this.#bundle = bundle;
    this.#verdict = verdict;
    this.#comparison = new Comparison(jails, verdict, false);
    this.#counters = new Counters(this.#readers);
  }

  async prove(timeZone: string | undefined): Promise<void> {
    const lines = syslogLines(
      { file: this.#file, year: null, utc: timeZone === "UTC0" || timeZone === "UTC", assumeDate: null },
      (diagnostic) => this.#verdict.diagnostics.push(diagnostic),
    );
    for await (const { text, time, location, lineNumber } of lines)
      this.#line(text, Math.floor(time), location, lineNumber ?? 1);
    for (const address of new Set([...this.#bans.keys(), ...this.#blocks.keys()])) this.#compareBans(address);
  }

  #line(text: string, time: number, location: string, number: number): void {
    const line = Buffer.from(text, "latin1").toString("utf8");
    const said = this.#bundle.say(text, time, location);
    const { failures, agreed } = this.#comparison.compare(
      line,
      this.#readers,
      said,
      `${this.#shown}:${number}`,
      () => this.#bundle.takenBy(text, time),
    );
    for (const [address, seconds] of this.#counters.bans(failures, time))
      note(this.#bans, address, { line: number, seconds });
    for (const [address, seconds] of this.#counters.counted(agreed, time))
      note(this.#counted, address, { line: number, seconds });
    for (const { source, timeout } of said.asked)
      note(this.#blocks, bare(source), { line: number, seconds: timeout });
  }

  #compareBans(address: string): void {
    const [ban, block, counted] = [this.#bans, this.#blocks, this.#counted].map((all) => all.get(address));
    if (ban !== undefined) this.#verdict.blocks("before", address);
    if (block !== undefined) this.#verdict.blocks("after", address);
    const text = (one: Block | undefined): string =>
      one === undefined ? "not at all" : `at line ${one.line} for ${one.seconds} s`;
    if (text(ban) === text(block)) return;
    const place = { file: this.#shown, line: (block ?? ban)?.line ?? 1, column: 1 };
    const message = `fail2ban bans ${address} ${text(ban)}, the bundle blocks it ${text(block)}`;
    if (text(counted) === text(block)) this.#verdict.loses(countedOtherwise, place, message);
    else this.#verdict.differs(place, message);
  }
}

/** Addresses that are remembered. */
const mostAddresses = 200_000;

function note(blocks: Map<string, Block>, address: string, block: Block): void {
  if (!blocks.has(address) && blocks.size < mostAddresses) blocks.set(address, block);
}
