import { latin1, type OssecSource } from "./ossec-source.js";

/** Whose home a folder is. */
export type HomeKind = "ossec" | "wazuh";

/** What stands in `<!-- -->` is not read. */
const comment = /<!-*[\s\S]*?(?:-->|!>)/g;

/** Whose ossec.conf a text is; null: it could be either's. */
export function confKind(text: string): HomeKind | null {
  const read = text.replace(comment, "");
  if (/<ruleset[\s/>]/.test(read)) return "wazuh";
  return /<rules[\s/>]/.test(read) ? "ossec" : null;
}

/**
 * Whose home it is: ossec.conf says so by its section for rules (`<ruleset>`, `<rules>`), else the folders do. null:
 * nobody's.
 */
export function homeKind(source: OssecSource): HomeKind | null {
  const has = (path: string): boolean => source.read(path) instanceof Uint8Array;
  const holds = (folder: string): boolean =>
    source.list?.(folder)?.some((name) => /\.xml$/i.test(name)) === true;
  const conf = source.read("etc/ossec.conf");
  const said = conf instanceof Uint8Array ? confKind(latin1(conf)) : null;
  if (said !== null) return said;
  if (["ruleset/rules", "ruleset/decoders", "etc/rules", "etc/decoders"].some(holds)) return "wazuh";
  // Wazuh's folder ruleset/ by itself.
  if (holds("decoders") && holds("rules")) return "wazuh";
  if (["etc/decoder.xml", "etc/local_decoder.xml", "rules/rules_config.xml"].some(has)) return "ossec";
  return null;
}
