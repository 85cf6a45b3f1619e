/** An order of files in which references between them resolve, where the real order is not known. */
import { wordMatch } from "../patterns/index.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import type { References } from "./rule-tree.js";
import { atoi, isDigits, lowerCase } from "./text.js";

interface Names {
  readonly defines: ReadonlySet<string>;
  readonly needs: ReadonlySet<string>;
  readonly groups: readonly string[];
}

const attribute = (element: XmlElement, name: string): string | null =>
  element.attributes.find((candidate) => lowerCase(candidate.name) === name)?.value ?? null;

const ruleKey = (id: number): string => `rule ${id}`;
const decoderKey = (name: string): string => `decoder ${name}`;

/** The id as the engine keeps it. */
function idOf(rule: XmlElement): number | null {
  const text = attribute(rule, "id");
  return text === null || text === "" || !isDigits(text) ? null : Number(text.slice(0, 6));
}

function namesOf(document: XmlDocument): Names {
  const defines = new Set<string>();
  const needs = new Set<string>();
  const groups: string[] = [];
  for (const root of document.roots) {
    if (lowerCase(root.name) === "decoder") readDecoderNames(root, defines, needs);
    else if (lowerCase(root.name) === "group") {
      const name = attribute(root, "name") ?? "";
      for (const rule of root.children) groups.push(readRuleNames(rule, name, defines, needs));
    }
  }
  return { defines, needs, groups };
}

function readDecoderNames(decoder: XmlElement, defines: Set<string>, needs: Set<string>): void {
  const parents = decoder.children.filter((child) => lowerCase(child.name) === "parent");
  const name = attribute(decoder, "name");
  if (parents.length > 0) needs.add(decoderKey(parents.map((parent) => parent.value).join("")));
  else if (name !== null) defines.add(decoderKey(name));
}

function readRuleNames(
  rule: XmlElement,
  fileGroup: string,
  defines: Set<string>,
  needs: Set<string>,
): string {
  let group = fileGroup;
  const id = idOf(rule);
  const overwrite = attribute(rule, "overwrite") === "yes";
  if (id !== null) (overwrite ? needs : defines).add(ruleKey(id));
  for (const child of rule.children) {
    const name = lowerCase(child.name);
    if (name === "group") group += child.value;
    else if (name === "if_sid" || name === "if_matched_sid") {
      for (const part of child.value.split(/[, ]+/)) if (part !== "") needs.add(ruleKey(atoi(part)));
    }
  }
  return group;
}

/** Rules with an id below 10 are category roots. */
function definesRoot(document: XmlDocument): boolean {
  return document.roots.some(
    (root) =>
      lowerCase(root.name) === "group" &&
      root.children.some((rule) => {
        const id = idOf(rule);
        return id !== null && id < 10;
      }),
  );
}

/**
 * Category roots come first. Files whose definitions others need come first, otherwise the given order is kept. Files that need one
 * another in a circle stay as they are.
 */
export function loadOrder(documents: readonly XmlDocument[]): readonly XmlDocument[] {
  const names = new Map(documents.map((document) => [document, namesOf(document)]));
  const definers = new Map<string, XmlDocument>();
  for (const [document, { defines }] of names) {
    for (const key of defines) if (!definers.has(key)) definers.set(key, document);
  }
  const ordered: XmlDocument[] = [];
  const visited = new Set<XmlDocument>();
  const [roots, others] = [documents.filter(definesRoot), documents.filter((file) => !definesRoot(file))];
  for (const start of [...roots, ...others]) {
    // An explicit stack: chains of files may be long.
    const stack: { readonly document: XmlDocument; readonly needs: Iterator<string> }[] = [];
    const enter = (document: XmlDocument): void => {
      if (visited.has(document)) return;
      visited.add(document);
      stack.push({ document, needs: (names.get(document)?.needs ?? new Set<string>()).values() });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.needs.next();
      if (next.done === true) {
        ordered.push(top.document);
        stack.pop();
      } else {
        const definer = definers.get(next.value);
        if (definer !== undefined) enter(definer);
      }
    }
  }
  return ordered;
}

export interface LooseReferences extends References {
  /** The files define a rule with an id below 10. */
  readonly hasRoots: boolean;
}

export function referencesOf(
  decoders: readonly XmlDocument[],
  rules: readonly XmlDocument[],
  unknownOrder: boolean,
  open: boolean,
): LooseReferences {
  let index: ReadonlyMap<XmlDocument, Names> | null = null;
  const names = (): ReadonlyMap<XmlDocument, Names> => {
    index ??= new Map([...decoders, ...rules].map((document) => [document, namesOf(document)]));
    return index;
  };
  const another = (except: XmlDocument, test: (file: Names) => boolean): boolean => {
    if (!unknownOrder) return false;
    for (const [document, file] of names()) if (document !== except && test(file)) return true;
    return false;
  };
  return {
    open,
    hasRoots: rules.some(definesRoot),
    definesRule: (id, except) => another(except, (file) => file.defines.has(ruleKey(id))),
    definesDecoder: (name, except) => another(except, (file) => file.defines.has(decoderKey(name))),
    definesGroup: (words, except) =>
      another(except, (file) => file.groups.some((group) => wordMatch(words, group))),
  };
}
