/** How many events the words about a composite promise ("5 failed logins within a minute"). */

const words = [
  ..."one two three four five six seven eight nine ten eleven twelve".split(" "),
  ..."thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(" "),
];

export interface PromisedCount {
  /** The event on which the rule would fire if the words were right. */
  readonly event: number;
  /** As written. */
  readonly text: string;
  /** It is said what is counted, or how ("more than"); else the number may mean something else. */
  readonly certain: boolean;
}

const number = `(\\d{1,4}|${words.join("|")})`;
const times = /^[\s-]*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|ms|%|percent)\b/i;
/** A number behind one of these is a name, not a count. */
const names =
  /(?:\b(?:phase|stage|level|tier|type|version|ver|v|port|rule|sid|id|code|status|http|https|error|event ?id|pass|node|server|host|web|disk|tcp|udp|ipv|sha|md|step|part|no\.?|nr\.?|within|every|last|past)[\s:=]*|[#$:.,/_\w-])$/i;
const things =
  /^(?:\s+|x\s*)?(?:[\w-]+\s+){0,3}?(?:x|times?|attempts?|tries|failures?|fails?|failed|logins?|log-?ons?|errors?|events?|hits?|requests?|connections?|messages?|alerts?|scans?|probes?|denies|denied|drops?|blocks?|rejects?|lines?|occurrences?|bad|wrong|invalid|repeated|consecutive|authentication|passwords?|users?|accounts?|queries|packets?|mails?|offen[cs]es?)\b/i;
const above = /\b(?:more than|over|above|exceed(?:s|ed|ing)?)\s*$|>\s*$/i;
const atLeast = /\b(?:at least|after|from|upon|on|the)\s*$|(?:>=|≥)\s*$/i;

/** Counts in a text, in its order. */
export function promisedCounts(text: string): readonly PromisedCount[] {
  const found: PromisedCount[] = [];
  for (const match of text.matchAll(new RegExp(`(?<![\\w.])${number}(?![\\d]|[.:/]\\d)`, "gi"))) {
    const [word = ""] = match;
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + word.length);
    const isAbove = above.test(before);
    if (times.test(after) || (names.test(before) && !isAbove)) continue;
    if (/^(?:st|nd|rd|th)\b/i.test(after) ? false : /^[a-wyz_]/i.test(after)) continue;
    const digits = /^\d/.test(word);
    const value = digits ? Number(word) : words.indexOf(word.toLowerCase()) + 1;
    const counted = things.test(after) || /^\s*(?:\+|or more)/i.test(after);
    const compared = isAbove || (atLeast.test(before) && counted);
    // "one" is mostly no number, and neither is a word by itself.
    if (!digits && (value === 1 || !(counted || compared))) continue;
    found.push({ event: value + (isAbove ? 1 : 0), text: word, certain: counted || compared });
  }
  return found;
}
