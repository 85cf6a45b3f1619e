/**
 * The section of an emitted ossec.conf that names the bundle's lists and, for Wazuh, its rules and decoders, as
 * templates/ossec/ossec.conf.hbs writes it.
 */
const section =
  /^ {2}<(rules|ruleset)>\n((?: {4}<(?:list|rule_include|decoder_include)>[^<\n]+<\/\w+>\n)+) {2}<\/\1>\n\n?/m;

const opening = "<ossec_config>\n";

/** What a section names. */
export interface NamedFiles {
  readonly section: string;
  /** Its lines. */
  readonly names: string;
}

/** An emitted ossec.conf without the section, and what stands in it; null: it has none. */
export function splitNamedFiles(content: string): {
  readonly rest: string;
  readonly named: NamedFiles | null;
} {
  const [, name, names] = section.exec(content) ?? [];
  return {
    rest: content.replace(section, ""),
    named: name === undefined || names === undefined ? null : { section: name, names },
  };
}

/** The same with the section again: what was emitted. Wazuh's always names the rules. */
export function withNamedFiles(rest: string, names: string): string {
  const name = names.includes("<rule_include>") ? "ruleset" : "rules";
  return rest.replace(opening, () => `${opening}  <${name}>\n${names}  </${name}>\n\n`);
}
