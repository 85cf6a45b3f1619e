/** Wazuh's recorded answers about patterns and the like, which need no engine, as families of the conformance report. */
import { foldAscii } from "../../src/ossec/patterns/bytes.js";
import { beforeText } from "../../src/ossec/patterns/types.js";
import { parseWazuhAddressEntry, wazuhAddressesHold } from "../../src/wazuh/addresses.js";
import { jsonFields } from "../../src/wazuh/json-decoder.js";
import { eventData } from "../../src/wazuh/output/event-data.js";
import { wazuhLogtestText } from "../../src/wazuh/output/logtest-text.js";
import { compileWazuhPattern } from "../../src/wazuh/patterns/index.js";
import { fixedFields } from "../../src/wazuh/shown-fields.js";
import { compare, isObject, objects, text, type Verdict } from "./ossec-oracle.js";
import { bytesOf, decoded, readWazuhOracle } from "./wazuh-oracle.js";

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A pattern on every subject: where it matches, where a following search begins, what it captures. */
function patternDifference(
  record: { readonly [key: string]: unknown },
  subjects: readonly string[],
): string | null {
  const { type } = record;
  const language = type === "osmatch" || type === "pcre2" ? type : "osregex";
  const compiled = compileWazuhPattern({ language, text: bytesOf(record.pattern) });
  if (!compiled.ok)
    return record.compiled === false && compiled.unsupported === undefined ? null : compiled.reason;
  if (record.compiled !== true) return "compiles";
  const hits = new Map(list(record.hits).map((hit) => [list(hit)[0], list(hit)]));
  for (const [index, subject] of subjects.entries()) {
    const hit = hits.get(index);
    const match = compiled.value.exec(subject);
    const next = match?.end === beforeText ? -1 : match?.end;
    const seen = match === null || match.crash ? null : language === "osmatch" ? [] : [next, match.captures];
    const recorded =
      hit === undefined ? null : language === "osmatch" ? [] : [hit[1], list(hit[2]).map(bytesOf)];
    const difference = compare(seen, recorded);
    if (difference !== null) return `on ${JSON.stringify(subject)}: ${difference}`;
    if (compiled.value.groups === 0 && compiled.value.test(subject) !== (match !== null))
      return "test differs from exec";
    const folded = foldAscii(subject);
    const literals = compiled.value.requiredLiterals;
    const occurs = literals === null || literals.some((literal) => folded.includes(literal));
    if (match !== null && !occurs) return `its literals are not in ${JSON.stringify(subject)}`;
    if (compiled.value.literalsDecide && occurs && match === null)
      return `its literals are in ${JSON.stringify(subject)}`;
  }
  return null;
}

/** Entries of `<srcip>`: whether they are one, and which subjects they hold. */
export function wazuhAddresses(): readonly Verdict[] {
  const recorded = readWazuhOracle("addresses.json");
  if (!isObject(recorded)) return [];
  const subjects = list(recorded.subjects).map(text);
  return objects(recorded.entries).map((record) => {
    const entry = parseWazuhAddressEntry(text(record.entry));
    const found = entry === null ? [] : subjects.filter((subject) => wazuhAddressesHold([entry], subject));
    const difference = compare([entry !== null, found], [record.valid, record.found]);
    return { family: "wazuh addresses", name: text(record.entry), difference };
  });
}

/** The text that wazuh-logtest prints for an answer. */
export function wazuhAnswerText(): readonly Verdict[] {
  const recorded = readWazuhOracle("logtest_text.json");
  if (!isObject(recorded)) return [];
  return objects(recorded.texts).map((record) => {
    const answer = isObject(record.answer) ? record.answer : {};
    const rulesTried = Array.isArray(answer.rules_debug) ? answer.rules_debug.map(bytesOf) : null;
    const output = JSON.stringify(decoded(answer.output));
    const seen = wazuhLogtestText(output, answer.alert === true, rulesTried);
    return {
      family: "wazuh logtest_text (of recorded answers)",
      name: text(record.name),
      difference: compare(seen, bytesOf(record.text)),
    };
  });
}

/** Lines of JSON: fields, and the object `data` of the answer. */
export function wazuhJsonDecoder(): readonly Verdict[] {
  const recorded = readWazuhOracle("json_decoder.json");
  if (!isObject(recorded) || !isObject(recorded.decoders)) return [];
  const { decoders } = recorded;
  return objects(recorded.events).map((record) => {
    const flavour = text(decoders[text(record.flavour)]);
    const line = bytesOf(record.line);
    const isObjectText = line.startsWith("{");
    const { slots, dynamic } = jsonFields(isObjectText ? line : "", {
      arrays: flavour.includes(">csv<") ? "csv" : "array",
      nullField: flavour.includes(">discard<") ? "discard" : "string",
      dstuser: null,
      room: 256,
    });
    const set = new Map<string, string>(slots);
    const fixed = fixedFields.flatMap(([slot, name]): [string, string][] => {
      const value = set.get(slot);
      return value === undefined ? [] : [[name, value]];
    });
    const seen = [isObjectText ? "j" : null, [...fixed, ...dynamic.map(({ name, value }) => [name, value])]];
    const data = eventData(fixed, dynamic).text;
    const difference =
      compare(seen, [record.decoder, decoded(record.fields)]) ??
      compare(data === null ? null : JSON.parse(data), decoded(record.data));
    return { family: "wazuh json_decoder", name: JSON.stringify(record.line).slice(0, 200), difference };
  });
}

export function wazuhPatterns(): readonly Verdict[] {
  const recorded = readWazuhOracle("patterns.json");
  if (!isObject(recorded) || !isObject(recorded.subjects)) return [];
  const subjects = new Map(
    Object.entries(recorded.subjects).map(([name, texts]) => [name, list(texts).map(bytesOf)]),
  );
  return objects(recorded.patterns).map((record) => ({
    family: `wazuh patterns ${text(record.type)}`,
    name: JSON.stringify(record.pattern),
    difference: patternDifference(record, subjects.get(text(record.subjects)) ?? []),
  }));
}
