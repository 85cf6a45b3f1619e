/** What came of the lines of a proof. */

import type { Taken } from "../../../deploy/taken-by.js";
import type { Diagnostic, Span } from "../../../diagnostics/diagnostic.js";
import { codes } from "../../codes.js";
import type { Proof } from "../../proof/prove.js";
import type { FilterText } from "../filter.js";

const mostShown = 100;
/** Addresses that are remembered of those that only one of the two blocks. */
const mostSources = 100_000;

/** Lines of one kind. */
interface Loss {
  readonly place: Span;
  readonly example: string;
  lines: number;
}

export class Verdict {
  #lines = 0;
  #same = 0;
  #failures = 0;
  #fired = 0;
  readonly #differences: Diagnostic[] = [];
  /** Differences that the import has said before, by their reason. */
  readonly #losses = new Map<string, Loss>();
  /** Lines that something else of the home takes, by what it is. */
  readonly #taken = new Map<string, Loss & { readonly help: string }>();
  readonly #answered = new Set<FilterText>();
  readonly #before = new Set<string>();
  readonly #after = new Set<string>();
  readonly diagnostics: Diagnostic[] = [];

  /** Both say the same of a line. */
  same(by: FilterText | null): void {
    this.#lines += 1;
    this.#same += 1;
    if (by !== null) this.#answered.add(by);
  }

  differs(place: Span, message: string): void {
    this.#lines += 1;
    if (this.#differences.length < mostShown) this.#differences.push(codes.differs(place, message));
  }

  /** The bundle by itself says the same, and in the home the line does not come to it. */
  taken({ reason, help }: Taken, place: Span, line: string): void {
    this.#lines += 1;
    const known = this.#taken.get(reason);
    if (known === undefined) this.#taken.set(reason, { place, example: line, lines: 1, help });
    else known.lines += 1;
  }

  /** They differ, and the import says why. */
  loses(reason: string, place: Span, line: string): void {
    const known = this.#losses.get(reason);
    if (known === undefined) this.#losses.set(reason, { place, example: line, lines: 1 });
    else known.lines += 1;
  }

  count(isFailure: boolean, fires: boolean): void {
    if (isFailure) this.#failures += 1;
    if (fires) this.#fired += 1;
  }

  blocks(side: "before" | "after", address: string): void {
    const set = side === "before" ? this.#before : this.#after;
    if (set.size < mostSources) set.add(address);
  }

  /** @param expressions - those that came over */
  proof(expressions: readonly FilterText[]): Proof {
    const only = (some: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
      [...some].filter((source) => !others.has(source)).sort();
    const unproven = expressions
      .filter((one) => !this.#answered.has(one))
      .map(({ text, place }) =>
        codes.unproven(place, `no line was made that this expression takes: ${text.slice(0, 160)}`),
      );
    const losses = [...this.#losses].map(([reason, { place, example, lines }]) =>
      codes.knownLoss(
        place,
        `${lines === 1 ? "1 line" : `${lines} lines`}: ${reason}`,
        `the first: ${example}`,
      ),
    );
    const taken = [...this.#taken].map(([reason, { place, example, lines, help }]) =>
      codes.differs(
        place,
        `beside the home ${counted(lines)} not reach the bundle: ${reason}: ${example}`,
        help,
      ),
    );
    return {
      by: "fail2ban",
      lines: this.#lines,
      same: this.#same,
      differences: [],
      answered: expressions.filter((one) => this.#answered.has(one)).length,
      unproven: [],
      behaviour: {
        nowBlocked: only(this.#after, this.#before),
        noLongerBlocked: only(this.#before, this.#after),
        alertsBefore: this.#failures,
        alertsAfter: this.#fired,
      },
      diagnostics: [...taken, ...this.#differences, ...losses, ...unproven, ...this.diagnostics],
    };
  }
}

const counted = (lines: number): string => (lines === 1 ? "1 line does" : `${lines} lines do`);
