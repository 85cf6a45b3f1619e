/**
 * Writes src/ossec/patterns/unicode/case-table.ts: which characters are the same without letter case, for PCRE2
 * 10.42, which knows Unicode 14. The classes are JavaScript's (flags i and u: simple case folding) without those
 * of later versions of Unicode; test/ossec/patterns/case-classes.test.ts compares them with pcre2test's.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Characters that have a letter case since Unicode 15 (Garay, Beria Erfe, Latin letters), or a new one. */
const later = [
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7cf],
  [0xa7d2, 0xa7d5],
  [0xa7da, 0xa7dc],
  [0x10d50, 0x10d65],
  [0x10d70, 0x10d85],
  [0x16ea0, 0x16ed3],
];
/** Pairs that Unicode 15.1 made equal. */
const laterPairs = new Set(["390 1fd3", "3b0 1fe3", "fb05 fb06"]);

const isLater = (code) => later.some(([first, last]) => code >= first && code <= last);
const single = (text) =>
  text.length === String.fromCodePoint(text.codePointAt(0)).length ? text.codePointAt(0) : null;

/** By character: all of its class. */
const classes = new Map();
const join = (one, other) => {
  const members = [...(classes.get(one) ?? [one]), ...(classes.get(other) ?? [other])];
  const all = [...new Set(members)].sort((a, b) => a - b);
  for (const member of all) classes.set(member, all);
};

/** Every character with another case, as a text that holds each of them. */
const cased = [];
for (let code = 0; code <= 0x10ffff; code++) {
  if ((code >= 0xd800 && code <= 0xdfff) || isLater(code)) continue;
  const text = String.fromCodePoint(code);
  if (text.toLowerCase() !== text || text.toUpperCase() !== text) cased.push(code);
}
const everyCased = cased.map((code) => String.fromCodePoint(code)).join("");
for (const code of cased) {
  const same = everyCased.match(new RegExp(`\\u{${code.toString(16)}}`, "giu")) ?? [];
  for (const text of same) {
    const other = single(text);
    const pair = [code, other].sort((a, b) => a - b).map((one) => one.toString(16));
    if (other !== code && !laterPairs.has(pair.join(" "))) join(code, other);
  }
}

const groups = [...new Set(classes.values())].sort(([a], [b]) => a - b);
const pairs = groups.filter(({ length }) => length === 2);
const larger = groups.filter(({ length }) => length > 2);

/** Rows of pairs that lie equally far apart: first, last, step between them, distance to the other case. */
const rows = [];
for (const [one, other] of pairs) {
  const row = rows.findLast((known) => known[3] === other - one && one - known[1] <= 2);
  if (row !== undefined && (row[0] === row[1] || one - row[1] === row[2])) {
    row[2] = one - row[1];
    row[1] = one;
  } else rows.push([one, one, 1, other - one]);
}

const hex = (numbers) => numbers.map((number) => `0x${number.toString(16)}`).join(", ");
const target = fileURLToPath(new URL("../src/ossec/patterns/unicode/case-table.ts", import.meta.url));
writeFileSync(
  target,
  `// Written by bin/generate-case-classes.js: letter case in Unicode 14, as PCRE2 10.42 has it.

/** Rows of pairs: the first character, the last one, the step from one to the next, the distance to the other case. */
export const caseRows: readonly (readonly [number, number, number, number])[] = [
${rows.map((row) => `  [${hex(row)}],`).join("\n")}
];

/** Classes of more than two characters. */
export const caseClasses: readonly (readonly number[])[] = [
${larger.map((group) => `  [${hex(group)}],`).join("\n")}
];
`,
);
spawnSync("npx", ["biome", "check", "--write", target], { stdio: "inherit" });
