/** An event as a JSON line (docs/reference/cli.md#logtest). */
import { schemaVersions } from "../diagnostics/schema-version.js";
import type { EngineEvent } from "../ossec/engine/event.js";
import { isAscii } from "../ossec/patterns/unicode/utf8.js";
import { shownGroups, shownLocation } from "../wazuh/output/alert-json.js";

/** Bytes that are not UTF-8 become U+FFFD. */
export const utf8 = (latin1: string): string =>
  isAscii(latin1) ? latin1 : Buffer.from(latin1, "latin1").toString("utf8");
const utf8OrNull = (latin1: string | null): string | null => (latin1 === null ? null : utf8(latin1));

/** Names in a group text, in its order, without empty ones. */
export function groupNames(group: string): readonly string[] {
  return group.split(",").flatMap((name) => (name.trim() === "" ? [] : [utf8(name.trim())]));
}

/** The object of an event; `JSON.stringify` of it is a line of the output. */
export function eventJson(event: EngineEvent): Readonly<Record<string, unknown>> {
  if (event.kind === "ignored")
    return { schemaVersion: schemaVersions.logtest, line: utf8(event.line), ignored: true };
  const { rule } = event;
  const reported = event.kind === "event" ? rule : null;
  return {
    schemaVersion: schemaVersions.logtest,
    line: utf8(event.line),
    fullLog: utf8(event.fullLog),
    hostname: utf8(event.hostname),
    programName: utf8OrNull(event.programName),
    log: utf8(event.log),
    decoder: utf8OrNull(event.decoder),
    fields: event.fields.map(([name, value]) => [utf8(name), utf8(value)]),
    rule:
      reported === null
        ? null
        : {
            id: reported.id,
            level: reported.level,
            description: utf8(reported.description ?? ""),
            groups: groupNames(reported.group),
          },
    alert: event.kind === "event" && event.alert,
    ...(event.kind === "crash" ? { crash: event.reason } : {}),
  };
}

/** The same with what Wazuh adds. */
export function wazuhEventJson(event: EngineEvent): Readonly<Record<string, unknown>> {
  const object = eventJson(event);
  if (event.kind === "ignored") return object;
  if (event.kind === "crash")
    return { ...object, decoder: event.decoder === null ? null : { name: utf8(event.decoder) } };
  const { rule, decoder, decoderParent, date, description } = event;
  const parent = decoderParent === null ? {} : { parent: utf8(decoderParent) };
  const counter = rule === null || rule.options.noCounter ? {} : { firedtimes: event.firedTimes };
  return {
    ...object,
    decoder: decoder === null ? null : { name: utf8(decoder), ...parent },
    rule:
      rule === null
        ? null
        : {
            id: rule.id,
            level: rule.level,
            description: utf8(description ?? ""),
            groups: shownGroups(rule.group).map(utf8),
            ...counter,
            mail: rule.options.mail,
          },
    timestamp: utf8OrNull(date),
    location: utf8OrNull(shownLocation(event.location)),
  };
}
