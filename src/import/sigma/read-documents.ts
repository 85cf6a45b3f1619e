/** The documents of a file of YAML; what is wrong with it is said. */
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { readWhole } from "../../files/read-whole.js";
import { reasonOf } from "../../files/system-error.js";
import { codes } from "../codes.js";
import { sizeLimit } from "./find-rules.js";
import type { Placeholders } from "./values.js";
import { readYaml, type YamlValue } from "./yaml-file.js";

export function readDocuments(
  path: string,
  show: (path: string) => string,
  diagnostics: Diagnostic[],
): readonly YamlValue[] {
  const file = show(path);
  const start: Span = { file, line: 1, column: 1 };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readWhole(path, sizeLimit));
  } catch (error) {
    const reason = error instanceof TypeError ? "it is not UTF-8" : reasonOf(error);
    diagnostics.push(codes.input(start, `cannot be read: ${reason}`));
    return [];
  }
  const { documents, problems } = readYaml(file, text);
  for (const { place, message } of problems)
    diagnostics.push(codes.broken(place, `no YAML that can be read: ${message}`));
  return documents;
}

/** `name: value`, or a list of values; a name may stand between percent signs. */
export function readPlaceholders(
  path: string,
  show: (path: string) => string,
  diagnostics: Diagnostic[],
): Placeholders {
  const found = new Map<string, readonly string[]>();
  for (const document of readDocuments(path, show, diagnostics)) {
    if (document.kind !== "map") {
      diagnostics.push(codes.broken(document.place, "placeholders are a map of names and values"));
      continue;
    }
    for (const { key, place, value } of document.entries) {
      const values = value.kind === "list" ? value.items : [value];
      const texts = values.flatMap((one) => (one.kind === "scalar" && one.value !== null ? [one.text] : []));
      if (texts.length < values.length || texts.length === 0)
        diagnostics.push(codes.broken(place, `the placeholder "${key}" needs a text, or a list of texts`));
      else found.set(key.replace(/^%(.*)%$/, "$1"), texts);
    }
  }
  return found;
}
