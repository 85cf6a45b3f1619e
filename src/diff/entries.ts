import type { OssecFileKind } from "../merge/merge.js";
import { attribute, childValue } from "../merge/merge.js";
import type { XmlDocument, XmlElement } from "../ossec/xml/document.js";

/** One entry of an OSSEC file: what it is called, and what it says. */
export interface Entry {
  readonly what: "rule" | "decoder" | "command" | "active-response" | "never-block" | "localfile" | "setting";
  readonly id: string;
  readonly element: XmlElement;
  /** Of several entries of one identity: what tells them apart, a response's cause. */
  readonly variant: string;
  /** The same for entries that mean the same: comments, white space between elements, order of attributes aside. */
  readonly canonical: string;
}

/** The entries of a file by identity. */
export function entriesOf(document: XmlDocument, kind: OssecFileKind): readonly Entry[] {
  switch (kind) {
    case "decoders":
      return document.roots
        .filter(({ name }) => name === "decoder")
        .map((element) => entry("decoder", attribute(element, "name"), element));
    case "rules":
      return document.roots.flatMap((group) =>
        group.children
          .filter(({ name }) => name === "rule")
          .map((element) =>
            entry("rule", attribute(element, "id"), element, `group ${attribute(group, "name")}\n`),
          ),
      );
    case "conf":
      return document.roots.flatMap(({ children }) => children.flatMap(sectionEntries));
  }
}

function sectionEntries(section: XmlElement): readonly Entry[] {
  switch (section.name) {
    case "command":
      return [entry("command", childValue(section, "name"), section)];
    case "active-response":
      return [
        { ...entry("active-response", childValue(section, "command"), section), variant: causeOf(section) },
      ];
    case "localfile":
      return [entry("localfile", childValue(section, "location") || childValue(section, "command"), section)];
    case "global":
      return section.children.map((child) =>
        child.name === "white_list" || child.name === "allow_list"
          ? {
              what: "never-block",
              id: child.value.trim(),
              element: child,
              variant: "",
              canonical: child.value.trim(),
            }
          : entry("setting", `global ${child.name}`, child),
      );
    case "rules":
    case "ruleset": {
      const rest = section.children.filter(({ name }) => name !== "list");
      return [
        ...section.children
          .filter(({ name }) => name === "list")
          .map((child) => entry("setting", `list ${child.value.trim()}`, child)),
        ...(rest.length === 0 ? [] : [entry("setting", section.name, { ...section, children: rest })]),
      ];
    }
    default:
      return [entry("setting", section.name, section)];
  }
}

/** What starts a response, and where it runs. */
function causeOf(response: XmlElement): string {
  return ["rules_id", "rules_group", "level", "location", "agent_id"]
    .map((name) => childValue(response, name))
    .join("\n");
}

function entry(what: Entry["what"], id: string, element: XmlElement, before = ""): Entry {
  return { what, id, element, variant: "", canonical: before + canonical(element) };
}

/** Texts in which the engine does not look for anything: white space in them means nothing. */
const prose = new Set(["description", "info", "comment"]);

/**
 * Elements of different names stand in any order; those of one name keep theirs (several patterns are
 * joined). Values keep their white space: it belongs to them (docs/reference/ossec.md#xml).
 */
export function canonical(element: XmlElement): string {
  const attributes = [...element.attributes]
    .map(({ name, value }) => `${name}=${JSON.stringify(value)}`)
    .sort()
    .join(" ");
  if (element.children.length === 0) {
    const value = prose.has(element.name) ? element.value.replace(/\s+/g, " ").trim() : element.value;
    return `<${element.name} ${attributes}>${value}`;
  }
  const children = element.children
    .map((child, index) => ({ name: child.name, index, text: canonical(child) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.index - b.index))
    .map(({ text }) => text);
  return `<${element.name} ${attributes}>\n${children.join("\n")}\n</>`;
}

export interface Pair {
  readonly before: Entry | null;
  readonly after: Entry | null;
}

/** What differs between two lists of entries: equal ones are taken out first, then those of one identity meet. */
export function differences(before: readonly Entry[], after: readonly Entry[]): readonly Pair[] {
  const pairs: Pair[] = [];
  const old = byIdentity(before);
  const wanted = byIdentity(after);
  for (const key of new Set([...old.keys(), ...wanted.keys()])) {
    const [left, right] = sameVariantsFirst(
      ...withoutEqual(old.get(key) ?? [], wanted.get(key) ?? []),
      pairs,
    );
    for (let index = 0; index < Math.max(left.length, right.length); index += 1)
      pairs.push({ before: left[index] ?? null, after: right[index] ?? null });
  }
  return pairs;
}

/** Pairs what has one cause; the rest is left. */
function sameVariantsFirst(
  left: readonly Entry[],
  right: readonly Entry[],
  pairs: Pair[],
): readonly [readonly Entry[], readonly Entry[]] {
  const rest = [...right];
  const kept = left.filter((before) => {
    const at = rest.findIndex(({ variant }) => variant === before.variant);
    const after = at === -1 ? undefined : rest.splice(at, 1)[0];
    if (after !== undefined) pairs.push({ before, after });
    return after === undefined;
  });
  return [kept, rest];
}

function byIdentity(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const one of entries) {
    const key = `${one.what}\n${one.id}`;
    const list = found.get(key);
    if (list === undefined) found.set(key, [one]);
    else list.push(one);
  }
  return found;
}

function withoutEqual(
  left: readonly Entry[],
  right: readonly Entry[],
): readonly [readonly Entry[], readonly Entry[]] {
  const counts = new Map<string, number>();
  for (const { canonical: text } of left) counts.set(text, (counts.get(text) ?? 0) + 1);
  const rest = right.filter(({ canonical: text }) => {
    const count = counts.get(text) ?? 0;
    if (count > 0) counts.set(text, count - 1);
    return count === 0;
  });
  const spare = new Map(counts);
  const kept = left.filter(({ canonical: text }) => {
    const count = spare.get(text) ?? 0;
    if (count > 0) spare.set(text, count - 1);
    return count > 0;
  });
  return [kept, rest];
}
