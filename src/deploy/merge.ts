import type { Owns } from "../compiler/output/manifest.js";
import type { EngineVersion } from "../model/model.js";
import type { XmlElement } from "../ossec/xml/document.js";
import { readXml } from "../ossec/xml/read.js";
import { sourceText } from "../ossec/xml/source.js";

/** Which of OSSEC's files a text is: each has our entries in other elements. */
export type OssecFileKind = "decoders" | "rules" | "conf";

/** The lines between which a bundle's part of a shared XML file stands. */
export function xmlMarkers(bundle: string): { readonly begin: string; readonly end: string } {
  return { begin: `<!-- zopf:begin ${bundle} -->`, end: `<!-- zopf:end ${bundle} -->` };
}

/**
 * A shared file (latin1) without what a bundle owns: its marked block, and entries of its names wherever
 * they stand. Everybody else's bytes stay as they are. A file that cannot be parsed loses only the block.
 */
export function withoutOwned(
  text: string,
  kind: OssecFileKind,
  bundle: string,
  owns: Owns,
  engine: EngineVersion,
): string {
  const rest = withoutBlock(text, bundle);
  const document = readXml(sourceText("", rest), { engine, variables: false });
  if (document.problem !== null) return rest;
  const ranges: { start: number; end: number }[] = [];
  for (const root of document.roots) {
    const owned = root.children.filter((element) => isOwned(element, kind, owns));
    if (kind === "decoders") {
      if (root.name === "decoder" && owns.decoders.includes(attribute(root, "name"))) ranges.push(root);
    } else if (owned.length > 0 && owned.length === root.children.length) ranges.push(root);
    else ranges.push(...owned);
  }
  let result = "";
  let at = 0;
  for (const { start, end } of ranges) {
    result += rest.slice(at, start);
    at = end;
  }
  return result + rest.slice(at);
}

/** The text with a bundle's part at its end, between markers. */
export function withBlock(text: string, bundle: string, content: string): string {
  const { begin, end } = xmlMarkers(bundle);
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${before}${begin}\n${content.endsWith("\n") ? content : `${content}\n`}${end}\n`;
}

function withoutBlock(text: string, bundle: string): string {
  const { begin, end } = xmlMarkers(bundle);
  let result = text;
  for (;;) {
    const start = result.indexOf(begin);
    if (start === -1) return result;
    const stop = result.indexOf(end, start);
    if (stop === -1) return result; // cut by hand: nobody can say where ours ends
    const after = result.startsWith("\n", stop + end.length) ? stop + end.length + 1 : stop + end.length;
    result = result.slice(0, start) + result.slice(after);
  }
}

function isOwned(element: XmlElement, kind: OssecFileKind, owns: Owns): boolean {
  switch (kind) {
    case "decoders":
      return false;
    case "rules":
      return element.name === "rule" && owns.ruleIds.includes(Number(attribute(element, "id")));
    case "conf":
      if (element.name === "command") return owns.commands.includes(childValue(element, "name"));
      return element.name === "active-response" && owns.commands.includes(childValue(element, "command"));
  }
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.find((one) => one.name === name)?.value ?? "";
}

function childValue(element: XmlElement, name: string): string {
  return element.children.find((child) => child.name === name)?.value.trim() ?? "";
}
