/** Whether a configuration decides as it did before a fix. */
import type { LoadedOssec } from "../ossec/definitions.js";
import { createEngine } from "../ossec/engine/index.js";
import { stops } from "../ossec/load/problems.js";
import { keepsMeaning, meaningOf } from "./meaning.js";

/** Log lines of the user that are run as well. */
const lineLimit = 2000;

/** Lines that reach much of a configuration: the literal texts of its patterns, with and without a head. */
function sampleLines({ decoders, rules }: LoadedOssec): readonly string[] {
  const texts = new Set<string>(["sample line", "user root from 192.0.2.1 port 22"]);
  const add = (text: string | undefined): void => {
    if (text === undefined || texts.size > 400) return;
    const plain = text
      .split("|")[0]
      ?.replace(/\\d[+*]?/g, "7")
      .replace(/\\[wS.][+*]?/g, "x")
      .replace(/\\s[+*]?/g, " ")
      .replace(/[\\^$()]/g, "");
    if (plain !== undefined && plain.length > 1) texts.add(plain);
  };
  for (const { prematch, programName } of decoders.all) {
    add(prematch?.text);
    if (programName !== null) add(`${programName.text.split("|")[0] ?? ""}: sample`);
  }
  for (const { match, regex } of rules) {
    add(match?.text);
    add(regex?.text);
  }
  return [...texts].flatMap((text) => [
    text,
    `Dec 29 10:00:01 host ${text}`,
    `Dec 29 10:00:01 host app[1]: ${text}`,
  ]);
}

function answers(loaded: LoadedOssec, lines: readonly string[]): readonly string[] {
  const engine = createEngine(loaded, { ownHostname: "host", timeZone: "UTC", mode: "logtest" });
  if (engine.unrunnable.length > 0) return [];
  return lines.map((line, index) => {
    const event = engine.process(line, 1_700_000_000 + index);
    if (event.kind !== "event") return event.kind;
    return `${event.decoder ?? ""} ${JSON.stringify(event.fields)} ${event.rule?.id ?? ""} ${event.alert}`;
  });
}

/**
 * Do both say the same, and does the engine decide alike, on lines made of their patterns and on these? Where the first
 * one is refused: does the other say the same wherever that could be read, and is no more of it refused?
 *
 * @param given - log lines, latin1
 */
export function decidesAlike(loaded: LoadedOssec, other: LoadedOssec, given: readonly string[]): boolean {
  if (loaded.problems.some(({ outcome }) => stops(outcome))) return keepsMeaning(loaded, other);
  if (meaningOf(loaded) !== meaningOf(other)) return false;
  const lines = [...sampleLines(loaded), ...given.slice(0, lineLimit)];
  const mine = answers(loaded, lines);
  const theirs = answers(other, lines);
  return mine.every((answer, at) => answer === theirs[at]);
}
