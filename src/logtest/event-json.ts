/** An event as a JSON line (docs/reference/cli.md#logtest). */
import type { EngineEvent } from "../ossec/engine/event.js";

/** Bytes that are not UTF-8 become U+FFFD. */
const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");
const utf8OrNull = (latin1: string | null): string | null => (latin1 === null ? null : utf8(latin1));

/** Names in a group text, in its order, without empty ones. */
export function groupNames(group: string): readonly string[] {
  return group.split(",").flatMap((name) => (name.trim() === "" ? [] : [utf8(name.trim())]));
}

/** The object of an event; `JSON.stringify` of it is a line of the output. */
export function eventJson(event: EngineEvent): Readonly<Record<string, unknown>> {
  if (event.kind === "ignored") return { line: utf8(event.line), ignored: true };
  const { rule } = event;
  const reported = event.kind === "event" ? rule : null;
  return {
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
