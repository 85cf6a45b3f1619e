import { attribute } from "../merge/merge.js";
import type { LoadedOssec, RuleDefinition } from "../ossec/definitions.js";
import type { XmlElement } from "../ossec/xml/document.js";
import { canonical, type Entry } from "./entries.js";

/** The configuration before and after: what a rule does there. */
export interface Worlds {
  readonly before: LoadedOssec | null;
  readonly after: LoadedOssec | null;
}

export interface Sentence {
  readonly summary: string;
  readonly weakens: boolean;
  readonly security: boolean;
}

/** What becomes of a rule, as people say it. */
export function ruleSentence(before: Entry, after: Entry, worlds: Worlds): Sentence {
  const id = Number(after.id);
  const parts: string[] = [];
  let weakens = false;
  let security = false;
  const [oldLevel, newLevel] = [level(before), level(after)];
  const effect = effectOf(id, worlds);
  if (oldLevel !== newLevel)
    parts.push(`level ${oldLevel} → ${newLevel}${effect.text === "" ? "" : `: ${effect.text}`}`);
  else if (effect.text !== "") parts.push(effect.text);
  weakens ||= effect.weakens || newLevel < oldLevel;
  for (const { name, more } of numbers) {
    const [old, now] = [attribute(before.element, name), attribute(after.element, name)];
    if (old === now) continue;
    parts.push(`${name} ${old || "none"} → ${now || "none"}`);
    weakens ||= more === "weaker" ? Number(now) > Number(old) : Number(now) < Number(old);
  }
  const conditions = elementChanges(before.element, after.element);
  if (conditions.length > 0) {
    parts.push(conditions.join("; "));
    security = true;
    weakens ||= isNarrower(before.element, after.element);
  }
  if (parts.length === 0) parts.push("its groups or attributes change");
  return { summary: `rule ${after.id}: ${parts.join("; ")}`, weakens, security: security || weakens };
}

/** Elements that say what a rule asks of an event: one more, and it fires on fewer. */
const asked = new Set(
  [
    "match regex pcre2 user url id hostname program_name srcip dstip srcport dstport status action extra_data",
    "data protocol system_name location decoded_as time weekday list field if_fts",
  ].flatMap((names) => names.split(" ")),
);

function isNarrower(before: XmlElement, after: XmlElement): boolean {
  const names = (element: XmlElement): ReadonlySet<string> =>
    new Set(
      element.children.map(({ name }) => name).filter((name) => asked.has(name.replace(/_pcre2$/, ""))),
    );
  const had = names(before);
  return [...names(after)].some((name) => !had.has(name));
}

/** Attributes whose larger (or smaller) value makes a rule fire less. */
const numbers = [
  { name: "frequency", more: "weaker" },
  { name: "timeframe", more: "stronger" },
  { name: "ignore", more: "weaker" },
  { name: "maxsize", more: "weaker" },
  { name: "noalert", more: "weaker" },
] as const;

function level({ element }: Entry): number {
  return Number(attribute(element, "level"));
}

/** What a change of a rule means for its alert and its block. */
function effectOf(
  id: number,
  { before, after }: Worlds,
): { readonly text: string; readonly weakens: boolean } {
  const old = before?.ruleById.get(id);
  const now = after?.ruleById.get(id);
  if (old === undefined || now === undefined || before === null || after === null)
    return { text: "", weakens: false };
  const texts: string[] = [];
  let weakens = false;
  if (blocks(old, before) && !blocks(now, after)) {
    weakens = true;
    const start = startOf(after);
    texts.push(`no longer blocks${start === null ? "" : ` (active response starts at ${start})`}`);
  } else if (!blocks(old, before) && blocks(now, after)) texts.push("now blocks");
  if (old.options.log && old.level > 0 && !(now.options.log && now.level > 0)) {
    weakens = true;
    texts.push("no longer alerts");
  }
  if (old.options.mail && !now.options.mail) {
    weakens = true;
    texts.push("no longer mails");
  }
  return { text: texts.join(", "), weakens };
}

function blocks(rule: RuleDefinition, { conf }: LoadedOssec): boolean {
  return rule.activeResponses.length > 0 && conf.execdOn;
}

/** The lowest level from which an active response blocks. */
function startOf({ conf }: LoadedOssec): number | null {
  const levels = conf.activeResponses.map(({ level: one }) => one).filter((one) => one > 0);
  return levels.length === 0 ? null : Math.min(...levels);
}

/** Which conditions and texts come, go and change. */
export function elementChanges(before: XmlElement, after: XmlElement): readonly string[] {
  const names = [...new Set([...before.children, ...after.children].map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const of = (element: XmlElement): readonly XmlElement[] =>
      element.children.filter((child) => child.name === name);
    const [old, now] = [of(before), of(after)];
    if (old.map(canonical).join("\n") === now.map(canonical).join("\n")) return [];
    const words = (elements: readonly XmlElement[]): string =>
      elements.map(({ value }) => shown(value)).join(" ");
    if (old.length === 0) return [`${name} ${words(now)} added`];
    if (now.length === 0) return [`${name} ${words(old)} removed`];
    return [`${name} ${words(old)} → ${words(now)}`];
  });
}

function shown(value: string): string {
  const text = Buffer.from(value, "latin1").toString("utf8").replace(/\s+/g, " ").trim();
  return text.length > 120 ? `"${text.slice(0, 117)}…"` : `"${text}"`;
}
