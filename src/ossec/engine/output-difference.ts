/** `check_diff`: does the text differ from the last one of this rule and host? */
import type { Event } from "./event.js";
import { ownText } from "./own-text.js";

const sizeLimit = 8192;

/** Remembers the last text by host and rule for the life of the engine (the engine: in queue/diff). */
export class OutputDifference {
  readonly #last = new Map<string, string>();

  /** The earlier text when it differs, else null; the first text is only remembered. */
  changed(ruleId: number, event: Event): string | null {
    const { hostname, log } = event;
    const closing = hostname.startsWith("(") ? hostname.indexOf(")") : -1;
    const host = hostname.startsWith("(") ? hostname.slice(1, closing < 0 ? undefined : closing) : hostname;
    // A host name with a slash names a folder that the engine does not make.
    if (log.length >= sizeLimit || host.includes("/")) return null;
    const name = `${host}/${ruleId}`;
    const before = this.#last.get(name);
    if (before === log) return null;
    this.#last.set(ownText(name), ownText(log));
    return before ?? null;
  }
}
