/** What the real Wazuh said: records in ../shared/oracle/wazuh (README there), read as what they stand for. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isObject, type JsonObject, shared } from "./ossec-oracle.js";

const oracle = join(shared, "oracle", "wazuh");

/** The oracle is not part of a clone. */
export const wazuhOracleIsHere = existsSync(join(oracle, "patterns.json"));

/** A small part of it that is. */
const copies = join(dirname(dirname(fileURLToPath(import.meta.url))), "data", "wazuh");

let folder = oracle;

/** Runs something that reads the copied records in place of the oracle. */
export function readingCopies<T>(run: () => T): T {
  folder = copies;
  try {
    return run();
  } finally {
    folder = oracle;
  }
}

export function readWazuhOracle(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}

/** A recorded string as bytes (a latin1 string): its UTF-8, or what an object with base64 holds. */
export function bytesOf(value: unknown): string {
  if (typeof value === "string") return Buffer.from(value, "utf8").toString("latin1");
  const base64 = isObject(value) ? value.base64 : undefined;
  return typeof base64 === "string" ? Buffer.from(base64, "base64").toString("latin1") : "";
}

/** What a recorded value stands for: texts as bytes, base64 and pairs resolved. */
export function decoded(value: unknown): unknown {
  if (typeof value === "string") return bytesOf(value);
  if (Array.isArray(value)) return value.map(decoded);
  if (!isObject(value)) return value;
  const { base64, pairs } = value;
  const isAlone = Object.keys(value).length === 1;
  if (typeof base64 === "string" && isAlone) return bytesOf(value);
  if (Array.isArray(pairs) && isAlone)
    return Object.fromEntries(pairs.map((pair: unknown) => (Array.isArray(pair) ? pair.map(decoded) : [])));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [bytesOf(name), decoded(inner)]));
}

/** The records of a file that is a list of them, all texts as bytes. */
export function wazuhRecords(name: string): readonly JsonObject[] {
  const records = decoded(readWazuhOracle(name));
  return Array.isArray(records) ? records.filter(isObject) : [];
}
