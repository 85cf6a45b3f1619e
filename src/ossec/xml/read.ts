import type { Dialect } from "../dialect.js";
import type { XmlDocument, XmlProblem } from "./document.js";
import { readEntries } from "./reader.js";
import type { SourceText } from "./source.js";
import { applyVariables } from "./variables.js";

export interface ReadOptions {
  readonly dialect: Dialect;
  /** Rules and decoders have variables, ossec.conf has not (docs/reference/ossec.md#xml). */
  readonly variables: boolean;
}

/** Reads a file of the dialect. Never throws, takes time linear in its size. */
export function readXml(source: SourceText, options: ReadOptions): XmlDocument {
  const read = readEntries(source, options.dialect);
  let problem: XmlProblem | null = null;
  if (read.problem !== null) {
    const { reason, start, end, crash } = read.problem;
    problem = { engineMessage: 1226, outcome: crash ? "crash" : "error", reason, start, end };
  }
  if (options.variables && read.hasVariables) {
    const trouble = applyVariables(read.entries, options.dialect.xml);
    if (trouble !== null && problem === null) {
      const { entry, reason } = trouble;
      const { start, end } = entry.isAttribute ? entry.valuePlace : entry.content;
      problem = { engineMessage: 1227, outcome: "error", reason, start, end };
    }
  }
  return { source, roots: read.roots, comments: read.comments, problem };
}
