/** What the real Wazuh said: records in ../shared/oracle/wazuh (README there), read as what they stand for. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, shared } from "./ossec-oracle.js";

const oracle = join(shared, "oracle", "wazuh");

/** The oracle is not part of a clone. */
export const wazuhOracleIsHere = existsSync(join(oracle, "patterns.json"));

export function readWazuhOracle(name: string): unknown {
  return JSON.parse(readFileSync(join(oracle, name), "utf8"));
}

/** A recorded string as bytes (a latin1 string): its UTF-8, or what an object with base64 holds. */
export function bytesOf(value: unknown): string {
  if (typeof value === "string") return Buffer.from(value, "utf8").toString("latin1");
  const base64 = isObject(value) ? value.base64 : undefined;
  return typeof base64 === "string" ? Buffer.from(base64, "base64").toString("latin1") : "";
}
