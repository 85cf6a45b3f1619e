/**
 * A configuration put together from several files: those that a file includes before and after itself, and the `.local`
 * file beside each. A later value replaces an earlier one, which `known/NAME` still names.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { reasonOf } from "../../files/system-error.js";
import { codes } from "../codes.js";
import { type IniFile, type IniValue, readIni } from "./ini.js";

const mostFiles = 500;
const largestFile = 2_000_000;

/** Files that were read already, by their path: many filters include the same. */
export class IniFiles {
  readonly #files = new Map<string, IniFile | null>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #show: (path: string) => string;

  constructor(show: (path: string) => string) {
    this.#show = show;
  }

  show(path: string): string {
    return this.#show(path);
  }

  /** null: it is not there, or cannot be read (which is then in the diagnostics). */
  read(path: string): IniFile | null {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file = this.#load(path);
    if (file !== null) this.diagnostics.push(...file.diagnostics);
    this.#files.set(path, file);
    return file;
  }

  #load(path: string): IniFile | null {
    if (!existsSync(path)) return null;
    const place: Span = { file: this.#show(path), line: 1, column: 1 };
    try {
      const bytes = readFileSync(path);
      if (bytes.length > largestFile) {
        this.diagnostics.push(
          codes.broken(place, `is larger than ${largestFile} bytes: no configuration of fail2ban's`),
        );
        return null;
      }
      const strange = firstStrangeByte(bytes);
      if (strange !== null) {
        const before = bytes.subarray(0, strange).toString("latin1").split("\n");
        this.diagnostics.push(
          codes.broken(
            { file: place.file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
            "is not UTF-8 here: fail2ban does not read it",
          ),
        );
        return null;
      }
      return readIni(path, place.file, bytes.toString("utf8"));
    } catch (error) {
      this.diagnostics.push(codes.input(place, `cannot be read: ${reasonOf(error)}`));
      return null;
    }
  }
}

/** Where bytes are no UTF-8; null: all are. */
function firstStrangeByte(bytes: Uint8Array): number | null {
  const text = Buffer.from(bytes).toString("utf8");
  const at = text.indexOf("\ufffd");
  if (at < 0) return null;
  const before = Buffer.byteLength(text.slice(0, at), "utf8");
  // The character itself may be written there.
  return Buffer.from(bytes.subarray(before, before + 3)).toString("latin1") === "\xef\xbf\xbd"
    ? null
    : before;
}

const defaults = "DEFAULT";

/** Sections with their options, of all files together. */
export class Config {
  readonly #sections = new Map<string, Map<string, IniValue>>();
  /** Values that were replaced, by section and option. */
  readonly #known = new Map<string, IniValue>();
  readonly #files: IniFiles;
  readonly #open: string[] = [];
  #count = 0;
  /** How many values may still be put into the one at hand. */
  #left = 0;

  constructor(files: IniFiles) {
    this.#files = files;
  }

  /** A file with all that it includes, and the `.local` one beside it; false: it is not there. */
  add(path: string): boolean {
    const found = this.#addFile(path);
    if (path.endsWith(".conf")) this.#addFile(path.replace(/\.conf$/, ".local"));
    return found;
  }

  /** A file with what it includes, without the `.local` one beside it. */
  addAlone(path: string): boolean {
    return this.#addFile(path);
  }

  #addFile(path: string): boolean {
    const file = this.#files.read(path);
    if (file === null) return false;
    if (++this.#count > mostFiles) return false;
    const includes = file.sections.get("INCLUDES");
    this.#open.push(path);
    this.#include(path, includes?.get("before"));
    for (const [name, options] of file.sections) if (name !== "INCLUDES") this.#merge(name, options);
    this.#include(path, includes?.get("after"));
    this.#open.pop();
    return true;
  }

