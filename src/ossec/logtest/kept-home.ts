/**
 * A loaded OSSEC home, kept between runs: what running it needs, in one file of zopf's cache folder. It
 * counts only for the very same files, read anew each time, and the very same zopf.
 */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { deserialize, serialize } from "node:v8";
import { readSealed, sealedPath, writeSealed } from "../../cli/sealed-files.js";
import type {
  DecoderDefinition,
  DecoderNode,
  EngineVersion,
  LoadedOssec,
  PatternDefinition,
  RuleDefinition,
  RuleNode,
} from "../definitions.js";
import { knownGroups, learnGroups } from "../engine/literal-groups.js";
import type { OssecSource } from "../load/index.js";
import { type KnownPattern, knownPatterns, learnPatterns } from "../patterns/index.js";
import type { Place } from "../xml/source.js";

/** What a load read: path and what was there; null: nothing. */
interface Reads {
  readonly files: readonly (readonly [path: string, there: boolean])[];
  readonly folders: readonly string[];
  /** Of their contents, in this order. */
  readonly hash: string;
}

interface Kept {
  readonly reads: Reads;
  readonly loaded: LoadedOssec;
  readonly patterns: readonly KnownPattern[];
  readonly groups: ReturnType<typeof knownGroups>;
}

/** A hash over contents; each is told from its neighbours by its length. */
class ContentHash {
  readonly #hash = createHash("sha256");

  file(bytes: Uint8Array | null): void {
    this.#hash.update(`f${bytes?.length ?? -1}:`);
    if (bytes !== null) this.#hash.update(bytes);
  }

