import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import { readRegularFile } from "./load/read.js";

/** Rule ids of one bundle: detection → id. */
export type RuleIds = ReadonlyMap<string, number>;

/** `zopf.lock.json`: the rule ids that zopf chose, for every bundle of a folder. Committed by the user. */
export interface Lockfile {
  readonly path: string;
  /** The bytes read, or null where there is no file yet. */
  readonly text: string | null;
  readonly bundles: ReadonlyMap<string, RuleIds>;
}

const lockfileName = "zopf.lock.json";

/** Reads the lock file beside the bundles of `folder`; a broken one is reported, never overwritten. */
export function readLockfile(
  folder: string,
  show: (path: string) => string,
):
  | { readonly ok: true; readonly lock: Lockfile }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  const path = join(folder, lockfileName);
  const refuse = (message: string, help: string, line = 1, column = 1) =>
    ({ ok: false, diagnostics: [codes.lock({ file: show(path), line, column }, message, help)] }) as const;
  const read = readRegularFile(path);
  if (!read.ok)
    return read.failure === "missing"
      ? { ok: true, lock: { path, text: null, bundles: new Map() } }
      : refuse(`cannot be read: ${read.reason}`, "move it away, or fix its permissions");
  const text = read.bytes.toString("utf8");
  const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(text);
  if (conflict !== null) {
    const line = text.slice(0, conflict.index).split("\n").length;
    return refuse(
      "holds a merge conflict",
      "take either side, keep the ids of rules that are deployed, and build again: what is missing is added",
      line,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(
      `is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      "restore it from version control; without it, rules that are deployed would change their ids",
    );
  }
  const bundles = parseBundles(value);
  return bundles === null
    ? refuse(
        'is not a lock file of zopf: {"version": 1, "rules": {bundle: {detection: id}}} was expected',
        "restore it from version control; without it, rules that are deployed would change their ids",
      )
    : { ok: true, lock: { path, text, bundles } };
}

function parseBundles(value: unknown): ReadonlyMap<string, RuleIds> | null {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.rules)) return null;
  const bundles = new Map<string, RuleIds>();
  for (const [bundle, rules] of Object.entries(value.rules)) {
    if (!isRecord(rules)) return null;
    const ids = new Map<string, number>();
    const used = new Set<number>();
    for (const [detection, id] of Object.entries(rules)) {
      if (typeof id !== "number" || !Number.isInteger(id) || id < 100_000 || id > 119_999 || used.has(id))
        return null;
      used.add(id);
      ids.set(detection, id);
    }
    bundles.set(bundle, ids);
  }
  return bundles;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a lock file; null where no bundle has chosen ids, so that none is written. */
export function formatLockfile(bundles: ReadonlyMap<string, RuleIds>): string | null {
  const rules: Record<string, Record<string, number>> = {};
  for (const name of [...bundles.keys()].sort()) {
    const ids = bundles.get(name);
    if (ids === undefined || ids.size === 0) continue;
    rules[name] = Object.fromEntries([...ids].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return Object.keys(rules).length === 0 ? null : `${JSON.stringify({ version: 1, rules }, null, 2)}\n`;
}
