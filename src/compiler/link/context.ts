import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Places } from "../decode/field.js";

/** What linking says, and where the declarations stand. */
export interface LinkContext {
  readonly places: Places;
  /** Reports something; always null, to be returned in turn. */
  readonly report: (found: Diagnostic) => null;
}
