/** How much of a pattern's words a text has. */

/** Runs of letters and digits that a pattern wants as they stand. */
const wordsOf = (pattern: string): readonly string[] =>
  pattern
    .replace(/\\[A-Za-z.]/g, " ")
    .toLowerCase()
    .match(/[a-z0-9_\x80-\xff]{3,}/g) ?? [];

/** Length of the longest run that both have. */
function longestCommonRun(one: string, other: string): number {
  let before = new Uint16Array(other.length + 1);
  let longest = 0;
  for (let i = 1; i <= one.length; i += 1) {
    const row = new Uint16Array(other.length + 1);
    for (let k = 1; k <= other.length; k += 1) {
      if (one[i - 1] !== other[k - 1]) continue;
      const run = (before[k - 1] ?? 0) + 1;
      row[k] = run;
      if (run > longest) longest = run;
    }
    before = row;
  }
  return longest;
}

/** A shared run shorter than this part of a word is chance. */
const leastShare = 0.5;
const longestText = 600;

/** 0: none of the pattern's words, 1: all of them (of one alternative). A misspelt word counts in part. */
export function similarity(pattern: string, text: string): number {
  const within = text.slice(0, longestText).toLowerCase();
  let best = 0;
  for (const alternative of pattern.split("|").slice(0, 32)) {
    const words = wordsOf(alternative).slice(0, 16);
    const total = words.reduce((sum, { length }) => sum + length, 0);
    if (total === 0) continue;
    let shared = 0;
    for (const word of words) {
      if (within.includes(word)) shared += word.length;
      else {
        const run = longestCommonRun(word.slice(0, 40), within);
        if (run >= 3 && run >= leastShare * word.length) shared += run;
      }
    }
    best = Math.max(best, shared / total);
  }
  return best;
}