  folder(names: readonly string[] | null): void {
    this.#hash.update(`d${JSON.stringify(names)}:`);
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** A source that notes what is read from it. */
export class NotedSource implements OssecSource {
  readonly #source: OssecSource;
  readonly #files: [string, Uint8Array | null][] = [];
  readonly #folders: [string, readonly string[] | null][] = [];
  /** Something could not be read: that is nothing to keep. */
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

  /** null: not to be kept. */
  reads(): Reads | null {
    if (this.#failed) return null;
    const hash = new ContentHash();
    for (const [, bytes] of this.#files) hash.file(bytes);
    for (const [, names] of this.#folders) hash.folder(names);
    return {
      files: this.#files.map(([path, bytes]) => [path, bytes !== null]),
      folders: this.#folders.map(([path]) => path),
      hash: hash.digest(),
    };
  }
}

function isUnchanged(reads: Reads, source: OssecSource): boolean {
  const hash = new ContentHash();
  for (const [path, there] of reads.files) {
    const found = source.read(path);
    const bytes = found instanceof Uint8Array ? found : null;
    if ((bytes !== null) !== there || (found !== null && bytes === null)) return false;
    hash.file(bytes);
  }
  for (const path of reads.folders) hash.folder(source.list?.(path) ?? null);
  return hash.digest() === reads.hash;
}

function keptPath(home: string, engine: EngineVersion, identity: string): string | null {
  return sealedPath("home", identity, process.version, process.arch, engine, home, resolve(home));
}

/**
 * What an earlier run kept of this home: null unless it is whole and everything it was made of is as it was
 * then. Never fails: a damaged file counts as none.
 *
 * @param identity - changes with everything that loading depends on in zopf
 */
export function readKept(
  home: string,
  engine: EngineVersion,
  source: OssecSource,
  identity: string,
): LoadedOssec | null {
  const path = keptPath(home, engine, identity);
  if (path === null) return null;
  const body = readSealed(path);
  if (body === null) return null;
  try {
    const { reads, loaded, patterns, groups }: Kept = deserialize(body);
    if (!isUnchanged(reads, source)) return null;
    learnPatterns(patterns);
    learnGroups(groups);
    return loaded;
  } catch {
    return null;
  }
}

/** Keeps a home that loaded without a word. Silent where the folder cannot be written. */
export function keepHome(home: string, loaded: LoadedOssec, source: NotedSource, identity: string): void {
  const path = keptPath(home, loaded.engine, identity);
  const reads = source.reads();
  if (path === null || reads === null || loaded.problems.length > 0) return;
  try {
    const kept: Kept = {
      reads,
      loaded: forRunning(loaded),
      patterns: knownPatterns(),
      groups: knownGroups(),
    };
    writeSealed(path, serialize(kept));
  } catch {
    // A tree too deep for the serializer.
  }
}

const nowhere: Place = { source: { file: "", text: "" }, start: 0, end: 0 };
const nowheres: readonly [Place] = [nowhere];
const nothing: readonly never[] = [];

/** The same configuration without what only diagnostics and lint need: places, elements, sources. */
function forRunning(loaded: LoadedOssec): LoadedOssec {
  const patterns = new Map<PatternDefinition, PatternDefinition>();
  const rules = new Map<RuleDefinition, RuleDefinition>();
  const decoders = new Map<DecoderDefinition, DecoderDefinition>();
  const nodes = new Map<RuleNode, RuleNode>();
  const pattern = <T extends PatternDefinition | null>(given: T): T | PatternDefinition => {
    if (given === null) return given;
    const known = patterns.get(given) ?? { language: given.language, text: given.text, places: nowheres };
    patterns.set(given, known);
    return known;
  };
  const few = <T>(items: readonly T[]): readonly T[] => (items.length === 0 ? nothing : items);
  const rule = (given: RuleDefinition): RuleDefinition => {
    const known = rules.get(given) ?? {
      ...given,
      programName: pattern(given.programName),
      idPattern: pattern(given.idPattern),
      match: pattern(given.match),
      regex: pattern(given.regex),
      fields: few(given.fields.map((field) => ({ name: field.name, pattern: pattern(field.pattern) }))),
      srcip: few(given.srcip),
      dstip: few(given.dstip),
      url: pattern(given.url),
      srcport: pattern(given.srcport),
      dstport: pattern(given.dstport),
      user: pattern(given.user),
      srcgeoip: pattern(given.srcgeoip),
      dstgeoip: pattern(given.dstgeoip),
      time: given.time === null ? null : { ...given.time, place: nowhere },
      weekday: given.weekday === null ? null : { ...given.weekday, place: nowhere },
      extraData: pattern(given.extraData),
      hostname: pattern(given.hostname),
      status: pattern(given.status),
      lists: few(
        given.lists.map((list) => ({ ...list, checkValue: pattern(list.checkValue), place: nowhere })),
      ),
      search:
        given.search?.kind === "events"
          ? { ...given.search, regex: pattern(given.search.regex) }
          : given.search,
      ifMatchedGroup: pattern(given.ifMatchedGroup),
      feedsGroupListsOf: few(given.feedsGroupListsOf),
      ignoreFields: few(given.ignoreFields),
      checkIfIgnored: few(given.checkIfIgnored),
      activeResponses: few(given.activeResponses),
      info: few(given.info),
      place: nowhere,
      idPlace: nowhere,
      attributes: nothing,
      elements: nothing,
      overwrites: nothing,
    };
    rules.set(given, known);
    return known;
  };
  const decoder = (given: DecoderDefinition): DecoderDefinition => {
    const known = decoders.get(given) ?? {
      ...given,
      programName: pattern(given.programName),
      prematch: pattern(given.prematch),
      regex: pattern(given.regex),
      place: nowhere,
      namePlace: nowhere,
      attributes: nothing,
      elements: nothing,
    };
    decoders.set(given, known);
    return known;
  };
  const decoderNode = (given: DecoderNode): DecoderNode => ({
    decoder: decoder(given.decoder),
    children: few(given.children.map(decoder)),
  });
  // Deep trees do not deepen the stack here; the serializer refuses those that would deepen its own.
  const waiting: (readonly [from: RuleNode, to: RuleNode[]])[] = [];
  const node = (given: RuleNode): RuleNode => {
    const known = nodes.get(given);
    if (known !== undefined) return known;
    const children: RuleNode[] = [];
    const made = { rule: rule(given.rule), children };
    nodes.set(given, made);
    waiting.push([given, children]);
    return made;
  };
  const roots = loaded.roots.map(node);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const child of next[0].children) next[1].push(node(child));
  const { conf } = loaded;
  return {
    ...loaded,
    decoders: {
      withProgramName: loaded.decoders.withProgramName.map(decoderNode),
      withoutProgramName: loaded.decoders.withoutProgramName.map(decoderNode),
      all: nothing,
    },
    rules: loaded.rules.map(rule),
    ruleById: new Map([...loaded.ruleById].map(([id, definition]) => [id, rule(definition)])),
    roots,
    conf: { ...conf, rules: nothing, decoders: nothing, lists: nothing, localfiles: nothing },
    sources: nothing,
  };
}
