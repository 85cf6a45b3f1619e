/** `not_same_*`, which only takes back a `same_*` before it (docs/reference/ossec.md#correlation). */

import { lowerCase } from "../ossec/load/text.js";
import type { ElementRange } from "../ossec/source-map.js";
import { removeElements } from "./edits.js";
import type { WrittenRule } from "./elements.js";
import type { Fix } from "./model.js";

/** What each of them takes back. */
export const takenBack: Readonly<Record<string, string>> = {
  not_same_source_ip: "same_source_ip",
  not_same_user: "same_user",
  not_same_id: "same_id",
  not_same_agent: "same_location",
};

/** Takes the element away, and what it takes back. */
export function withoutNotSame(written: WrittenRule, element: ElementRange): { readonly fix: Fix } {
  const same = takenBack[lowerCase(element.name)];
  const before = written.elements.filter(
    ({ name, place }) => lowerCase(name) === same && place.start < element.place.start,
  );
  return removeElements(
    before.length > 0 ? "Take both elements away." : "Take the element away.",
    ...before,
    element,
  );
}
