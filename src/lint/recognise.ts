/** Whose files they are, where nobody says it. */
import { confKind } from "../files/home-kind.js";
import { latin1 } from "../ossec/load/index.js";
import type { InputFile } from "./input.js";
import type { Dialect } from "./model.js";
import { wazuhSigns } from "./wazuh-files.js";

/** Folders that only a home of Wazuh has, and files that only one of OSSEC has. */
const wazuhPath = /(?:^|\/)(?:ruleset\/(?:rules|decoders)|etc\/(?:rules|decoders))\/[^/]+$/;
const ossecPath = /(?:^|\/)(?:etc\/(?:local_)?decoder\.xml|rules\/rules_config\.xml)$/;

/** What only OSSEC's files have. */
const ossecSign = /<(?:\w+_)?pcre2>/;

/**
 * Whose engine reads the files: ossec.conf says it by its section for rules, else the folders that they are in, else
 * what stands in them. What could be either's is OSSEC's.
 */
export function recognisedDialect(files: readonly InputFile[]): Dialect {
  const texts = new Map(files.map((file) => [file, file.kind === "list" ? "" : latin1(file.bytes)]));
  for (const [{ kind }, text] of texts) {
    const said = kind === "conf" ? confKind(text) : null;
    if (said !== null) return said;
  }
  if (files.some(({ path }) => ossecPath.test(path))) return "ossec";
  if (files.some(({ path }) => wazuhPath.test(path))) return "wazuh";
  const all = [...texts.values()];
  if (all.some((text) => ossecSign.test(text))) return "ossec";
  return wazuhSigns.some(({ form }) => all.some((text) => form.test(text))) ? "wazuh" : "ossec";
}
