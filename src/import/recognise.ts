/** What paths hold, where nobody says it. */
import { findInputs } from "../lint/host/find-inputs.js";
import { recognisedDialect } from "../lint/recognise.js";
import { manifestBelow } from "./emitted/read.js";
import { isFail2ban } from "./fail2ban/recognise.js";
import { findRules } from "./sigma/find-rules.js";
import type { SourceKind } from "./sources.js";

/** What is nothing else is taken for XML of OSSEC or Wazuh; reading it says what is wrong then. */
export function recogniseSource(paths: readonly string[]): SourceKind {
  const [path, ...more] = paths;
  if (path !== undefined && more.length === 0 && manifestBelow(path) !== null) return "zopf";
  if (paths.length > 0 && paths.every(isFail2ban)) return "fail2ban";
  const { files } = findInputs(paths);
  const isYaml = (one: string): boolean => /\.ya?ml$/i.test(one);
  if (files.every(({ path: one }) => isYaml(one)) && findRules(paths, (one) => one, []).some(isYaml))
    return "sigma";
  return recognisedDialect(files);
}
