import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { engineOf } from "../../model/engine.js";
import type { EngineVersion } from "../../model/model.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** Names that one `<order>` may hold as shipped (docs/reference/ossec.md#versions). */
const most: Readonly<Record<EngineVersion, number>> = { "3.7": 10, "3.8": 10, "4.3": 256 };

/** An order holds so many names, and each field once. */
export const checkLogOrder: Policy = ({ declared, model, places }) =>
  declared.detections.flatMap((detection): readonly Diagnostic[] => {
    if (detection.kind !== "log" || detection.order === undefined) return [];
    const { order } = detection;
    const version = engineOf(model.ossec);
    const whole = places.of(order);
    if (order.length > most[version])
      return [
        codes.order(
          whole.span(),
          `${whole.label} has ${order.length} names; OSSEC ${version} takes ${most[version]} (decoder_order_size)`,
        ),
      ];
    return order.flatMap(({ name, slot }, index) => {
      const twin = order.slice(0, index).find((one) => one.slot === slot);
      if (twin === undefined) return [];
      const { label, span } = places.at(order, index);
      return [
        codes.order(
          span(),
          twin.name === name
            ? `${label}: "${name}" is in the order twice; the later capture would win`
            : `${label}: "${name}" and "${twin.name}" are one field to OSSEC`,
        ),
      ];
    });
  });
