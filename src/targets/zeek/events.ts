import { zeekEvent } from "../../zeek-records/records.js";

/** Parameters of an event's handlers, as its prototype spells them. The first one is `c` in expressions. */
export interface EventPrototype {
  /** `c: connection` */
  readonly parameters: string;
  /** `c` */
  readonly arguments: string;
  /** True where `c` is a connection, so that it has a history. */
  readonly connection: boolean;
}

/** The prototype of an event that detections can look at; all of them have one parameter, a record. */
export function eventPrototype(event: string): EventPrototype {
  const entry = zeekEvent(event);
  if (entry === undefined) throw new Error(`bug in zopf: no prototype of the event ${JSON.stringify(event)}`);
  return { parameters: `c: ${entry.record}`, arguments: "c", connection: entry.record === "connection" };
}
