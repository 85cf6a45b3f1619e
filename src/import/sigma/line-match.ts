/** Keywords of a rule over lines of syslog, as one PCRE2 pattern on the message. */

import { escapedForPcre2 } from "./pcre2-text.js";
import { Refusal, type Test, type ValueTest } from "./rule.js";

/** @throws Refusal */
export function lineMatchOf(test: Test): string {
  if (test.kind === "keyword" || test.kind === "any") {
    const plain = alternatives(test);
    if (plain !== null) return plain.join("|");
  }
  return `^${assertion(test)}`;
}

/** Patterns of which one stands somewhere in the message; null: that is not all. */
function alternatives(test: Test): readonly string[] | null {
  if (test.kind === "keyword") return [somewhere(test.test, test)];
  if (test.kind !== "any") return null;
  const found: string[] = [];
  for (const one of test.of) {
    const patterns = alternatives(one);
    if (patterns === null) return null;
    found.push(...patterns);
  }
  return found;
}

/** A look ahead from the message's start. */
function assertion(test: Test): string {
  switch (test.kind) {
    case "all":
      return test.of.map(assertion).join("");
    case "not": {
      const plain = alternatives(test.of);
      return plain === null ? `(?!${assertion(test.of)})` : `(?!.*(?:${plain.join("|")}))`;
    }
    case "any": {
      const plain = alternatives(test);
      return plain === null ? `(?:${test.of.map(assertion).join("|")})` : `(?=.*(?:${plain.join("|")}))`;
    }
    case "keyword":
      return `(?=.*(?:${somewhere(test.test, test)}))`;
    case "field":
      throw new Refusal(test.place, `lines of syslog have no field ${test.field}`);
  }
}

function somewhere(test: ValueTest, { place }: Extract<Test, { kind: "keyword" }>): string {
  if (test.kind !== "text")
    throw new Refusal(place, `a keyword of the kind ${test.kind} has no form on lines`);
  const pieces = test.pieces.map((piece) =>
    piece.kind === "text" ? escapedForPcre2(piece.text, place) : piece.kind === "any" ? ".*" : ".",
  );
  // It is looked for anywhere.
  const from = pieces[0] === ".*" ? 1 : 0;
  const to = pieces.length > 1 && pieces.at(-1) === ".*" ? -1 : undefined;
  const text = pieces.slice(from, to).join("");
  return test.cased ? `(?-i:${text})` : text;
}
