/** `<rules>`: which files are read (docs/reference/ossec.md#configuration). */
import type { IncludedFile } from "../definitions.js";
import { compileOsRegex, type Matcher } from "../patterns/index.js";
import type { XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { type ConfContext, unknownElement } from "./conf-reading.js";
import { engines } from "./problems.js";
import { lowerCase } from "./text.js";

export function readRulesSection(context: ConfContext, section: XmlElement): void {
  const { conf } = context;
  // A second section begins its lists anew where it names files of that kind.
  const rules: IncludedFile[] = [];
  const decoders: IncludedFile[] = [];
  const lists: IncludedFile[] = [];
  for (const element of section.children) {
    const place = element.content;
    switch (element.name) {
      case "include":
      case "rule":
        rules.push({ path: element.value, place });
        break;
      case "decoder":
        decoders.push({ path: element.value, place });
        break;
      case "list":
        lists.push({ path: element.value, place });
        break;
      case "rule_dir":
        rules.push(...filesOfFolder(context, element, rules));
        break;
      case "decoder_dir":
        decoders.push(...filesOfFolder(context, element, decoders));
        break;
      default:
        unknownElement(context, element, section.name, engines);
    }
  }
  if (rules.length > 0) conf.rules = rules;
  if (decoders.length > 0) conf.decoders = decoders;
  if (lists.length > 0) conf.lists = lists;
}

/** Files of a folder, sorted by name, without those that are already named. */
function filesOfFolder(
  context: ConfContext,
  element: XmlElement,
  present: readonly IncludedFile[],
): readonly IncludedFile[] {
  const place = element.content;
  let pattern = ".xml$";
  let patternPlace = place;
  for (const attribute of element.attributes) {
    if (lowerCase(attribute.name) === "pattern") {
      pattern = attribute.value;
      patternPlace = attribute.valuePlace;
    } else {
      context.problems.report(
        codes.confElement,
        attribute.namePlace,
        `the loader dies on a <${element.name}> with the attribute ${attribute.name}`,
        { outcome: "crash", help: "The only attribute is pattern." },
      );
      return [];
    }
  }
  const compiled = compileOsRegex(pattern);
  if (!compiled.ok) {
    context.problems.report(
      codes.pattern,
      patternPlace,
      `the pattern of <${element.name}> cannot be compiled: ${compiled.reason}`,
      { engineMessage: 1202 },
    );
    return [];
  }
  const matcher: Matcher = compiled.value;
  const names = context.host.list(element.value) ?? [];
  const known = new Set(present.map(({ path }) => path));
  return [...names]
    .filter((name) => name !== "." && name !== "..")
    .map((name) => ({ name, path: `${element.value}/${name}` }))
    .filter(({ name, path }) => !known.has(path) && !known.has(name) && matcher.test(path))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path }) => ({ path, place }));
}
