/** The probes of general patterns on UTF-8 and other bytes (utf8.json), as a family of the conformance report. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EngineVersion } from "../../src/model/model.js";
import { createEngine, type Engine, type EngineEvent } from "../../src/ossec/engine/index.js";
import { loadOssec, programVerdict } from "../../src/ossec/load/index.js";
import {
  compare,
  type JsonObject,
  minimalHome,
  objects,
  readOracle,
  shared,
  text,
  type Verdict,
} from "./ossec-oracle.js";

/** The tree and the line of a probe, byte strings. */
interface ProbeTree {
  readonly files: Readonly<Record<string, string>>;
  readonly line: string;
  /** Fields f1, f2, f3 and rest are the captures. */
  readonly caps?: boolean;
  /** The probe is whether this decoder takes the line. */
  readonly decoder?: string;
  /** The line comes twice; the probe is whether the second event has this rule. */
  readonly twice?: number;
}

interface ProbeTrees {
  readonly build: (element: string, pattern: string, subject: string) => ProbeTree;
}

const treesPath = join(shared, "oracle", "ossec", "utf8-trees.mjs");
const trees: ProbeTrees | null = existsSync(treesPath) ? await import(treesPath) : null;

const bytesOf = (hex: unknown): string => Buffer.from(text(hex), "hex").toString("latin1");
const hexOf = (bytes: string): string => Buffer.from(bytes, "latin1").toString("hex");

function capturesOf(event: EngineEvent): readonly (readonly [string, string])[] {
  if (event.kind !== "event") return [];
  return event.fields.map(([name, value]) => [name, hexOf(value)]);
}

function answerOf(engine: Engine, { line, caps, decoder, twice }: ProbeTree): unknown {
  if (twice !== undefined) engine.process(line, 1700000000);
  const event = engine.process(line, 1700000001);
  if (event.kind !== "event") return { matched: event.kind };
  if (caps === true) {
    const captures = capturesOf(event);
    return { matched: captures.some(([name]) => name === "f1"), captures };
  }
  if (decoder !== undefined) return { matched: event.decoder === decoder };
  return { matched: event.rule?.id === (twice ?? 100) };
}

function differenceOf(record: JsonObject, version: EngineVersion, probe: ProbeTree): string | null {
  const files = Object.fromEntries(
    Object.entries(probe.files).map(([path, content]) => [
      path,
      { base64: Buffer.from(content, "latin1").toString("base64") },
    ]),
  );
  const home = minimalHome(files);
  const loaded = loadOssec({ read: (path) => home.get(path) ?? null }, { engine: version });
  const verdict = programVerdict(loaded.problems, "logtest");
  if (record.matched === null)
    return compare(verdict, text(record.load).startsWith("crash") ? "crash" : "error");
  if (verdict !== "ok")
    return `zopf does not load it: ${loaded.problems.map(({ message }) => message).join("; ")}`;
  for (const plain of [false, true]) {
    const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest", plain });
    const [problem] = engine.unrunnable;
    if (problem !== undefined) return problem.reason;
    const recorded = {
      matched: record.matched,
      ...(probe.caps === true ? { captures: record.captures_hex ?? [] } : {}),
    };
    const difference = compare(answerOf(engine, probe), recorded);
    if (difference !== null) return `${plain ? "plain" : "fast"}: ${difference}`;
  }
  return null;
}

/** Every probe, run with prefilters and without. */
export function utf8Probes(): readonly Verdict[] {
  if (trees === null) return [];
  const { build } = trees;
  return objects(readOracle("utf8.json")).flatMap((record) => {
    const version = (["4.3", "3.8", "3.7"] as const).find((one) => one === record.version);
    if (version === undefined) return [];
    const [pattern, subject] = [bytesOf(record.pattern_hex), bytesOf(record.subject_hex)];
    const probe = build(text(record.element), pattern, subject);
    const name = `${text(record.element)} ${JSON.stringify(pattern)} on ${JSON.stringify(subject)}`;
    return [{ family: `utf8 ${version}`, name, difference: differenceOf(record, version, probe) }];
  });
}
