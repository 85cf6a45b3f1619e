import type { ts } from "ts-morph";
import { zeekEvent, zeekLogs } from "../../zeek-records/records.js";
import { typescript } from "./typescript.js";

/** What a user should write as a detection's event, and where he wrote something else. */
export interface EventHelp {
  readonly start: number;
  readonly end: number;
  readonly help: string;
}

/**
 * TypeScript cannot say which event was meant: a value that is none of many literals makes it lose the whole
 * detection, and it complains about the functions' parameters instead. Here the object around a complaint is
 * looked at. null: its event is a name with which TypeScript gets along, or there is none.
 */
export function eventHelp(file: ts.SourceFile, position: number): EventHelp | null {
  const ts = typescript();
  let found: ts.PropertyAssignment | null = null;
  let node: ts.Node = file;
  for (;;) {
    if (ts.isObjectLiteralExpression(node)) found = eventOf(node) ?? found;
    const inner: ts.Node | undefined = ts.forEachChild(node, (child) =>
      child.getStart(file) <= position && position < child.end ? child : undefined,
    );
    if (inner === undefined) break;
    node = inner;
  }
  if (found === null) return null;
  const help = helpFor(found.initializer);
  return help === null ? null : { start: found.getStart(file), end: found.end, help };
}

function eventOf(object: ts.ObjectLiteralExpression): ts.PropertyAssignment | undefined {
  const ts = typescript();
  const property = (name: string): ts.PropertyAssignment | undefined =>
    object.properties.find(
      (one): one is ts.PropertyAssignment => ts.isPropertyAssignment(one) && textOf(one.name) === name,
    );
  return textOf(property("kind")?.initializer) === "zeek" ? property("event") : undefined;
}

function textOf(node: ts.Node | undefined): string | null {
  const ts = typescript();
  return node !== undefined && (ts.isStringLiteralLike(node) || ts.isIdentifier(node)) ? node.text : null;
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
  return meant === undefined ? others : `write event: "${meant}.log"`;
}
