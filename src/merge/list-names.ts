/** The section of an emitted ossec.conf that names the bundle's lists, as templates/ossec/ossec.conf.hbs writes it. */
const section = /^ {2}<rules>\n((?: {4}<list>[^<\n]+<\/list>\n)+) {2}<\/rules>\n\n?/m;

const opening = "<ossec_config>\n";

/** An emitted ossec.conf without the names of its lists, and those; null: it names none. */
export function splitListNames(content: string): { readonly rest: string; readonly names: string | null } {
  const found = section.exec(content);
  return { rest: content.replace(section, ""), names: found?.[1] ?? null };
}

/** The same with the names again: what was emitted. */
export function withListNames(rest: string, names: string): string {
  return rest.replace(opening, () => `${opening}  <rules>\n${names}  </rules>\n\n`);
}
