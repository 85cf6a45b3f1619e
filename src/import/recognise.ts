/** What paths hold, where nobody says it. */
import { findInputs } from "../lint/host/find-inputs.js";
import { recognisedDialect } from "../lint/recognise.js";
import type { SourceKind } from "./sources.js";

/** What is nothing else is taken for XML of OSSEC or Wazuh; reading it says what is wrong then. */
export function recogniseSource(paths: readonly string[]): SourceKind {
  return recognisedDialect(findInputs(paths).files);
}
