import { existsSync, readFileSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type Names, parseNames } from "../hunt/names.js";
import { type Place, parsePlace } from "../hunt/place.js";

const settingsFile = "zopf.config.json";

/**
 * What stands behind `--on`, with the names that the configuration beside which zopf runs has for it.
 *
 * @param log what a single table holds where nothing says it
 */
export function readPlaces(
  texts: readonly string[],
  log: string,
):
  | { readonly ok: true; readonly places: readonly Place[]; readonly names: Names }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  const places: Place[] = [];
  for (const text of texts) {
    const place = parsePlace(text, log);
    if ("severity" in place) return { ok: false, diagnostics: [place] };
    places.push(place);
  }
  const { names, diagnostics } = parseNames(huntSettings(), settingsFile);
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, places, names };
}

/** The part `hunt.names` of the configuration beside which zopf runs. */
function huntSettings(): unknown {
  if (!existsSync(settingsFile)) return undefined;
  try {
    const settings: unknown = JSON.parse(readFileSync(settingsFile, "utf8"));
    if (typeof settings !== "object" || settings === null || !("hunt" in settings)) return undefined;
    const { hunt } = settings;
    return typeof hunt === "object" && hunt !== null && "names" in hunt ? hunt.names : undefined;
  } catch {
    return null;
  }
}
