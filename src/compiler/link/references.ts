import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { nearestName } from "../../diagnostics/near-names.js";
import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";

/** A name that no detection of the bundle has. */
export function unknownDetection(place: SourceRange, name: string, known: ReadonlySet<string>): Diagnostic {
  const names = [...known];
  const near = nearestName(name, names);
  const all =
    known.size === 0 ? "the bundle has no detections" : `there are: ${names.slice(0, 12).join(", ")}`;
  return codes.reference(
    place.span(),
    `no detection is called ${JSON.stringify(name.slice(0, 80))}`,
    near === null ? all : `did you mean "${near}"? ${all}`,
  );
}
