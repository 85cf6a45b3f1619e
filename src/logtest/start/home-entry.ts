/**
 * The cache entry of a loaded OSSEC home: what running it needs, so that a later run reads no XML and compiles no
 * pattern. It counts only for the very same files, read anew each time, and the very same zopf.
 */

import { resolve } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { canWriteEntries, readEntry, writeEntry } from "../../files/cache.js";
import type { Ruleset } from "../../ossec/definitions.js";
import type { DialectName } from "../../ossec/dialect.js";
import type { KnownPrefilters } from "../../ossec/engine/prefilters.js";
import type { OssecSource } from "../../ossec/load/index.js";
import { dialects } from "../../wazuh/dialects.js";
import { type PatternColumns, patternColumns, patternsOf } from "./pattern-columns.js";

/** What a load read; null: nothing was there. */
interface Reads {
  readonly files: readonly (readonly [path: string, bytes: Uint8Array | null])[];
  readonly folders: readonly (readonly [path: string, names: readonly string[] | null])[];
}

/** What an engine runs on. */
export interface RunnableHome {
  readonly ruleset: Ruleset;
  /** Of an engine for it. */
  readonly prefilters: KnownPrefilters;
  /** What there is to say of its files: nothing that keeps an engine from starting. */
  readonly problems: readonly Diagnostic[];
}

/** With the name of its dialect, which holds functions. */
interface HomeEntry extends Omit<RunnableHome, "ruleset"> {
  readonly ruleset: Omit<Ruleset, "dialect"> & { readonly dialect: DialectName };
  readonly patterns: PatternColumns;
}

/** A source that notes what is read from it. */
export class NotedSource implements OssecSource {
  readonly #source: OssecSource;
  readonly #files: [string, Uint8Array | null][] = [];
  readonly #folders: [string, readonly string[] | null][] = [];
  /** Something could not be read: no entry can stand for that. */
  #failed = false;

  constructor(source: OssecSource) {
    this.#source = source;
  }

  read(path: string): ReturnType<OssecSource["read"]> {
    const found = this.#source.read(path);
    if (found === null || found instanceof Uint8Array) this.#files.push([path, found]);
    else this.#failed = true;
    return found;
  }

  list(path: string): readonly string[] | null {
    const names = this.#source.list?.(path) ?? null;
    this.#folders.push([path, names]);
    return names;
  }

  display(path: string): string {
    return this.#source.display?.(path) ?? path;
  }

  /** null: not all of it could be read. */
  reads(): Reads | null {
    return this.#failed ? null : { files: this.#files, folders: this.#folders };
  }
}

function sameBytes(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}

function isUnchanged({ files, folders }: Reads, source: OssecSource): boolean {
  for (const [path, bytes] of files) {
    const found = source.read(path);
    if (found !== null && !(found instanceof Uint8Array)) return false;
    if (!sameBytes(found, bytes)) return false;
  }
  return folders.every(
    ([path, names]) => JSON.stringify(source.list?.(path) ?? null) === JSON.stringify(names),
  );
}

const keyOf = (home: string, dialect: DialectName, identity: string): readonly string[] => [
  identity,
  process.version,
  process.arch,
  dialect,
  home,
  resolve(home),
];

/**
 * What an earlier run wrote of this home: null unless it is whole and everything it was made of is as it was then.
 * Never throws: a damaged entry counts as none.
 *
 * @param identity - changes with everything that loading depends on in zopf
 */
export function readHome(
  home: string,
  dialect: DialectName,
  source: OssecSource,
  identity: string,
): RunnableHome | null {
  const [reads, body] = readEntry("home", keyOf(home, dialect, identity)) ?? [];
  if (reads === undefined || body === undefined) return null;
  try {
    if (!isUnchanged(deserialize(reads), source)) return null;
    const { ruleset, patterns, prefilters, problems }: HomeEntry = deserialize(body);
    const written = dialects[ruleset.dialect];
    written.learnPatterns(patternsOf(patterns));
    return { ruleset: { ...ruleset, dialect: written }, prefilters, problems };
  } catch {
    return null;
  }
}

/** Writes the entry of a home that loaded. Silent where the cache folder cannot be written. */
export function writeHome(
  home: string,
  { ruleset, prefilters, problems }: RunnableHome,
  source: NotedSource,
  identity: string,
): void {
  const reads = source.reads();
  if (reads === null || !canWriteEntries()) return;
  try {
    const { name, knownPatterns } = ruleset.dialect;
    const entry: HomeEntry = {
      ruleset: { ...ruleset, dialect: name },
      patterns: patternColumns(knownPatterns()),
      prefilters,
      problems,
    };
    writeEntry("home", keyOf(home, name, identity), [serialize(reads), serialize(entry)]);
  } catch {
    // A tree too deep for the serializer.
  }
}
