import type { EngineVersion } from "../model/model.js";
import type { Utf8Check } from "./patterns/index.js";

/** How a version of the engine runs general patterns (docs/reference/ossec.md#utf-8). */
export function utf8Check(engine: EngineVersion): Utf8Check {
  return engine === "4.3" ? "checked" : "unchecked";
}
