import type { PatternModel } from "../../model/model.js";

/** A part of a pattern in which whoever is logged can write what he likes. */
interface FreePart {
  /** As it stands in the pattern. */
  readonly text: string;
  /** The plain character behind it; null: something else stands there. */
  readonly next: string | null;
}

/** An escape, a class in brackets, the beginning of a group, or one character; with its quantifier. */
const token = /(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?[:=!<>PiJmsx^-]*)?|.)(?:[+*]\??|\{\d+,\d*\})?/gs;

/** Digits and what stands between them: what a program writes by itself. */
const numbers = /^(?:\\d|\[[\d\\dA-Fa-f.:,/-]+\])/;

/** The first part before a group that is not the program's alone; null: there is none that can be named. */
export function freePartBefore({ text }: PatternModel, group: number): FreePart | null {
  const found = [...text.matchAll(token)];
  let groups = 0;
  const end = found.findIndex(([one]) => {
    if (one === "(") groups += 1;
    return one === "(" && groups === group;
  });
  for (const [index, [one]] of found.slice(0, Math.max(end, 0)).entries()) {
    if (!/^(?:\\[SwWDspP.N]|\.|\[).*[+*}]\??$/s.test(one) || numbers.test(one)) continue;
    const behind = found.slice(index + 1).find(([other]) => other !== ")");
    const literal = /^(?:\\([^A-Za-z0-9])|([^\\()[\].*+?{}|^$]))$/.exec(behind?.[0] ?? "");
    return { text: one, next: literal?.[1] ?? literal?.[2] ?? null };
  }
  return null;
}

/** What to write so that nobody but the program chooses the address. */
export function freePartHelp(pattern: PatternModel, group: number): string {
  const free = freePartBefore(pattern, group);
  const toEnd =
    "let the regex reach to the line's end with what the program writes behind the address, fixed text, numbers and single words (` from ([0-9a-f.:]+) port \\d+ ssh2$`)";
  if (free === null)
    return `${toEnd}, or let only fixed text and numbers stand before it, from ^ on; or take the block away`;
  const { text, next } = free;
  const narrower =
    next === null || text.startsWith("[^")
      ? ""
      : `; or, if the program lets no ${JSON.stringify(next)} into it, write ${pattern.language === "osregex" ? "the regex in pcre2, with " : ""}[^${/[\]\\^-]/.test(next) ? `\\${next}` : next}]+ for it, and ^ in front`;
  return `\`${text}\` is free: whoever is logged can write an address and all that follows it into it. Either ${toEnd}${narrower}; or take the block away`;
}
