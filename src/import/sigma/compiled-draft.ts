/** A draft of which every rule compiles: one that does not is refused like all that has no form, and the others come over. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { type CompiledFiles, compileAny } from "../compile-draft.js";
import type { Draft, Refused } from "../draft.js";
import { type WrittenFile, writeDraft } from "../writer/bundle-file.js";
import type { SigmaDraft } from "./draft.js";
import type { SigmaRule } from "./rule.js";

/** Rules that are taken out at the most, round by round. */
const mostRounds = 20;

export async function compiledDraft(
  rules: readonly SigmaRule[],
  refused: readonly Refused[],
  draftOf: (rules: readonly SigmaRule[], refused: readonly Refused[]) => SigmaDraft,
): Promise<SigmaDraft & { readonly emitted: CompiledFiles | null }> {
  let left = rules;
  let out = refused;
  for (let round = 1; ; round++) {
    const made = draftOf(left, out);
    if (made.draft.modules.every(({ detections }) => detections.length === 0))
      return { ...made, emitted: null };
    const files = writeDraft(made.draft);
    const emitted = await compileAny(made.draft, files);
    if (emitted.ok || round === mostRounds) return { ...made, emitted };
    const found = culprits(emitted.diagnostics, made.draft, files);
    if (found.size === 0) return { ...made, emitted };
    out = [
      ...out,
      ...left.flatMap((rule): readonly Refused[] => {
        const why = found.get(placeOf(rule.place));
        if (why === undefined) return [];
        const { message, help } = why;
        return [
          {
            what: `"${rule.title}"`,
            place: rule.place,
            reason: `no bundle compiles with it: ${message}`,
            ...(help === undefined || help === null ? {} : { help }),
          },
        ];
      }),
    ];
    left = left.filter(({ place }) => !found.has(placeOf(place)));
  }
}

const placeOf = ({ file, line, column }: { file: string; line: number; column: number }): string =>
  `${file}:${line}:${column}`;

/** Errors by the places of the rules that they are about. */
function culprits(
  diagnostics: readonly Diagnostic[],
  draft: Draft,
  files: readonly WrittenFile[],
): ReadonlyMap<string, Diagnostic> {
  const detections = draft.modules.flatMap((module) => module.detections);
  const byName = new Map(detections.map(({ value, origin }) => [value.name, placeOf(origin.place)]));
  const places = new Set(byName.values());
  const found = new Map<string, Diagnostic>();
  for (const one of diagnostics) {
    if (one.severity !== "error") continue;
    const text = files.find(({ path }) => path === one.file)?.text;
    const place = text === undefined ? placeOf(one) : byName.get(detectionAt(text, one.line) ?? "");
    if (place !== undefined && places.has(place) && !found.has(place)) found.set(place, one);
  }
  return found;
}

/** Name of the detection in whose text a line is: each begins and ends with a line that is not further in than others'. */
function detectionAt(text: string, line: number): string | null {
  const lines = text.split("\n");
  for (let at = line - 1; at < lines.length; at++) {
    const [, name] = /^ {4,6}name: "(\w+)"/.exec(lines[at] ?? "") ?? [];
    if (name !== undefined) return name;
    if (/^ {2,4}\}/.test(lines[at] ?? "")) break;
  }
  for (let at = line - 1; at >= 0; at--) {
    const [, name] = /^ {4,6}name: "(\w+)"/.exec(lines[at] ?? "") ?? [];
    if (name !== undefined) return name;
  }
  return null;
}
