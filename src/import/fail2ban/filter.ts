/** A filter of fail2ban's: what its options say together, before anything is translated. */
import { join } from "node:path";
import type { Span } from "../../diagnostics/diagnostic.js";
import { Config, type IniFiles } from "./config.js";
import { type NameAndOptions, substituteTags } from "./tags.js";

export interface FilterText {
  readonly text: string;
  readonly place: Span;
}

/** The expressions of a filter, with everything put in. */
export interface Filter {
  readonly name: string;
  readonly place: Span;
  readonly prefregex: FilterText | null;
  readonly failregex: readonly FilterText[];
  readonly ignoreregex: readonly FilterText[];
  readonly datepattern: FilterText | null;
  readonly maxlines: number;
  readonly journalmatch: string | null;
  /** What could not be put in. */
  readonly problems: readonly string[];
}

/** Reads `filter.d/NAME.conf`, what it includes, and `NAME.local`; null: it is not there. */
export function readFilter(folder: string, wanted: NameAndOptions, files: IniFiles): Filter | null {
  const path = join(folder, `${wanted.name}.conf`);
  const config = new Config(files);
  if (!config.add(path)) {
    // A filter may be the site's own alone.
    if (!config.add(join(folder, `${wanted.name}.local`))) return null;
  }
  const problems: string[] = [];
  const option = (name: string): (FilterText & { readonly lines: readonly number[] }) | null => {
    const found =
      config.get("Definition", name) ?? (config.raw("Init", name) === null ? null : config.get("Init", name));
    const given = wanted.options.get(name);
    if (found === null && given === undefined) return null;
    problems.push(...(found?.problems ?? []).map((problem) => `${name}: ${problem}`));
    const { text, problems: tags } = substituteTags(given ?? found?.text ?? "", wanted.options, config);
    problems.push(...tags.map((problem) => `${name}: ${problem}`));
    const place = found?.place ?? { file: files.show(path), line: 1, column: 1 };
    return { text, place, lines: found?.lines ?? [] };
  };
  const lines = (name: string): readonly FilterText[] => {
    const value = option(name);
    if (value === null) return [];
    const texts = value.text.split("\n").map((text) => text.trim());
    // Where a value of several lines was put in, they can no longer be told apart.
    const isAsWritten = texts.length === value.lines.length;
    return texts
      .map((text, at): FilterText => {
        const line = isAsWritten ? value.lines[at] : undefined;
        return { text, place: line === undefined ? value.place : { ...value.place, line } };
      })
      .filter(({ text }) => text !== "");
  };
  const prefregex = option("prefregex");
  const failregex = lines("failregex");
  const ignoreregex = lines("ignoreregex");
  const dates = option("datepattern");
  const datepattern = dates === null ? null : { text: dates.text, place: dates.place };
  const maxlines = Number(option("maxlines")?.text ?? "1");
  const journalmatch = option("journalmatch")?.text ?? null;
  return {
    name: wanted.name,
    place: failregex[0]?.place ?? { file: files.show(path), line: 1, column: 1 },
    prefregex:
      prefregex === null || prefregex.text.trim() === ""
        ? null
        : { place: prefregex.place, text: prefregex.text.replaceAll("\n", "").trim() },
    failregex,
    ignoreregex,
    datepattern,
    maxlines: Number.isInteger(maxlines) && maxlines > 0 ? maxlines : 1,
    journalmatch,
    problems,
  };
}
