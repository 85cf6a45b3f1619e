import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const repo = path.resolve(import.meta.dirname, "..", "..", "..");
const shared = path.join(repo, "..", "shared");

/** The recordings of the real engine: all of them when ../shared is there, else the part copied into test/data. */
export function readOracle(name: string): unknown {
  const whole = path.join(shared, "oracle", "ossec", name);
  if (existsSync(whole)) return JSON.parse(readFileSync(whole, "utf8"));
  console.log(`  ${whole} is not there: testing with the copied part only`);
  return readCopy(name);
}

/** The part of the recordings that is kept in test/data. */
export function readCopy(name: string): unknown {
  return JSON.parse(readFileSync(path.join(repo, "test", "data", "ossec-patterns", name), "utf8"));
}

/** Folder of the stock rule set, or null when it is not there. */
export function rulesetFolder(): string | null {
  const folder = path.join(shared, "ossec-ruleset");
  return existsSync(folder) ? folder : null;
}

/** Text of a UTF-8 recording as the bytes that the engine saw. */
export function bytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
