import type { ts } from "ts-morph";
import { typescript } from "./typescript.js";

/** `Parameter 'c' implicitly has an 'any' type.`, and the same of one that is taken apart. */
const untyped = new Set([7006, 7031]);
/** `"zopf" has no exported member named …`. */
const noMember = new Set([2305, 2614, 2724]);
/** `Cannot find name …`. */
const unknownName = new Set([2304, 2552]);

/**
 * Complaints without those that only follow from others. TypeScript gives an arrow function's parameter its
 * type from what is around it; where anything there is wrong (an import, a `kind`), it also complains of each
 * parameter. And where an import is misspelt, of each use of the name that was meant.
 */
export function withoutFollowUps(found: readonly ts.Diagnostic[]): readonly ts.Diagnostic[] {
  const causes = found.filter((one) => !untyped.has(one.code));
  if (causes.length === 0) return found;
  const imported = causes.filter(({ code }) => noMember.has(code)).map(textOf);
  return causes.filter((one) => {
    if (!unknownName.has(one.code)) return true;
    const name = /^Cannot find name '([^']+)'/.exec(textOf(one))?.[1];
    return name === undefined || !imported.some((text) => text.endsWith(` Did you mean '${name}'?`));
  });
}

function textOf({ messageText }: ts.Diagnostic): string {
  return typescript().flattenDiagnosticMessageText(messageText, "\n");
}
