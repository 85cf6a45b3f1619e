/** What lint finds in the files, by the lines that it stands on. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Finding } from "../../lint/finding.js";
import { spanOf } from "../../ossec/xml/source.js";
import type { Item, Layout } from "./layout.js";

export class FindingsByLine {
  readonly #found = new Map<string, Map<number, Finding[]>>();

  /** Without what the engine itself refuses: that does not come over. */
  constructor(findings: readonly Finding[]) {
    for (const finding of findings) {
      if (finding.effect === "refused") continue;
      const { file, line } = finding;
      const lines = this.#found.get(file) ?? new Map<number, Finding[]>();
      this.#found.set(file, lines);
      const known = lines.get(line);
      if (known === undefined) lines.set(line, [finding]);
      else known.push(finding);
    }
  }

  /** In a rule or a decoder. */
  inside(file: string, item: Item): readonly Finding[] {
    const found = this.#found.get(file);
    return found === undefined ? [] : linesOf(item).flatMap((line) => found.get(line) ?? []);
  }

  /** Outside of all rules and decoders. */
  outside(file: string, { items }: Layout): readonly Finding[] {
    const inside = new Set(items.flatMap(linesOf));
    return [...(this.#found.get(file) ?? [])].flatMap(([line, found]) => (inside.has(line) ? [] : found));
  }

  within({ file, line, endLine = line }: Span): readonly Finding[] {
    return [...(this.#found.get(file) ?? [])].flatMap(([at, found]) =>
      at < line || at > endLine ? [] : found,
    );
  }
}

function linesOf({ element }: Item): readonly number[] {
  const { line, endLine = line } = spanOf(element.place);
  return Array.from({ length: endLine - line + 1 }, (_, at) => line + at);
}

/** Findings as comments: those that nothing is to be done about are left out. */
export function said(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ severity }) => severity !== "info")
    .map(({ code, message }) => `${code}: ${message}`);
}
