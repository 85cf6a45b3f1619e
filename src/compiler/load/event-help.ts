import type { ts } from "ts-morph";
import { nearNames } from "../../diagnostics/near-names.js";
import { zeekEvent, zeekEvents, zeekLogs } from "../../zeek-records/records.js";
import { nodesAt, propertyOf, textOf } from "./nodes-at.js";
import { typescript } from "./typescript.js";

/** What a user should write as a detection's event, and where he wrote something else. */
export interface EventHelp {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly help: string;
}

/**
 * TypeScript cannot say which event was meant: a value that is none of many literals makes it lose the whole
 * detection, and it complains about the functions' parameters instead. Here the object around a complaint is
 * looked at. null: its event is a name with which TypeScript gets along, or there is none.
 */
export function eventHelp(file: ts.SourceFile, position: number): EventHelp | null {
  const ts = typescript();
  const found = nodesAt(file, position).findLast(
    (node): node is ts.ObjectLiteralExpression =>
      ts.isObjectLiteralExpression(node) && eventOf(node) !== undefined,
  );
  const event = found === undefined ? undefined : eventOf(found);
  const help = event === undefined ? null : helpFor(event.initializer);
  if (event === undefined || help === null) return null;
  const text = textOf(event.initializer);
  const message = `${text === null ? "this" : `"${text}"`} is not an event that a detection can look at`;
  return { start: event.getStart(file), end: event.end, message, help };
}

function eventOf(object: ts.ObjectLiteralExpression): ts.PropertyAssignment | undefined {
  return textOf(propertyOf(object, "kind")?.initializer) === "zeek" ? propertyOf(object, "event") : undefined;
}

function helpFor(value: ts.Expression): string | null {
  const ts = typescript();
  const logs = zeekLogs();
  const others = `rows of a log: ${logs.map((log) => `"${log}.log"`).join(", ")}; of any other log: zeekLog and onLog (docs/bundle.md)`;
  if (ts.isObjectLiteralExpression(value)) {
    const log = value.properties
      .filter(ts.isPropertyAssignment)
      .find((property) => textOf(property.name) === "log");
    if (log === undefined) return null;
    const name = textOf(log.initializer) ?? "";
    return logs.includes(name) ? `write event: "${name}.log"` : others;
  }
  if (!ts.isStringLiteralLike(value)) return null;
  const { text } = value;
  if (zeekEvent(text) !== undefined || logs.some((log) => text === `${log}.log`)) return null;
  const meant = logs.find((log) => [log, `${log}.log`].includes(text.toLowerCase()));
  if (meant !== undefined) return `write event: "${meant}.log"`;
  const events = zeekEvents().map(({ name }) => name);
  const near = nearNames(text, [...events, ...logs.map((log) => `${log}.log`)]);
  if (near.length > 0) return `did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
  return `the events are ${events.map((name) => `"${name}"`).join(", ")}; ${others}`;
}
