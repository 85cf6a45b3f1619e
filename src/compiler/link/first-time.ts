import { codes } from "../codes.js";
import type { LogDeclaration } from "../decode/log.js";
import type { OrderEntry } from "../decode/log-order.js";
import type { LinkContext } from "./context.js";

/** Words of `<fts>` by the field that they stand for (docs/reference/ossec.md#decoder-fields). */
const words: ReadonlyMap<string, string> = new Map([
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["dstuser", "dstuser"],
  ["id", "id"],
  ["extra_data", "extra_data"],
  ["system_name", "system_name"],
]);

/** What is to be seen for the first time, as words of the decoder; null, and reported, where the engine cannot tell. */
export function linkFirstTime(
  { places, report, ossec }: LinkContext,
  declared: LogDeclaration,
  order: readonly OrderEntry[],
): readonly string[] | null {
  const { firstTime } = declared;
  if (firstTime === undefined) return [];
  const found = firstTime.map((name, index) => {
    const place = places.at(firstTime, index);
    const entry = order.find((one) => one.name === name);
    if (entry === undefined)
      return report(
        codes.order(
          place.span(),
          `${place.label}: the order has no field ${JSON.stringify(name.slice(0, 60))}`,
        ),
      );
    const source = entry.slot === "srcuser" && ossec.dialect === "wazuh" ? "srcuser" : undefined;
    return (
      words.get(entry.slot) ??
      source ??
      report(
        codes.order(
          place.span(),
          `${place.label}: the engine does not remember ${name}`,
          `it remembers ${[...words.keys()].join(", ")}`,
        ),
      )
    );
  });
  const whole = found.filter((word) => word !== null);
  return whole.length === found.length ? whole : null;
}
