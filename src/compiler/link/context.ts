import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { OssecModel } from "../../model/model.js";
import type { Places } from "../decode/field.js";
import type { Lists } from "./lists.js";

/** What linking says, and where the declarations stand. */
export interface LinkContext {
  readonly places: Places;
  /** The engine that the bundle is for. */
  readonly ossec: OssecModel;
  /** Reports something; always null, to be returned in turn. */
  readonly report: (found: Diagnostic) => null;
  /** The lists that conditions have named so far. */
  readonly lists: Lists;
}
