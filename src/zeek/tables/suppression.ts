import type { ZeekClock } from "./clock.js";
import { createExpiringTable } from "./expiring-table.js";

/** What decides whether a notice is written (docs/reference/zeek.md#processing-of-a-notice). */
export interface SuppressionKey {
  /** Full name of the type, `Scan::Port_Scan`. */
  readonly note: string;
  /** Undefined: never suppressed. An empty text is an identifier like others. */
  readonly identifier: string | undefined;
  /** Seconds; 0: begins no suppression. */
  readonly suppressFor: number;
}

export interface NoticeSuppression {
  /** Whether NOTICE() of this one is suppressed now; asking changes nothing. */
  isSuppressed(note: string, identifier: string | undefined): boolean;
  /** Takes a notice: true when it is written (and begins its suppression), false when suppressed. */
  accept(key: SuppressionKey): boolean;
}

/**
 * Zeek's suppression of notices with the same type and identifier: it lasts until the first table
 * tick at or after the notice's time + suppress_for.
 */
export function createSuppression(clock: ZeekClock): NoticeSuppression {
  const suppressing = createExpiringTable<string, number>(clock, {
    expiry: "create",
    timeout: 0,
    expireFunc: (_key, until) => until - clock.now(),
  });
  // A type's name holds no blank, so no pair of texts reads as another.
  const keyOf = (note: string, identifier: string) => `${note} ${identifier}`;
  const isSuppressed = (note: string, identifier: string | undefined) =>
    identifier !== undefined && suppressing.has(keyOf(note, identifier));
  return {
    isSuppressed,
    accept({ note, identifier, suppressFor }) {
      if (isSuppressed(note, identifier)) return false;
      if (identifier !== undefined && suppressFor > 0) {
        suppressing.assign(keyOf(note, identifier), clock.now() + suppressFor);
      }
      return true;
    },
  };
}
