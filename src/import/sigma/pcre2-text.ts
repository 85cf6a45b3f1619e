import type { Span } from "../../diagnostics/diagnostic.js";
import { Refusal } from "./rule.js";
import { hasOtherCase } from "./where.js";

/** The text as part of a PCRE2 pattern of OSSEC's, which compares bytes. */
export function escapedForPcre2(text: string, cased: boolean, place: Span): string {
  if (/[\0-\x1f\x7f]/.test(text))
    throw new Refusal(place, "a keyword with control characters: no line has them");
  if (!cased && hasOtherCase(text))
    throw new Refusal(
      place,
      "a keyword with letters beyond ASCII: OSSEC compares bytes, without letter case",
    );
  return (
    text
      .replace(/[\\^.*+?()[\]{}|#]/g, "\\$&")
      // OSSEC takes a dollar for the start of a variable.
      .replaceAll("$", "\\x24")
      .replace(/[^\x20-\x7e]+/g, (letters) =>
        [...new TextEncoder().encode(letters)].map((byte) => `\\x${byte.toString(16)}`).join(""),
      )
  );
}
