/** Files of Sigma rules as a draft. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { Imported, Refused } from "../draft.js";
import type { ReadSource } from "../source.js";
import { isAccessLog } from "./access-lines.js";
import { compiledDraft } from "./compiled-draft.js";
import { draftOf } from "./draft.js";
import { refusedOf } from "./filters.js";
import { findRules } from "./find-rules.js";
import { withGlobals } from "./global-documents.js";
import { isSigma, onlyCountedBy, parseRule, titleOf } from "./parse-rule.js";
import { readDocuments, readPlaceholders } from "./read-documents.js";
import { Refusal, type SigmaRule } from "./rule.js";
import { sigmaHome } from "./web-home.js";

export const readSigma: ReadSource = async ({
  paths,
  home,
  name,
  show,
  watch,
  logs = [],
  accessLogs: wanted,
  placeholders,
}): Promise<Imported> => {
  const diagnostics: Diagnostic[] = [];
  const rules: SigmaRule[] = [];
  const refused: Refused[] = [];
  const onlyCounted: string[] = [];
  const known = placeholders === undefined ? new Map() : readPlaceholders(placeholders, show, diagnostics);
  const files = findRules(paths, show, diagnostics);
  for (const [at, path] of files.entries()) {
    const waited = watch?.step("reading: file", at + 1, files.length);
    if (waited !== undefined) await waited;
    if (watch?.stopped() === true) break;
    const documents = readDocuments(path, show, diagnostics);
    for (const document of withGlobals(documents)) {
      if (!isSigma(document)) {
        diagnostics.push(
          codes.broken(document.place, "no Sigma rule: it has no title, or no detection or correlation"),
        );
        continue;
      }
      try {
        rules.push(...parseRule(document, known));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push(refusedOf({ title: titleOf(document) }, error));
        onlyCounted.push(...onlyCountedBy(document));
      }
    }
  }
  if (rules.length === 0 && refused.length === 0) return { draft: null, diagnostics };
  const around = home === null ? null : sigmaHome(home, show);
  const accessLogs = wanted ?? (logs.some(isAccessLog) || around?.readsAccessLogs === true);
  const { draft, emitted, ...made } = await compiledDraft(rules, refused, (some, without) =>
    draftOf(some, name ?? "sigma", without, { accessLogs, onlyCounted, home: around }),
  );
  if (draft.modules.every(({ detections }) => detections.length === 0))
    return { draft: null, refused: draft.refused, diagnostics };
  const prove: Imported["prove"] = async (emitted, options) => {
    const { proveRules } = await import("./proof.js");
    return proveRules({ ...made, home: around }, emitted, options);
  };
  return { draft, diagnostics, prove, ...(emitted === null ? {} : { emitted }) };
};
