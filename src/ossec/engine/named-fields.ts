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

/** The value of a dynamic field; null: it is not set. */
export function namedValue({ named }: Event, folded: string): string | null {
  if (named === null) return null;
  for (let at = 0; at < named.length; at += 1) {
    const field = named[at];
    if (field !== undefined && field.folded === folded) return field.value;
  }
  return null;
}
