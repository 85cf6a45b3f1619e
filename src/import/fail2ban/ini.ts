/** Files of fail2ban's configuration, as Python's configparser reads them. */
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";

/** The value of an option, and where its name stands. */
export interface IniValue {
  /** Lines are joined by a line feed; comments and indentation are gone. */
  readonly text: string;
  readonly place: Span;
  /** Where each of its lines stands in the file. */
  readonly lines: readonly number[];
}

/** A section's options by their names, in small letters. */
export type IniSection = ReadonlyMap<string, IniValue>;

export interface IniFile {
  readonly path: string;
  readonly sections: ReadonlyMap<string, IniSection>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Lines that are read of a value: endless ones are not carried along. */
const longestValue = 200_000;
/** More options than these are no configuration. */
const mostOptions = 20_000;

/** @param file - as diagnostics show it */
export function readIni(path: string, file: string, text: string): IniFile {
  const diagnostics: Diagnostic[] = [];
  const sections = new Map<string, Map<string, IniValue>>();
  let section: Map<string, IniValue> | null = null;
  let open: {
    readonly name: string;
    readonly lines: string[];
    readonly numbers: number[];
    readonly place: Span;
    size: number;
  } | null = null;
  let options = 0;
  const close = (): void => {
    if (open !== null && section !== null) {
      while (open.lines.at(-1) === "") open.lines.pop();
      section.set(open.name, {
        text: open.lines.join("\n"),
        place: open.place,
        lines: open.numbers.slice(0, open.lines.length),
      });
    }
    open = null;
  };
  const complain = (line: number, column: number, message: string): void => {
    if (diagnostics.length < 20) diagnostics.push(codes.broken({ file, line, column }, message));
  };
  if (text.includes("\0")) {
    complain(1, 1, "holds NUL bytes: it is no configuration");
    return { path, sections, diagnostics };
  }
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (/^\s*[#;]/.test(raw)) continue;
    const bare = raw.replace(/(?<=\s);.*$/, "").trimEnd();
    const indent = bare.search(/\S/);
    if (indent < 0) {
      // A comment behind blanks is no end of the value.
      open?.lines.push("");
      open?.numbers.push(line);
      continue;
    }
    if (indent > 0 && open !== null) {
      open.size += bare.length;
      if (open.size > longestValue) {
        complain(line, 1, `the value of ${open.name} is longer than ${longestValue} characters`);
        break;
      }
      open.lines.push(bare.trim());
      open.numbers.push(line);
      continue;
    }
    close();
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(bare);
    if (header !== null) {
      const name = header[1] ?? "";
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const found = /^\s*([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(bare);
    if (found === null) {
      complain(line, indent + 1, "is neither a section, nor an option, nor the rest of one");
      continue;
    }
    if (section === null) {
      complain(line, indent + 1, "an option before the first section");
      continue;
    }
    if (++options > mostOptions) {
      complain(line, 1, `more than ${mostOptions} options`);
      break;
    }
    const [, name = "", value = ""] = found;
    open = {
      name: name.toLowerCase(),
      lines: [value],
      numbers: [line],
      place: { file, line, column: indent + 1 },
      size: value.length,
    };
  }
  close();
  return { path, sections, diagnostics };
}
