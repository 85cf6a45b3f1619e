/** Dynamic fields by name (Wazuh): a name may be set twice, and the first one is seen. */
import type { Event } from "./event.js";

/** A dynamic field of an event. */
export interface NamedField {
  readonly name: string;
  /** In lower case: letter case of names does not count. */
  readonly folded: string;
  readonly value: string;
}

/** An event keeps so many at most; what comes later is dropped. */
const mostFields = 256;

/** @param folded - the name in lower case */
export function addNamed(event: Event, name: string, folded: string, value: string): void {
  if (event.named === null) event.named = [{ name, folded, value }];
  else if (event.named.length < mostFields) event.named.push({ name, folded, value });
}

/** Of so many fields the one of a name is found faster in a table. */
const fewFields = 8;

let tableOf: readonly NamedField[] | null = null;
let tableSize = 0;
const table = new Map<string, string>();

/** The first value of each name. Rules ask for many of one event: the table of the last one is kept. */
function valuesByName(named: readonly NamedField[]): ReadonlyMap<string, string> {
  if (named !== tableOf || named.length !== tableSize) {
    tableOf = named;
    tableSize = named.length;
    table.clear();
    for (const { folded, value } of named) if (!table.has(folded)) table.set(folded, value);
  }
  return table;
}

/** The value of a dynamic field; null: it is not set. */
export function namedValue({ named }: Event, folded: string): string | null {
  if (named === null) return null;
  if (named.length > fewFields) return valuesByName(named).get(folded) ?? null;
  for (let at = 0; at < named.length; at += 1) {
    const field = named[at];
    if (field !== undefined && field.folded === folded) return field.value;
  }
  return null;
}
