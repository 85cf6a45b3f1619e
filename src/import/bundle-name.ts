/** The name of an imported bundle. */

const form = /^[a-z][a-z0-9-]{0,30}$/;
/** Folders of Zeek's own. */
const taken: ReadonlySet<string> = new Set(["base", "policy", "site", "zeek", "packages"]);

function isName(name: string): boolean {
  return form.test(name) && !taken.has(name);
}

/** As wished, or made of a path; null: the wish cannot be one. */
export function bundleName(wish: string | null, path: string): string | null {
  if (wish !== null) return isName(wish) ? wish : null;
  const base = path
    .replace(/\/+$/, "")
    .replace(/^.*\//, "")
    .replace(/\.[A-Za-z0-9]+$/, "");
  const made = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 31);
  return isName(made) ? made : "imported";
}