  #include(from: string, value: IniValue | undefined): void {
    if (value === undefined) return;
    for (const name of value.text.split(/\s+/).filter((one) => one !== "")) {
      const path = join(dirname(from), name);
      if (this.#open.includes(path)) {
        this.#files.diagnostics.push(
          codes.broken(value.place, `${name} includes itself, over ${this.#open.length} files`),
        );
        continue;
      }
      // What is the site's own may be missing.
      if (!this.add(path) && !path.endsWith(".local"))
        this.#files.diagnostics.push(
          codes.broken(
            value.place,
            `${name} is included, and is not there`,
            "give the whole folder, as /etc/fail2ban",
          ),
        );
    }
  }

  #merge(name: string, options: ReadonlyMap<string, IniValue>): void {
    const section = this.#sections.get(name) ?? new Map<string, IniValue>();
    this.#sections.set(name, section);
    for (const [option, value] of options) {
      const old = section.get(option);
      if (old !== undefined) this.#known.set(`${name}/${option}`, old);
      section.set(option, value);
    }
  }

  get sections(): readonly string[] {
    return [...this.#sections.keys()].filter((name) => name !== defaults);
  }

  has(section: string): boolean {
    return this.#sections.has(section);
  }

  /** Options of a section, those of `[DEFAULT]` not among them. */
  optionsOf(section: string): readonly string[] {
    return [...(this.#sections.get(section)?.keys() ?? [])];
  }

  /** The value as it is written: of the section, else of `[DEFAULT]`. */
  raw(section: string, option: string): IniValue | null {
    const name = option.toLowerCase();
    return this.#sections.get(section)?.get(name) ?? this.#sections.get(defaults)?.get(name) ?? null;
  }

  /** What a value was before a later file replaced it. */
  #knownValue(section: string, option: string): IniValue | null {
    const name = option.toLowerCase();
    return (
      this.#known.get(`${section}/${name}`) ??
      this.#sections.get(defaults)?.get(name) ??
      this.#known.get(`${defaults}/${name}`) ??
      null
    );
  }

  /**
   * The value with every `%(name)s` put in; `%(section/name)s`, `%(known/name)s` and `%(default/name)s` too.
   *
   * @param given - values that stand before those of the files
   */
  get(section: string, option: string, given: ReadonlyMap<string, string> = new Map()): Interpolated | null {
    const value = this.raw(section, option);
    this.#left = mostParts;
    return value === null ? null : this.#interpolated(value, section, given, [`${section}/${option}`]);
  }

  #interpolated(
    value: IniValue,
    section: string,
    given: ReadonlyMap<string, string>,
    open: readonly string[],
  ): Interpolated {
    const problems: string[] = [];
    let size = 0;
    const text = value.text.replace(/%(?:%|\(([^)\s]{1,200})\)s)/g, (whole, name: string | undefined) => {
      if (name === undefined) return "%";
      const own = given.get(name.toLowerCase());
      if (own !== undefined) return own;
      const found = this.#find(section, name);
      if (found === null) {
        problems.push(`%(${name})s is defined nowhere`);
        return whole;
      }
      const key = `${found.section}/${name}`;
      if (--this.#left < 0) {
        problems.push(`it is made of more than ${mostParts} values`);
        return "";
      }
      if (open.includes(key) || open.length > 50) {
        problems.push(`%(${name})s leads back to itself`);
        return "";
      }
      const inner = this.#interpolated(found.value, found.section, given, [...open, key]);
      problems.push(...inner.problems);
      size += inner.text.length;
      if (size > longestText) {
        problems.push(`it grows beyond ${longestText} characters`);
        return "";
      }
      return inner.text;
    });
    return { text, place: value.place, lines: value.lines, problems: [...new Set(problems)].slice(0, 5) };
  }

  #find(section: string, name: string): { readonly value: IniValue; readonly section: string } | null {
    const parts = /^(.*)\/([^/]+)$/.exec(name);
    if (parts === null) {
      if (name.toLowerCase() === "__name__")
        return { value: { text: section, place: { file: "", line: 1, column: 1 }, lines: [1] }, section };
      const value = this.raw(section, name);
      return value === null ? null : { value, section };
    }
    const [, where = "", option = ""] = parts;
    if (where === "known") {
      const value = this.#knownValue(section, option);
      return value === null ? null : { value, section };
    }
    if (where === "default") {
      const value = this.raw(defaults, option);
      return value === null ? null : { value, section };
    }
    const value = this.has(where) ? this.raw(where, option) : null;
    return value === null ? null : { value, section: where };
  }
}

const longestText = 500_000;
const mostParts = 5_000;

export interface Interpolated {
  readonly text: string;
  readonly place: Span;
  /** Where each of its lines stands, before anything is put in. */
  readonly lines: readonly number[];
  /** What could not be put in. */
  readonly problems: readonly string[];
}
