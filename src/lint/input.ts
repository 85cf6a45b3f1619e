/** What each of OSSEC's files is. */
import { latin1 } from "../files/ossec-source.js";

/** `options`: internal options, of which the engine reads a few, and what is for agents. */
export type FileKind = "conf" | "decoders" | "rules" | "list" | "options";

export interface InputFile {
  /** As given, or below the folder that was given; with `/`. */
  readonly path: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
}

const elementName = /<\s*([A-Za-z_][A-Za-z0-9_-]*)/;

/** The first words of a file tell what it is: comments and the declaration are passed over. */
function kindByContent(text: string): FileKind | null {
  const start = text.replace(/<!-*[\s\S]*?(?:-->|!>|$)|<\?[\s\S]*?(?:\?>|$)/g, "").slice(0, 1 << 16);
  for (let rest = start, at = elementName.exec(rest); at !== null; at = elementName.exec(rest)) {
    const name = (at[1] ?? "").toLowerCase();
    if (name === "ossec_config") return "conf";
    // For the agents: the analysis engine does not read it.
    if (name === "agent_config") return "options";
    if (name === "group" || name === "rule") return "rules";
    if (name === "decoder") return "decoders";
    rest = rest.slice(at.index + at[0].length);
    if (name !== "var") return null;
  }
  return null;
}

function kindByName(path: string): FileKind | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (name === "ossec.conf") return "conf";
  if (name === "agent.conf") return "options";
  if (name === "internal_options.conf" || name === "local_internal_options.conf") return "options";
  if (!name.endsWith(".xml")) return null;
  if (name.includes("decoder")) return "decoders";
  return name.includes("rules") || /(?:^|\/)rules\/[^/]*$/.test(path) ? "rules" : null;
}

/** What a file is; null: nothing of OSSEC's. A file that was named itself is taken for rules then. */
export function fileKind(path: string, text: string, named: boolean): FileKind | null {
  const byContent = kindByContent(text);
  const byName = kindByName(path);
  if (path.endsWith("ossec.conf")) return "conf";
  if (byContent !== null) return byContent;
  if (byName !== null) return byName;
  return named ? "rules" : null;
}

/** So much of a file tells what it is, in bytes. */
const headSize = 1 << 18;

/** A file with its kind; null: nothing of OSSEC's. A file below lists/ that is nothing else is a list. */
export function inputFile(path: string, bytes: Uint8Array, named: boolean): InputFile | null {
  const inLists = /(?:^|\/)lists\/.+$/.test(path);
  const head = latin1(bytes.subarray(0, headSize));
  const kind = fileKind(path, head, named && !inLists) ?? (inLists ? "list" : null);
  return kind === null ? null : { path, kind, bytes };
}
