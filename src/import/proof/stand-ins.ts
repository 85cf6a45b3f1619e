/**
 * What rules are about and no file brings: a rule file without the rule set that it belongs to. Rules and decoders that
 * stand for it, the same beside both configurations, so that lines reach what is below them.
 */
import type { LoadedOssec, RuleDefinition } from "../../ossec/definitions.js";

export interface StandIns {
  /** Text of a decoder file, latin1. */
  readonly decoders: string;
  readonly rules: string;
}

/** Fields that any condition may ask for, as `<order>` names them. */
const usual = ["srcip", "dstip", "srcport", "dstport", "user", "srcuser", "id", "url", "status", "action"];
const more = ["protocol", "extra_data", "system_name"];

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "");
}

/** A decoder of lines `MARK srcip="…" user="…" …`. */
function decoder(name: string, mark: string, fields: readonly string[], isWazuh: boolean): string {
  const pattern = `^.*?${fields.map((field) => `${field.replace(/\W/g, "_")}="([^"]*)"`).join(" ")}`;
  const regex = isWazuh
    ? `<regex type="pcre2">${pattern}</regex>`
    : `<pcre2>${pattern.replaceAll("<", "\\<")}</pcre2>`;
  return (
    `<decoder name="${escaped(name)}"><prematch>^${mark} </prematch></decoder>\n` +
    `<decoder name="${escaped(name)}"><parent>${escaped(name)}</parent>` +
    `${regex}<order>${fields.join(", ")}</order></decoder>\n`
  );
}

const ids = (text: string | null): readonly number[] =>
  (text ?? "").split(/[, ]+/).flatMap((part) => (/^\d+$/.test(part) ? [Number(part)] : []));

/** Null: nothing is missing. */
export function standInsFor({ rules, ruleById, decoders, dialect }: LoadedOssec): StandIns | null {
  const known = new Set(decoders.all.map(({ reportedName }) => reportedName));
  const missingRules = new Set<number>();
  const missingDecoders = new Set<string>();
  const missingGroups = new Set<string>();
  const groups = rules.map(({ group }) => group);
  for (const rule of rules) {
    const searched = rule.search?.kind === "sid" ? [rule.search.sid] : [];
    for (const id of [...ids(rule.parents.ifSid), ...searched]) if (!ruleById.has(id)) missingRules.add(id);
    if (rule.decodedAs !== null && !known.has(rule.decodedAs) && !builtIn.has(rule.decodedAs))
      missingDecoders.add(rule.decodedAs);
    for (const text of [rule.parents.ifGroup, rule.ifMatchedGroup?.text ?? null])
      if (text !== null && /^[\w, -]+$/.test(text) && !groups.some((one) => one.includes(text)))
        missingGroups.add(text);
  }
  for (const rule of rules) missingRules.delete(rule.id);
  if (missingRules.size + missingDecoders.size + missingGroups.size === 0) return null;
  const isWazuh = dialect.product === "Wazuh";
  const fields = [...usual, ...(isWazuh ? [...more, "data"] : more), ...dynamicNames(rules, isWazuh)];
  const own = "zz-outside";
  return {
    decoders: [own, ...missingDecoders]
      .map((name) =>
        decoder(name, name === own ? own : `zz-${name.replace(/[^\w-]/g, "_")}`, fields, isWazuh),
      )
      .join(""),
    rules: [
      ...[...missingRules].map((id) => rule(id, "outside", `rule ${id}:`)),
      ...[...missingGroups].map((group, at) => rule(999_990 - at, group, `group ${group}:`)),
    ].join(""),
  };
}

/** Decoders of the engine's own, whose events come from other programs. */
const builtIn: ReadonlySet<string> = new Set(["rootcheck", "hostinfo_modified", "hostinfo_new"]);

function rule(id: number, group: string, words: string): string {
  return (
    `<group name="${escaped(group)},"><rule id="${id}" level="3"><decoded_as>zz-outside</decoded_as>` +
    `<match>${escaped(words)}</match><description>It is not among the files.</description></rule></group>\n`
  );
}

/** Names of decoders' own fields that rules ask for. */
function dynamicNames(rules: readonly RuleDefinition[], isWazuh: boolean): readonly string[] {
  const taken = new Set([...usual, ...more, "data", "dstuser"]);
  const names = new Set<string>();
  const add = (name: string): void => {
    if (/^[\w.-]+$/.test(name) && !taken.has(name.toLowerCase())) names.add(name);
  };
  for (const one of rules) {
    for (const { name } of one.fields) add(name);
    if (isWazuh)
      for (const name of [...one.correlation.sameFields, ...one.correlation.differentFields]) add(name);
  }
  return [...names].slice(0, 40);
}
