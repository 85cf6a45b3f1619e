import { readFileSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { readEntry, writeEntry } from "../files/cache.js";
import type { Model } from "../model/model.js";
import type { EmittedFile } from "../targets/file.js";
import type { Owns } from "../targets/manifest.js";
import type { Plain } from "./declared.js";
import { sha256 } from "./load/read.js";
import type { InputFile } from "./load/types.js";
import { zopfIdentity } from "./load/zopf-identity.js";
import type { RuleIds } from "./lockfile.js";

/** All that compiling a bundle gives, as plain data. */
export interface CacheEntry {
  /** The bundle as a whole; `outputModels` gives the Model of each output. */
  readonly model: Model;
  /** Every different file once: hosts have most of them in common. */
  readonly files: readonly EmittedFile[];
  readonly owns: readonly Owns[];
  /** One output, or one a host: places in `files` and in `owns`. */
  readonly outputs: readonly { readonly files: readonly number[]; readonly owns: number }[];
  /** Rule ids that zopf chose: detection and id. */
  readonly lock: readonly (readonly [string, number])[];
  /** They were chosen while no bundle of the folder had any, as they would be again. */
  readonly unlocked: boolean;
  /** What `defineBundle` got, as JSON: null where it cannot be said so. */
  readonly declared: Plain | null;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Diagnostics name files relative to the working directory, so an entry is good for that one. */
const keyOf = (file: string): readonly string[] => [zopfIdentity(), file, process.cwd()];

/**
 * What compiling `file` gave before, if every file it was made from is unchanged and the lock file holds
 * the ids that were chosen then, or none, as then (`replay` writes no lock file). Loads no TypeScript.
 */
export function readCompiled(file: string, locked: ReadonlyMap<string, RuleIds>): CacheEntry | null {
  const [inputs, body] = readEntry("bundle", keyOf(file)) ?? [];
  if (inputs === undefined || body === undefined || !jsonOf(inputs, isInputs)?.every(isUnchanged))
    return null;
  const entry = jsonOf(body, isEntry);
  if (entry === null) return null;
  const now = locked.get(entry.model.name);
  const same =
    (now?.size ?? 0) === entry.lock.length && entry.lock.every(([name, id]) => now?.get(name) === id);
  return same || (entry.unlocked && locked.size === 0) ? entry : null;
}

/** @param inputs - every file that the entry was made from */
export function writeCompiled(file: string, inputs: readonly InputFile[], entry: CacheEntry): void {
  const known = inputs.map(({ path, sha256 }) => ({ path, sha256 }));
  writeEntry(
    "bundle",
    keyOf(file),
    [known, entry].map((value) => Buffer.from(JSON.stringify(value))),
  );
}

function jsonOf<T>(bytes: Buffer, is: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return is(value) ? value : null;
  } catch {
    return null;
  }
}

function isUnchanged(input: InputFile): boolean {
  try {
    return sha256(readFileSync(input.path)) === input.sha256;
  } catch {
    return false;
  }
}

/**
 * Entries carry a checksum and the identity of the zopf that wrote them, so what is used before anything else
 * looks at it is checked, and no more.
 */
function isEntry(value: unknown): value is CacheEntry {
  return (
    isRecord(value) &&
    isRecord(value.model) &&
    typeof value.model.name === "string" &&
    isListOf(value.model.detections, isRecord) &&
    isListOf(value.model.firewalls, isRecord) &&
    isListOf(value.model.hosts, isHost) &&
    isListOf(value.files, isFile) &&
    isListOf(value.owns, isRecord) &&
    isListOf(value.outputs, isOutput) &&
    isListOf(value.lock, isId) &&
    typeof value.unlocked === "boolean" &&
    isListOf(value.diagnostics, isRecord)
  );
}

function isInputs(value: unknown): value is readonly InputFile[] {
  return isListOf(value, (one) => isRecord(one) && typeof one.path === "string");
}

function isFile(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.path === "string" &&
    // What is written below the output is named by zopf; an entry that leads elsewhere is not zopf's.
    !value.path.startsWith("/") &&
    !value.path.split("/").includes("..") &&
    typeof value.content === "string" &&
    typeof value.mode === "number"
  );
}

/** The name is that of a folder below the output. */
function isHost(value: unknown): boolean {
  return isRecord(value) && typeof value.name === "string" && /^[a-z][a-z0-9.-]*$/.test(value.name);
}

function isOutput(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.owns === "number" &&
    isListOf(value.files, (place) => typeof place === "number")
  );
}

function isId(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number"
  );
}

function isListOf(value: unknown, each: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(each);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
