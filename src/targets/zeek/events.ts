/** Parameters of an event's handlers, as its prototype spells them. The first one is `c` in expressions. */
export interface EventPrototype {
  /** `c: connection` */
  readonly parameters: string;
  /** `c` */
  readonly arguments: string;
  /** True where `c` is a connection, so that it has a history. */
  readonly connection: boolean;
}

const connectionOnly: EventPrototype = { parameters: "c: connection", arguments: "c", connection: true };

/** Events whose only parameter is the connection (spec/zeek.md 3.1). */
const ofConnections: ReadonlySet<string> = new Set([
  "new_connection",
  "connection_attempt",
  "connection_established",
  "connection_rejected",
  "connection_reset",
  "connection_finished",
  "connection_timeout",
  "connection_pending",
  "connection_first_ACK",
  "connection_state_remove",
]);

/** Whether zopf knows how to handle this event. */
export function isKnownEvent(event: string): boolean {
  return ofConnections.has(event);
}

/** The prototype of an event that detections can look at. */
export function eventPrototype(event: string): EventPrototype {
  if (!isKnownEvent(event))
    throw new Error(`bug in zopf: no prototype of the event ${JSON.stringify(event)}`);
  return connectionOnly;
}
