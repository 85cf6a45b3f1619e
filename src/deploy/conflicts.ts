import type { DeployedManifest } from "../merge/deployed-manifest.js";
import { attribute, childValue, cutOut, findBlocks, xmlMarkers } from "../merge/merge.js";
import type { Model } from "../model/model.js";
import { latin1, type OssecSource, pathBelowHome } from "../ossec/load/index.js";
import type { XmlElement } from "../ossec/xml/document.js";
import { readXml } from "../ossec/xml/read.js";
import { positionAt, sourceText } from "../ossec/xml/source.js";
import { loadHome } from "../targets/home.js";
import type { Owns } from "../targets/manifest.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { suiteFiles, suiteOf } from "../targets/ossec/suite.js";

/** An entry that zopf does not own and that ours cannot stand beside. */
export interface Conflict {
  readonly what: "rule" | "decoder" | "command" | "include";
  readonly id: string;
  /** Below the home. */
  readonly path: string;
  readonly line: number;
  readonly summary: string;
}

export interface ConflictInput {
  readonly source: OssecSource;
  readonly model: Model;
  /** What this build owns. */
  readonly owns: Owns;
  readonly deployed: DeployedManifest | null;
}

/**
 * Who uses the bundle's ids and names without being the bundle: in other files of the configuration always;
 * in the shared ones where an entry is plainly another one (the bundle's own may have been put there by hand).
 */
export function findConflicts(input: ConflictInput): readonly Conflict[] {
  const { source } = input;
  const conf = textOf(source, "etc/ossec.conf");
  if (conf === null) return [];
  const found: Conflict[] = [...commandConflicts(input, conf)];
  if (suiteOf(input.model.ossec).namesFiles) return [...found, ...folderConflicts(input)];
  const { rules, decoders, hasRules } = includes(conf, input.model);
  for (const path of rules) found.push(...ruleConflicts(input, path));
  for (const path of decoders)
    if (path !== "etc/local_decoder.xml") found.push(...decoderConflicts(input, path));
  if (hasRules && rules.length > 0 && !rules.includes("rules/local_rules.xml"))
    found.push(notIncluded("rules/local_rules.xml", "<include>local_rules.xml</include>"));
  if (decoders.length > 0 && !decoders.includes("etc/local_decoder.xml"))
    found.push(notIncluded("etc/local_decoder.xml", "<decoder>etc/local_decoder.xml</decoder>"));
  return found;
}

/** Files of their own: those of the bundle, as it is and as it was deployed, are no others'. */
function folderConflicts(input: ConflictInput): readonly Conflict[] {
  const { source, model, deployed } = input;
  const { conf } = loadHome(model, source);
  const own = new Set(Object.values(suiteFiles(model)).map(({ place }) => place));
  for (const { target } of deployed?.files ?? []) own.add(target.slice(model.ossec.home.length + 1));
  const others = (files: readonly { readonly path: string }[]): readonly string[] =>
    [...new Set(files.map(({ path }) => path))].filter((path) => !own.has(path));
  return [
    ...others(conf.rules).flatMap((path) => ruleConflicts(input, path)),
    ...others(conf.decoders).flatMap((path) => decoderConflicts(input, path)),
  ];
}

function notIncluded(path: string, element: string): Conflict {
  return {
    what: "include",
    id: path.split("/").at(-1) ?? path,
    path: "etc/ossec.conf",
    line: 1,
    summary: `ossec.conf names other files and not ${path}: nothing of the bundle in it is loaded; add ${element} as the last one`,
  };
}

interface Includes {
  readonly rules: readonly string[];
  /** Empty: the default pair. */
  readonly decoders: readonly string[];
  readonly hasRules: boolean;
}

function includes(conf: string, { ossec }: Model): Includes {
  const document = readXml(sourceText("", conf), {
    dialect: dialectOf(ossec),
    variables: false,
  });
  const sections = document.roots.flatMap(({ children }) => children).filter(({ name }) => name === "rules");
  // A second section restarts the list.
  const children = sections.at(-1)?.children ?? [];
  const named = (...names: readonly string[]): readonly string[] =>
    children.filter(({ name }) => names.includes(name)).map(({ value }) => pathBelowHome(value, ossec.home));
  const folder = children.some(({ name }) => name === "rule_dir" || name === "decoder_dir");
  return {
    rules: named("include", "rule"),
    decoders: named("decoder"),
    // With folders of files the loader has to say what is read.
    hasRules: sections.length > 0 && !folder,
  };
}

