/** `<ruleset>`: which files are read, and in which order (docs/reference/wazuh.md#home-and-rule-set). */
import type { IncludedFile } from "../../ossec/definitions.js";
import { codes } from "../../ossec/load/codes.js";
import {
  type ConfContext,
  type ConfDraft,
  type ConfHost,
  unknownElement,
} from "../../ossec/load/conf-reading.js";
import { engines } from "../../ossec/load/problems.js";
import { lowerCase } from "../../ossec/load/text.js";
import type { Matcher } from "../../ossec/patterns/index.js";
import type { XmlElement } from "../../ossec/xml/document.js";
import type { SourceRange } from "../../ossec/xml/source.js";

export const stockRules = "ruleset/rules";
export const stockDecoders = "ruleset/decoders";

interface Folder {
  readonly path: string;
  readonly pattern: Matcher | null;
  readonly place: SourceRange | null;
}

/** What a section names of rules, or of decoders. */
interface Named {
  readonly included: IncludedFile[];
  readonly folders: Folder[];
  readonly excluded: Set<string>;
}

const nothingNamed = (): Named => ({ included: [], folders: [], excluded: new Set() });

export function readRuleset(context: ConfContext, section: XmlElement): void {
  const rules = nothingNamed();
  const decoders = nothingNamed();
  for (const element of section.children) readElement(context, element, rules, decoders);
  const { conf, host } = context;
  conf.rules = withFiles(host, conf.rules, rules, stockRules);
  conf.decoders = withFiles(host, conf.decoders, decoders, stockDecoders);
}

/** Without any section: the folders that come with Wazuh. */
export function readDefaultRuleset(conf: ConfDraft, host: ConfHost): void {
  conf.rules = withFiles(host, [], nothingNamed(), stockRules);
  conf.decoders = withFiles(host, [], nothingNamed(), stockDecoders);
}

function readElement(context: ConfContext, element: XmlElement, rules: Named, decoders: Named): void {
  const { value, content: place } = element;
  switch (element.name) {
    case "rule_dir":
      rules.folders.push(...folderOf(context, element));
      break;
    case "decoder_dir":
      decoders.folders.push(...folderOf(context, element));
      break;
    case "rule_include":
      rules.included.push({ path: below(stockRules, value), place, optional: true });
      break;
    case "decoder_include":
      decoders.included.push({ path: below(stockDecoders, value), place, optional: true });
      break;
    case "rule_exclude":
      rules.excluded.add(value);
      break;
    case "decoder_exclude":
      decoders.excluded.add(value);
      break;
    case "list":
      context.conf.lists.push({ path: below(stockRules, value.replace(/\.cdb$/, "")), place });
      break;
    default:
      unknownElement(context, element, "ruleset", engines);
  }
}

/** A name without `/` is looked up in the stock folder. */
function below(folder: string, name: string): string {
  return name.includes("/") ? name : `${folder}/${name}`;
}

/** The folder of a `*_dir`; none if its attributes are wrong. */
function folderOf(context: ConfContext, element: XmlElement): readonly Folder[] {
  const { attributes, content: place, value: path } = element;
  if (attributes.length === 0) return [{ path, pattern: null, place }];
  const written = attributes.find(({ name }) => lowerCase(name) === "pattern");
  if (written === undefined) {
    context.problems.report(
      codes.confElement,
      attributes[0]?.namePlace ?? place,
      `<${element.name}> has no attribute but pattern, so not ${attributes[0]?.name ?? ""}`,
      { engineMessage: 1202 },
    );
    return [];
  }
  const compiled = context.dialect.compilePattern({ language: "osregex", text: written.value });
  if (compiled.ok) return [{ path, pattern: compiled.value, place }];
  context.problems.report(
    codes.pattern,
    written.valuePlace,
    `the pattern of <${element.name}> cannot be compiled: ${compiled.reason}`,
    { engineMessage: 1202 },
  );
  return [];
}

/** The default pattern `.xml$`: any byte before `xml`, letter case ignored. */
const xmlFile = /.xml$/is;

/**
 * The files so far and those of a section, all by base name; equal ones in the order of naming. Folders are looked
 * through behind all else that the section names; a section that names none has the stock folder.
 */
function withFiles(
  host: ConfHost,
  before: readonly IncludedFile[],
  { included, folders, excluded }: Named,
  stock: string,
): IncludedFile[] {
  const files = [...before, ...included];
  const known = new Set(files.map(({ path }) => path));
  const searched = folders.length > 0 ? folders : [{ path: stock, pattern: null, place: null }];
  for (const { path: folder, pattern, place } of searched) {
    for (const name of [...(host.list(folder) ?? [])].sort(byBytes)) {
      const path = `${folder}/${name}`;
      if (name === "." || name === ".." || known.has(path) || excluded.has(path) || excluded.has(name))
        continue;
      if (!(pattern?.test(path) ?? xmlFile.test(path))) continue;
      known.add(path);
      files.push({ path, place });
    }
  }
  return files.sort((one, other) => byBytes(baseName(one.path), baseName(other.path)));
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const byBytes = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
