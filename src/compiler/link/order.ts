import type { OssecModel } from "../../model/model.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import type { OrderEntry } from "../decode/log-order.js";

/** A name of an order, and how it is written for the bundle's engine. */
export interface LinkedOrderEntry extends OrderEntry {
  readonly written: string;
}

/** An order in the words of the bundle's engine: there a name may be another field than in OSSEC. */
export function linkOrder(order: readonly OrderEntry[], ossec: OssecModel): readonly LinkedOrderEntry[] {
  const { fields } = suiteOf(ossec);
  return order.map((entry) => {
    const own = fields.get(entry.name);
    // The order names that field already, under its own name.
    const taken = order.some((other) => other !== entry && other.name === own?.written);
    return own === undefined || taken ? { ...entry, written: entry.name } : { ...entry, ...own };
  });
}
