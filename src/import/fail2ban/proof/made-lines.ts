/** The proof on lines that are made for the jails. */
import { sampleAddress, sampleAddress6 } from "../python/sample.js";
import { bare, latin1 } from "./address-text.js";
import type { BundleSide } from "./bundle-side.js";
import { Comparison } from "./comparison.js";
import { blockText, Counters, countedOtherwise, longestWithin } from "./counters.js";
import type { ReadableJail } from "./jail-side.js";
import type { Verdict } from "./verdict.js";

/** 2026-11-14 18:10 UTC. */
const firstTime = 1_794_679_800;
/** So long after each made line that none is counted with the one before. */
const apart = 200_000;
/** More lines of one client are not made. */
const mostEvents = 128;

/** All in one session: their times ascend. */
export class MadeLines {
  readonly #jails: readonly ReadableJail[];
  readonly #bundle: BundleSide;
  readonly #verdict: Verdict;
  readonly #comparison: Comparison;
  readonly #counters: Counters;
  #time = firstTime;
  #addresses = 0;

  constructor(jails: readonly ReadableJail[], bundle: BundleSide, verdict: Verdict) {
    this.#jails = jails;
    this.#bundle = bundle;
    this.#verdict = verdict;
    this.#comparison = new Comparison(jails, verdict, true);
    this.#counters = new Counters(jails);
  }

  prove(jail: ReadableJail): void {
    const readers = [jail, ...this.#jails.filter((other) => other !== jail && other.readsWith(jail))];
    const counted: string[] = [];
    const seen = new Set<string>();
    for (const base of jail.samples) {
      const judgement = jail.judge(base);
      const isFailure = judgement.kind === "failure";
      // Its lines are lost, and that is said.
      if (isFailure && jail.isRefused(judgement.by)) continue;
      for (const line of isFailure ? [base, ...jail.variations(base)] : [base]) {
        if (seen.has(line)) continue;
        seen.add(line);
        this.#time += apart;
        if (this.#line(line, readers, "a made line") && line === base && isMade(line)) counted.push(line);
      }
    }
    this.#counts(jail, readers, counted);
  }

  /** One line; true: both count it. */
  #line(line: string, readers: readonly ReadableJail[], at: string): boolean {
    const said = this.#bundle.say(latin1(line), this.#time);
    const { agreed, isSame } = this.#comparison.compare(line, readers, said, at, () =>
      this.#bundle.takenBy(latin1(line), this.#time),
    );
    const bans = this.#counters.bans(agreed, this.#time);
    const counted = this.#counters.counted(agreed, this.#time);
    const blocks = new Map(said.asked.map(({ source, timeout }) => [bare(source), timeout]));
    for (const address of bans.keys()) this.#verdict.blocks("before", address);
    for (const address of blocks.keys()) this.#verdict.blocks("after", address);
    const [reader] = readers;
    if (!isSame || reader === undefined || blockText(bans) === blockText(blocks)) return agreed.length > 0;
    if (blockText(counted) === blockText(blocks)) this.#verdict.loses(countedOtherwise, reader.place, line);
    else
      this.#verdict.differs(
        reader.place,
        `${reader.name}: at this line fail2ban bans ${blockText(bans)}, the bundle blocks ${blockText(blocks)}: ${line}`,
      );
    return agreed.length > 0;
  }

  /** Lines around `maxretry` and `findtime`, of one client and of several. */
  #counts(jail: ReadableJail, readers: readonly ReadableJail[], lines: readonly string[]): void {
    const [line] = lines;
    const own = jail.jail;
    if (line === undefined || own === null || own.maxRetry > mostEvents) return;
    const retries = own.maxRetry;
    const within = Math.min(own.findTime, longestWithin);
    const start = (): void => {
      this.#time += apart;
    };
    /** Lines of a client, so many seconds each after the one before. */
    const several = (client: string, pauses: readonly number[], texts: readonly string[] = [line]): void => {
      pauses.forEach((pause, at) => {
        this.#time += pause;
        this.#line(
          withAddress(texts[at % texts.length] ?? line, client),
          readers,
          `line ${at + 1} of ${pauses.length}`,
        );
      });
    };
    const evenly = (count: number, over: number): readonly number[] =>
      Array.from(
        { length: count },
        (_, at) => Math.floor((over * at) / count) - Math.floor((over * (at - 1)) / count) * Number(at > 0),
      );
    start();
    several(this.#client(line), evenly(retries, within));
    start();
    several(this.#client(line), evenly(retries - 1, within));
    start();
    // The last when the first still counts, and when all are too old.
    several(
      this.#client(line),
      retries < 3
        ? [0, within].slice(0, retries)
        : [0, within - 1, 1, ...Array.from({ length: retries - 3 }, () => 0)],
    );
    start();
    several(this.#client(line), [...Array.from({ length: retries - 1 }, () => 0), within + 1]);
    if (lines.length > 1) {
      start();
      several(
        this.#client(line),
        Array.from({ length: retries }, () => 1),
        lines,
      );
    }
    for (const ignored of own.ignored) {
      const address = ignored.replace(/\/.*$/, "");
      if (!jail.isIgnored(address) || address.includes(":") !== line.includes(sampleAddress6)) continue;
      start();
      several(
        address,
        Array.from({ length: retries }, () => 0),
      );
    }
  }

  /** An address that no line had so far. */
  #client(line: string): string {
    const number = ++this.#addresses;
    return line.includes(sampleAddress6)
      ? `2001:db8:5::${number.toString(16)}`
      : `198.${18 + ((number >> 16) & 1)}.${(number >> 8) & 255}.${number & 255}`;
  }
}

const isMade = (line: string): boolean => line.includes(sampleAddress) || line.includes(sampleAddress6);

const withAddress = (line: string, address: string): string =>
  line.replaceAll(sampleAddress, address).replaceAll(sampleAddress6, address);
