import type { EngineVersion } from "../definitions.js";
import type { XmlAttribute, XmlDocument, XmlElement, XmlProblem } from "./document.js";
import type { Entry } from "./entries.js";
import { readEntries } from "./reader.js";
import type { SourceText } from "./source.js";
import { applyVariables } from "./variables.js";

export interface ReadOptions {
  readonly engine: EngineVersion;
  /** Rules and decoders have variables, ossec.conf has not (spec/ossec.md 2). */
  readonly variables: boolean;
}

/** Reads a file of the dialect. Never throws, takes time linear in its size. */
export function readXml(source: SourceText, options: ReadOptions): XmlDocument {
  const read = readEntries(source.text, options.engine);
  let problem: XmlProblem | null = null;
  if (read.problem !== null) {
    const { reason, start, end, crash } = read.problem;
    problem = { engineMessage: 1226, outcome: crash ? "crash" : "error", reason, start, end };
  }
  if (options.variables) {
    const trouble = applyVariables(read.entries);
    if (trouble !== null && problem === null) {
      const { entry, reason } = trouble;
      const [start, end] =
        entry.valueEnd > entry.valueStart ? [entry.valueStart, entry.valueEnd] : [entry.start, entry.openEnd];
      problem = { engineMessage: 1227, outcome: "error", reason, start, end };
    }
  }
  return { source, roots: buildTree(read.entries), comments: read.comments, problem };
}

interface OpenElement {
  readonly depth: number;
  readonly children: XmlElement[];
}

/**
 * Children as the engine finds them: an element belongs to the nearest one before it that is less deep,
 * if that is one level up; variables are no elements and hide nothing.
 */
function buildTree(entries: readonly Entry[]): readonly XmlElement[] {
  const roots: XmlElement[] = [];
  const open: OpenElement[] = [];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if (entry === undefined || entry.kind !== "element") continue;
    const attributes: XmlAttribute[] = [];
    for (let next = index + 1; next < entries.length; next++) {
      const attribute = entries[next];
      if (attribute === undefined || attribute.kind !== "attribute") break;
      attributes.push({
        name: attribute.name,
        value: attribute.value ?? "",
        nameStart: attribute.start,
        nameEnd: attribute.openEnd,
        valueStart: attribute.valueStart,
        valueEnd: attribute.valueEnd,
      });
    }
    const children: XmlElement[] = [];
    const element: XmlElement = {
      name: entry.name,
      value: entry.value ?? "",
      attributes,
      children,
      start: entry.start,
      openEnd: entry.openEnd,
      contentStart: entry.valueStart,
      contentEnd: entry.valueEnd,
      end: entry.end,
      closed: entry.value !== null,
    };
    while ((open.at(-1)?.depth ?? -1) >= entry.depth) open.pop();
    const parent = open.at(-1);
    if (entry.depth === 0) roots.push(element);
    else if (parent !== undefined && parent.depth === entry.depth - 1) parent.children.push(element);
    open.push({ depth: entry.depth, children });
  }
  return roots;
}
