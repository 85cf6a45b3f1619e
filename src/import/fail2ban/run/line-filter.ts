/** What fail2ban makes of a line by itself: is it a failure, and whose. */
import type { Filter, FilterText } from "../filter.js";
import {
  type Characters,
  charactersOf,
  type FoundHost,
  type Match,
  PythonExpression,
} from "../python/match.js";
import { parsePython } from "../python/parse.js";
import { DateCut } from "./date-cut.js";

/** An expression of the filter that is run. */
interface Runnable {
  readonly text: FilterText;
  readonly expression: PythonExpression;
}

export type Judgement =
  | { readonly kind: "none" }
  /** A failure of a client. */
  | { readonly kind: "failure"; readonly by: FilterText; readonly host: FoundHost }
  /** No failure by itself, whatever it says together with other lines of its session. */
  | { readonly kind: "helper"; readonly by: FilterText }
  /** Whose failure it is, another line of its session says; or what is banned is no client. */
  | { readonly kind: "session"; readonly by: FilterText }
  /** It took too long. */
  | { readonly kind: "unknown"; readonly by: FilterText };

type Dates = Pick<DateCut, "rest" | "find">;

const undatedLines: Dates = { rest: (line) => line, find: () => null };
const none: Judgement = { kind: "none" };

export class LineFilter {
  readonly #dates: Dates;
  readonly #prefix: Runnable | null;
  readonly #failures: readonly Runnable[];
  readonly #ignored: readonly Runnable[];
  /** How many expressions the filter has: some of them may not be readable. */
  readonly #written: { readonly failures: number; readonly ignored: number };

  private constructor(
    dates: Dates,
    prefix: Runnable | null,
    failures: readonly Runnable[],
    ignored: readonly Runnable[],
    written: { readonly failures: number; readonly ignored: number },
  ) {
    this.#dates = dates;
    this.#prefix = prefix;
    this.#failures = failures;
    this.#ignored = ignored;
    this.#written = written;
  }

  /**
   * Null: its date, its `prefregex` or an `ignoreregex` is not readable, or it looks at several lines together, so that no
   * line can be judged by itself.
   *
   * @param dated - false: lines come without their date, as the journal has them
   */
  static of(filter: Filter, dated = true): LineFilter | null {
    const { datepattern, prefregex, failregex, ignoreregex, maxlines } = filter;
    if (maxlines > 1) return null;
    const dates = dated ? DateCut.of(datepattern?.text ?? "") : undatedLines;
    if (dates === null) return null;
    const prefix = prefregex === null ? null : runnable(prefregex);
    if (prefregex !== null && prefix === null) return null;
    const ignored = ignoreregex.map(runnable).filter((one) => one !== null);
    if (ignored.length < ignoreregex.length) return null;
    const failures = failregex.map(runnable).filter((one) => one !== null);
    return new LineFilter(dates, prefix, failures, ignored, {
      failures: failregex.length,
      ignored: ignoreregex.length,
    });
  }

  /** Where it finds the date. */
  dateOf(line: string): { readonly from: number; readonly to: number } | null {
    return this.#dates.find(line);
  }

  judge(line: string): Judgement {
    let text = `${this.#dates.rest(line)}\n`;
    let characters = charactersOf(text);
    // Few of them are looked for first, in the whole line; all of them where an expression fits.
    if (this.#written.ignored > 0 && this.#written.ignored < this.#written.failures - 2)
      if (this.#isIgnored(text, characters)) return none;
    let around: Match | null = null;
    if (this.#prefix !== null) {
      const found = this.#prefix.expression.search(text, characters);
      if (found === "unknown") return { kind: "unknown", by: this.#prefix.text };
      if (found === null) return none;
      around = found;
      const content = found.tag("content");
      if (content !== null && content !== "") {
        text = `${content}\n`;
        characters = charactersOf(text);
      }
    }
    for (const { expression, text: by } of this.#failures) {
      const found = expression.search(text, characters);
      if (found === null) continue;
      if (found === "unknown") return { kind: "unknown", by };
      if (this.#isIgnored(text, characters)) return none;
      const tag = (name: string): string | null => found.tag(name) ?? around?.tag(name) ?? null;
      const isOfSession = tag("mlfid") !== null;
      if (isOfSession && (tag("nofail") !== null || tag("mlfgained") !== null)) return { kind: "helper", by };
      const host = expression.hasHost ? found.host : (around?.host ?? null);
      return host === null ? { kind: "session", by } : { kind: "failure", by, host };
    }
    return none;
  }

  #isIgnored(text: string, characters: Characters): boolean {
    return this.#ignored.some(({ expression }) => {
      const found = expression.search(text, characters);
      return found !== null && found !== "unknown";
    });
  }
}

function runnable(text: FilterText): Runnable | null {
  const parsed = parsePython(text.text);
  return parsed.ok ? { text, expression: new PythonExpression(parsed.root) } : null;
}
