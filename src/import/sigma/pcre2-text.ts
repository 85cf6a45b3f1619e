import type { Span } from "../../diagnostics/diagnostic.js";
import { Refusal } from "./rule.js";

/** The text as part of a PCRE2 pattern. */
export function escapedForPcre2(text: string, place: Span): string {
  if (/[\0-\x1f\x7f]/.test(text))
    throw new Refusal(place, "a keyword with control characters: no line has them");
  if (/[^\x20-\x7e]/.test(text))
    throw new Refusal(
      place,
      "a keyword with letters beyond ASCII: OSSEC compares bytes, without letter case",
    );
  // OSSEC takes a dollar for the start of a variable.
  return text.replace(/[\\^.*+?()[\]{}|#]/g, "\\$&").replaceAll("$", "\\x24");
}
