import type { ts } from "ts-morph";
import { readMappings, type SourceMap } from "./source-map.js";
import type { TagTransform, Variables } from "./transform.js";

/** A file of the user as CommonJS that tags what it makes. */
export interface EmittedFile {
  readonly file: ts.SourceFile;
  readonly code: string;
  /** What the code expects beside CommonJS's own variables. */
  readonly variables: Variables;
  readonly sourceMap: () => SourceMap;
}

export function emitFile(program: ts.Program, file: ts.SourceFile, tags: TagTransform): EmittedFile {
  const variables: Variables = {
    tagger: unusedName(file.text, "zopf_tagger"),
    meta: unusedName(file.text, "zopf_meta"),
    wanted: unusedName(file.text, "zopf_wanted"),
  };
  let code = "";
  let map = "";
  const collect: ts.WriteFileCallback = (name, text) => {
    if (name.endsWith(".map")) map = text;
    else code = text;
  };
  program.emit(file, collect, undefined, false, { before: [tags.transformer(variables)] });
  let read: SourceMap | undefined;
  return {
    file,
    code: code.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, "\n"),
    variables,
    sourceMap: () => {
      read ??= readMappings(mappingsOf(map));
      return read;
    },
  };
}

function mappingsOf(map: string): string {
  if (map === "") return "";
  const parsed: { readonly mappings: string } = JSON.parse(map);
  return parsed.mappings;
}

/** The wish, or the wish with one underscore more than it has anywhere in the text. */
function unusedName(text: string, wish: string): string {
  let longest = "";
  for (const [seen] of text.matchAll(new RegExp(`${wish}_*`, "g")))
    if (seen.length > longest.length) longest = seen;
  return longest === "" ? wish : `${longest}_`;
}
