import { type Moment, zeekField } from "./records.js";

/**
 * Fields of `c$conn` that are set from the first packet on, besides those that do not change any more; what they
 * hold before the removal is not what conn.log says (docs/reference/zeek.md#what-is-known-at-each-event).
 */
const changing: ReadonlySet<string> = new Set(["missed_bytes", "ip_proto", "tunnel_parents"]);

/** When a field that is not set yet will be. */
export type SetLater = "removal" | "analysis";

/**
 * When a field of a `connection` will be set that is unset at every event of that moment, as it was in all of 12,816
 * connections (docs/reference/zeek.md#what-is-known-at-each-event); null where it is set, or may be.
 */
export function unsetAt(moment: Moment, [first = "", second]: readonly string[]): SetLater | null {
  if (moment === "removal") return null;
  if (first === "conn") {
    if (second === undefined || changing.has(second)) return null;
    return zeekField("Conn::Info", second)?.start === true ? null : "removal";
  }
  const field = zeekField("connection", first);
  // The rows of other logs, as far as they have come: at the first packet there is none.
  return moment === "start" && field !== undefined && field.type.includes("::") ? "analysis" : null;
}
