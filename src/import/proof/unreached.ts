/**
 * Rules that no line of a proof reaches, in a bundle and in what an import would make of the files now: nothing else shows
 * that somebody changed one of the two.
 */
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import type { Model } from "../../model/model.js";
import type { XmlElement } from "../../ossec/xml/document.js";
import { readXml } from "../../ossec/xml/read.js";
import { sourceText } from "../../ossec/xml/source.js";
import { dialectOf } from "../../targets/ossec/dialect.js";
import { suiteFiles } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { Draft } from "../draft.js";
import type { Emitted } from "./surroundings.js";

/**
 * Rules of the files that the bundle has in another form, or has not. Texts for people, and names that the bundle makes of
 * its detections' and lists' names, are nobody's change of what is answered.
 *
 * @param now - what an import makes of the files
 */
export function changedUnreached(
  draft: Draft,
  now: Emitted,
  bundle: Emitted,
  unreached: ReadonlySet<number>,
): readonly Diagnostic[] {
  const wanted = rulesOf(now);
  const there = rulesOf(bundle);
  const places = new Map(
    draft.modules.flatMap(({ detections, raw }) =>
      [...detections, ...raw].flatMap(({ origin }) => origin.rules.map((id) => [id, origin.place] as const)),
    ),
  );
  const start: Span = { file: draft.settings.name, line: 1, column: 1 };
  return [...wanted].flatMap(([id, rule]): readonly Diagnostic[] => {
    if (!unreached.has(id)) return [];
    const own = there.get(id);
    const place = places.get(id) ?? start;
    if (own === undefined)
      return [codes.differs(place, `no line reaches rule ${id}, and the bundle does not have it`)];
    const missing = rule.filter((part) => !own.includes(part));
    const more = own.filter((part) => !rule.includes(part));
    if (missing.length + more.length === 0 && rule.join() === own.join()) return [];
    const shown = (parts: readonly string[]): string => (parts.length === 0 ? "nothing" : parts.join(" "));
    return [
      codes.differs(
        place,
        `no line reaches rule ${id}, and the bundle has another one: ${shown(missing)} → ${shown(more)}`,
        "Bring the change to the side that lacks it.",
      ),
    ];
  });
}

const forPeople: ReadonlySet<string> = new Set(["description", "info"]);

/** Attributes and elements of each rule, in the order of the file. */
function rulesOf({ model, files }: Emitted): ReadonlyMap<number, readonly string[]> {
  const { path } = suiteFiles(model).rules;
  const content = files.find((file) => file.path === path)?.content ?? "";
  const { roots } = readXml(sourceText(path, content), { dialect: dialectOf(model.ossec), variables: false });
  const found = new Map<number, readonly string[]>();
  for (const group of roots)
    for (const rule of group.children) {
      const id = Number(rule.attributes.find(({ name }) => name.toLowerCase() === "id")?.value);
      if (rule.name.toLowerCase() !== "rule" || !Number.isInteger(id)) continue;
      // A rule that is overwritten stands there twice.
      found.set(id, [...(found.get(id) ?? []), ...partsOf(group, rule, model)]);
    }
  return found;
}

function partsOf(group: XmlElement, rule: XmlElement, { name: bundle }: Model): readonly string[] {
  const attributes = ({ attributes: all }: XmlElement): string =>
    all
      .map(({ name, value }) => ` ${name}="${value}"`)
      .sort()
      .join("");
  const groups = group.attributes.find(({ name }) => name.toLowerCase() === "name")?.value ?? "";
  const made = (text: string): string =>
    text.startsWith(`zopf-${bundle}_`) || text.startsWith("etc/lists/zopf-") ? "…" : text;
  return [
    `<rule${attributes(rule)}>`,
    `<group>${groups}</group>`,
    ...rule.children
      .filter(({ name }) => !forPeople.has(name.toLowerCase()))
      .map((child) => `<${child.name}${attributes(child)}>${made(child.value)}</${child.name}>`),
  ];
}
