import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { dialectOf } from "../../targets/ossec/dialect.js";
import { engineName, suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import { linkOrder } from "../link/order.js";
import type { Policy } from "./policy.js";

/** An order holds so many names, and each field once. */
export const checkLogOrder: Policy = ({ declared, model, places }) =>
  declared.detections.flatMap((detection): readonly Diagnostic[] => {
    if (detection.kind !== "log" || detection.order === undefined) return [];
    const { order } = detection;
    const most = dialectOf(model.ossec).loading.options.orderSize;
    const whole = places.of(order);
    if (order.length > most)
      return [
        codes.order(
          whole.span(),
          `${whole.label} has ${order.length} names; ${engineName(model.ossec)} takes ${most} (decoder_order_size)`,
        ),
      ];
    const linked = linkOrder(order, model.ossec);
    return linked.flatMap(({ name, slot }, index) => {
      const twin = linked.slice(0, index).find((one) => one.slot === slot);
      if (twin === undefined) return [];
      const { label, span } = places.at(order, index);
      return [
        codes.order(
          span(),
          twin.name === name
            ? `${label}: "${name}" is in the order twice; the later capture would win`
            : `${label}: "${name}" and "${twin.name}" are one field to ${suiteOf(model.ossec).suite}`,
        ),
      ];
    });
  });
