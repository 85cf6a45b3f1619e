import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Expression } from "../../model/expression.js";
import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";
import { blocking, type Policy } from "./policy.js";

/** Fields that hold the address of who is contacted: of connections and rows, of packets, of notices. */
const contacted: ReadonlySet<string> = new Set(["resp_h", "dst"]);

/**
 * A key whose first address is that of who is contacted: a block would take it for the attacker's. Where the bundle
 * names the source itself, that is meant.
 */
export const checkVictim: Policy = (bundle) =>
  blocking(bundle).flatMap(({ kind, declared, model }) => {
    if (kind !== "zeek" || declared.source !== undefined) return [];
    const first = model.key.find(({ type }) => type.kind === "addr");
    const path = first === undefined ? null : contactedIn(first.expression);
    if (path === null) return [];
    const own = model.where !== null && conjuncts(model.where).some(asksForOwn(path));
    return [victimTrouble(model.name, bundle.places.at(declared, "per"), path.join("."), own)];
  });

/** @param own - `where` asks that the address is one of the bundle's own networks */
function victimTrouble(name: string, per: SourceRange, shown: string, own: boolean): Diagnostic {
  const help =
    "to block who makes the connection, count per c.id.orig_h; " +
    "if the contacted host is meant, say so with source: (hit) => hit.key (hit.key[0] where per gives a list)";
  return own
    ? codes.innocent(
        per.span(),
        `"${name}" leads to a block of ${shown}, and where asks that it is one of your own networks: your own host would be blocked, not who contacts it`,
        help,
      )
    : codes.victim(
        per.span(),
        `"${name}" leads to a block of ${shown}, the host that is contacted: of a scan or an attack that is the victim`,
        help,
      );
}

function contactedIn(expression: Expression): readonly string[] | null {
  switch (expression.kind) {
    case "field":
      return contacted.has(expression.path.at(-1) ?? "") ? [expression.parameter, ...expression.path] : null;
    case "conditional":
      return contactedIn(expression.whenTrue) ?? contactedIn(expression.whenFalse);
    default:
      return null;
  }
}

function conjuncts(expression: Expression): readonly Expression[] {
  const found: Expression[] = [];
  const open: Expression[] = [expression];
  for (let one = open.pop(); one !== undefined; one = open.pop())
    if (one.kind === "binary" && one.operator === "&&") open.push(one.left, one.right);
    else found.push(one);
  return found;
}

function asksForOwn(path: readonly string[]): (term: Expression) => boolean {
  const asked = path.join(".");
  return (term) =>
    term.kind === "binary" &&
    term.operator === "in" &&
    term.right.kind === "global" &&
    term.right.name === "Site::local_nets" &&
    term.left.kind === "field" &&
    [term.left.parameter, ...term.left.path].join(".") === asked;
}
