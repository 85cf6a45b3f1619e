import type { ZeekDetectionModel } from "../../model/model.js";
import type { LinkContext } from "./context.js";
import type { Functions } from "./functions.js";

/** What Zeek detections are linked with. */
export interface ZeekContext extends LinkContext {
  readonly module: string;
  readonly functions: Functions;
}

/** A Zeek detection without what the rest of the bundle decides: its rule, and how long it stays quiet. */
export type UnlinkedZeek = Omit<ZeekDetectionModel, "rule" | "suppress">;
