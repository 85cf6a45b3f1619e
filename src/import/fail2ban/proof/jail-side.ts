/** A jail, or a filter by itself, as fail2ban runs it on lines. */
import type { Span } from "../../../diagnostics/diagnostic.js";
import { createSubnetSet, parseSubnet, type SubnetSet } from "../../../zeek/values/subnet.js";
import type { Filter, FilterText } from "../filter.js";
import type { FilterForms } from "../forms.js";
import { blockSeconds } from "../growth.js";
import type { Jail } from "../jails.js";
import { type Judgement, LineFilter } from "../run/line-filter.js";
import { linesOf, variationsOf } from "./sample-lines.js";

/** One that came over. */
export interface ImportedJail {
  readonly filter: Filter;
  readonly forms: FilterForms;
  /** null: its lines are reported and not counted. */
  readonly jail: Jail | null;
}

export class ReadableJail {
  readonly filter: Filter;
  readonly forms: FilterForms;
  readonly jail: Jail | null;
  readonly #lines: LineFilter;
  readonly #ignored: SubnetSet;
  readonly #refused: ReadonlySet<FilterText>;

  private constructor({ filter, forms, jail }: ImportedJail, lines: LineFilter) {
    this.filter = filter;
    this.forms = forms;
    this.jail = jail;
    this.#lines = lines;
    this.#refused = new Set(forms.refused.flatMap(({ text }) => text ?? []));
    this.#ignored = createSubnetSet(
      ["127.0.0.0/8", "::1", ...(jail?.ignored ?? [])].flatMap(
        (text) => parseSubnet(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`) ?? [],
      ),
    );
  }

  /** null: its lines cannot be judged one by one. */
  static of(imported: ImportedJail): ReadableJail | null {
    const lines = LineFilter.of(imported.filter);
    return lines === null ? null : new ReadableJail(imported, lines);
  }

  get name(): string {
    return this.jail === null ? `filter ${this.filter.name}` : `jail ${this.jail.name}`;
  }

  get place(): Span {
    return this.jail?.place ?? this.filter.place;
  }

  /** Those that came over. */
  get expressions(): readonly FilterText[] {
    return this.filter.failregex.filter((one) => !this.#refused.has(one));
  }

  /** It did not come over. */
  isRefused(expression: FilterText): boolean {
    return this.#refused.has(expression);
  }

  judge(line: string): Judgement {
    return this.#lines.judge(line);
  }

  get samples(): readonly string[] {
    return linesOf(this.filter, this.forms, this.#lines);
  }

  variations(line: string): readonly string[] {
    return variationsOf(line, this.#lines);
  }

  isIgnored(address: string): boolean {
    return this.#ignored.has(address);
  }

  /** Why a line that this expression takes may not be taken by the bundle; null: it has to be. */
  lossOf(by: FilterText): string | null {
    const refused = this.forms.refused.find(({ text }) => text === by);
    if (refused !== undefined)
      return `fail2ban takes it by an expression that did not come over: ${refused.reason}`;
    const inexact = this.forms.forms.some(({ exact, text }) => !exact && text === by);
    return inexact ? "it fits at the second try only, and the pattern takes what is found first" : null;
  }

  get seconds(): number {
    return this.jail === null ? 1 : blockSeconds(this.jail);
  }

  /** They read the same file, or both the journal. */
  readsWith(other: ReadableJail): boolean {
    if (other === this) return true;
    const [one, two] = [this.jail, other.jail];
    if (one === null || two === null) return false;
    if (one.fromJournal && two.fromJournal) return true;
    return one.logs.some((log) => two.logs.includes(log));
  }
}
