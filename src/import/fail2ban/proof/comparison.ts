/** What jails make of a line, beside what the bundle does. */
import type { Taken } from "../../../deploy/taken-by.js";
import type { Judgement } from "../run/line-filter.js";
import { bare, sameAddress } from "./address-text.js";
import type { Said } from "./bundle-side.js";
import type { ReadableJail } from "./jail-side.js";
import { controls, failsAs, headTaken, lossOf, otherHeads } from "./known-losses.js";
import type { Verdict } from "./verdict.js";

export interface Failure {
  readonly jail: ReadableJail;
  readonly address: string;
}

export interface Compared {
  /** Those of addresses, the ignored ones not among them. */
  readonly failures: readonly Failure[];
  /** Those that the bundle counts, too. */
  readonly agreed: readonly Failure[];
  /** Both say the same of the line, so that blocks have to be the same, too. */
  readonly isSame: boolean;
}

export class Comparison {
  readonly #jails: readonly ReadableJail[];
  readonly #verdict: Verdict;
  readonly #isMade: boolean;

  /** @param isMade - the lines were made, their heads as well as the rest */
  constructor(jails: readonly ReadableJail[], verdict: Verdict, isMade: boolean) {
    this.#jails = jails;
    this.#verdict = verdict;
    this.#isMade = isMade;
  }

  /**
   * Compares one line.
   *
   * @param readers - the jails that read its log
   * @param taken - who of the home has the line
   */
  compare(
    line: string,
    readers: readonly ReadableJail[],
    said: Said,
    at: string,
    taken: () => Taken | null,
  ): Compared {
    const judged = readers.map((jail) => ({ jail, judgement: jail.judge(line) }));
    const failures = judged.flatMap(({ jail, judgement }) =>
      judgement.kind === "failure" ? [{ jail, by: judgement.by, host: judgement.host }] : [],
    );
    this.#verdict.count(failures.length > 0, said.address !== null);
    const [first] = failures;
    if (first === undefined) {
      this.#unexpected(line, judged, said, at);
      return { failures: [], agreed: [], isSame: false };
    }
    const addresses = failures.flatMap(({ jail, host }) =>
      host.kind === "address" && !jail.isIgnored(host.text) ? [{ jail, address: bare(host.text) }] : [],
    );
    const fitting = failures.filter(({ host }) =>
      host.kind === "name" ? said.address === "" : sameAddress(host.text, said.address),
    );
    const [fit] = fitting;
    if (fit === undefined) {
      const loss = said.address === null ? lossOf(first, line) : null;
      if (loss !== null && this.#isMade && loss === headTaken)
        return { failures: [], agreed: [], isSame: false };
      const taker = loss === null ? taken() : null;
      if (loss !== null) this.#verdict.loses(loss, first.by.place, line);
      else if (taker !== null) this.#verdict.taken(taker, first.by.place, line);
      else
        this.#verdict.differs(
          first.by.place,
          `${first.jail.name}: fail2ban counts ${first.host.text} on ${at}, the bundle ${saying(said)}: ${line}`,
        );
      return { failures: addresses, agreed: [], isSame: false };
    }
    this.#verdict.same(fit.by);
    const agreed = addresses.filter(({ address }) => sameAddress(address, said.address));
    if (agreed.some(({ jail }) => jail.jail !== null) && !said.counts) {
      this.#verdict.loses(
        "it is reported, and blocks nobody: its address could be forged",
        fit.by.place,
        line,
      );
      return { failures: addresses, agreed: [], isSame: false };
    }
    return { failures: addresses, agreed, isSame: true };
  }

  #unexpected(
    line: string,
    judged: readonly { readonly jail: ReadableJail; readonly judgement: Judgement }[],
    { address, ...said }: Said,
    at: string,
  ): void {
    const open = judged.find(({ judgement: { kind } }) => kind === "session" || kind === "unknown");
    if (address === null) {
      if (open?.judgement.kind === "session")
        this.#verdict.loses(
          `another line of its session says whose failure it is, which ${open.jail.forms.engine.product} does not remember`,
          open.judgement.by.place,
          line,
        );
      else this.#verdict.same(null);
      return;
    }
    if (open?.judgement.kind === "unknown") return;
    const changed = judged.find(({ jail }) =>
      otherHeads(line, jail.forms.engine).some((other) => failsAs(jail.judge(other), address)),
    );
    if (changed !== undefined) {
      if (this.#isMade) return;
      this.#verdict.loses(
        `${changed.jail.forms.engine.product} cuts the head of a line off, whatever the expression asks for there`,
        changed.jail.filter.place,
        line,
      );
      return;
    }
    const controlled = judged.find(
      ({ jail }) =>
        jail.forms.engine.deletesControls && jail.filter.failregex.some(({ text }) => controls.test(text)),
    );
    if (controlled !== undefined) {
      this.#verdict.loses(
        "OSSEC deletes control bytes, so that one that the expression asks for may be missing",
        controlled.jail.filter.place,
        line,
      );
      return;
    }
    const readers = new Set(judged.map(({ jail }) => jail));
    const other = this.#jails
      .filter((jail) => !readers.has(jail))
      .find((jail) => failsAs(jail.judge(line), address));
    const [first] = judged;
    if (other !== undefined)
      this.#verdict.loses(
        `${other.name} takes a line of another log: ${other.forms.engine.product} does not tell logs apart`,
        other.place,
        line,
      );
    else if (first !== undefined)
      this.#verdict.differs(
        first.jail.filter.place,
        `${first.jail.name}: fail2ban counts nobody on ${at}, the bundle ${saying({ address, ...said })}: ${line}`,
      );
  }
}

const saying = ({ address }: Said): string =>
  address === null ? "nobody" : address === "" ? "a line without an address" : address;