function ruleConflicts(input: ConflictInput, path: string): readonly Conflict[] {
  const { owns, deployed, model } = input;
  const text = textOf(input.source, path);
  if (text === null || !owns.ruleIds.some((id) => text.includes(String(id)))) return [];
  const shared = path === "rules/local_rules.xml";
  const blocks = shared ? findBlocks(text, xmlMarkers(model.name)) : [];
  const rest = cutOut(text, blocks);
  const elements = elementsOf(rest, model)
    .flatMap(({ children }) => children)
    .filter((element) => element.name === "rule");
  const looksOurs = (element: XmlElement): boolean =>
    owns.decoders.includes(childValue(element, "decoded_as")) ||
    (deployed?.owns.decoders.includes(childValue(element, "decoded_as")) ?? false);
  return owns.ruleIds.flatMap((id) => {
    const candidates = elements.filter((element) => Number(attribute(element, "id")) === id);
    const own = shared
      ? (candidates.find(looksOurs) ??
        (blocks.length === 0 && deployed?.owns.ruleIds.includes(id) === true ? candidates[0] : undefined))
      : undefined;
    return candidates
      .filter((element) => element !== own)
      .map((element): Conflict => {
        const overwrites = attribute(element, "overwrite") === "yes";
        return {
          what: "rule",
          id: String(id),
          path,
          line: lineIn(text, blocks, element),
          summary: overwrites
            ? `rule ${id} is overwritten by another one (level ${attribute(element, "level")})`
            : suiteOf(model.ossec).namesFiles
              ? `rule ${id} is that of a rule zopf does not own as well: Wazuh leaves out the one that it reads second`
              : `rule ${id} is that of a rule zopf does not own as well: OSSEC refuses two rules of one id`,
        };
      });
  });
}

function decoderConflicts({ source, model, owns }: ConflictInput, path: string): readonly Conflict[] {
  const text = textOf(source, path);
  if (text === null || !owns.decoders.some((name) => text.includes(name))) return [];
  return elementsOf(text, model)
    .filter(({ name }) => name === "decoder")
    .filter((element) => owns.decoders.includes(attribute(element, "name")))
    .map((element) => ({
      what: "decoder",
      id: attribute(element, "name"),
      path,
      line: lineIn(text, [], element),
      summary: `a decoder of the name ${attribute(element, "name")} stands in another file too`,
    }));
}

function commandConflicts({ model, owns }: ConflictInput, conf: string): readonly Conflict[] {
  const blocks = findBlocks(conf, xmlMarkers(model.name));
  return elementsOf(cutOut(conf, blocks), model)
    .flatMap(({ children }) => children)
    .filter((element) => element.name === "command" && owns.commands.includes(childValue(element, "name")))
    .filter((element) => childValue(element, "executable") !== model.ossec.executable)
    .map((element) => ({
      what: "command",
      id: childValue(element, "name"),
      path: "etc/ossec.conf",
      line: lineIn(conf, blocks, element),
      summary: `a command of the name ${childValue(element, "name")} runs another script: ${childValue(element, "executable")}`,
    }));
}

function elementsOf(text: string, { ossec }: Model): readonly XmlElement[] {
  return readXml(sourceText("", text), { dialect: dialectOf(ossec), variables: false }).roots;
}

/** The line in the whole text of an element found in the text without blocks. */
function lineIn(
  text: string,
  blocks: readonly { start: number; end: number }[],
  element: XmlElement,
): number {
  let offset = element.start;
  for (const { start, end } of blocks) if (start <= offset) offset += end - start;
  return positionAt(sourceText("", text), offset).line;
}

function textOf(source: OssecSource, path: string): string | null {
  const bytes = source.read(path);
  return bytes instanceof Uint8Array ? latin1(bytes) : null;
}
