import { relative, resolve, sep } from "node:path";
import type { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import { isDeclaration } from "./module-resolver.js";
import { decodeUtf8, firstInvalidByte, readRegularFile, sha256 } from "./read.js";
import { setDisplayName } from "./span.js";
import { typescript } from "./typescript.js";

export type ParseOptions = ts.ScriptTarget | ts.CreateSourceFileOptions;

/** The user's sources: read, hashed, and parsed as they are run. */
export class UserFiles {
  readonly hashes = new Map<string, string>();
  readonly problems = new Map<string, Diagnostic>();
  readonly #cwd: string;
  readonly #spellings: ReadonlyMap<string, string>;

  constructor(cwd: string, spellings: ReadonlyMap<string, string>) {
    this.#cwd = cwd;
    this.#spellings = spellings;
  }

  parse(path: string, parse: ParseOptions): ts.SourceFile | undefined {
    const absolute = resolve(path);
    const name = this.#spellings.get(absolute) ?? spell(absolute, this.#cwd);
    const text = this.#read(absolute, name);
    if (text === undefined) return undefined;
    const options = isDeclaration(path) ? parse : asCommonJs(parse);
    const file = typescript().createSourceFile(path, text, options, true);
    setDisplayName(file, name);
    return file;
  }

  #read(path: string, name: string): string | undefined {
    const read = readRegularFile(path);
    if (!read.ok) {
      if (read.failure !== "missing")
        this.problems.set(
          path,
          codes.unreadable({ file: name, line: 1, column: 1 }, `cannot be read: ${read.reason}`),
        );
      return undefined;
    }
    this.hashes.set(path, sha256(read.bytes));
    const text = decodeUtf8(read.bytes);
    if (text !== null) return text;
    const at = { file: name, ...firstInvalidByte(read.bytes) };
    this.problems.set(path, codes.encoding(at, "this byte is not UTF-8", "save the file as UTF-8"));
    return read.bytes.toString("utf8");
  }
}

/** Bundles are run as CommonJS whatever a package.json near them says, so they are checked as that too. */
function asCommonJs(parse: ParseOptions): ts.CreateSourceFileOptions {
  const whole = typeof parse === "object" ? parse : { languageVersion: parse };
  return { ...whole, impliedNodeFormat: typescript().ModuleKind.CommonJS };
}

/** The file's name as diagnostics spell it: below the working directory relative, else absolute. */
function spell(path: string, cwd: string): string {
  const below = relative(cwd, path);
  const name = below === "" || below === ".." || below.startsWith(`..${sep}`) ? path : below;
  return name.split(sep).join("/");
}
