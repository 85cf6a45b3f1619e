import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Expression } from "../../model/expression.js";
import type { TypedExpression } from "../../model/model.js";
import { codes } from "./codes.js";
import type { Field } from "./field.js";

/** A key whose first address is that of who is contacted: a block would take it for the attacker's. */
export interface Victim {
  readonly perField: Field;
  /** As the bundle reads it: `c.id.resp_h`. */
  readonly shown: string;
  /** `where` asks that it is one of the bundle's own networks. */
  readonly own: boolean;
}

/** Fields that hold the address of who is contacted: of connections and rows, of packets, of notices. */
const contacted: ReadonlySet<string> = new Set(["resp_h", "dst"]);

/** The victim that the key's first address names, where the bundle says nothing else; null: it names none. */
export function victimOf(
  perField: Field,
  key: readonly TypedExpression[],
  where: Expression | null,
): Victim | null {
  const first = key.find(({ type }) => type.kind === "addr");
  const path = first === undefined ? null : contactedIn(first.expression);
  if (path === null) return null;
  return { perField, shown: path.join("."), own: where !== null && conjuncts(where).some(asksForOwn(path)) };
}

/** What is told of a block of that address. */
export function victimTrouble(name: string, { perField, shown, own }: Victim): Diagnostic {
  const other = "to block who makes the connection, count per c.id.orig_h";
  const meant =
    "if the contacted host is meant, say so with source: (hit) => hit.key (hit.key[0] where per gives a list)";
  return own
    ? codes.innocent(
        perField.span(),
        `"${name}" leads to a block of ${shown}, and where asks that it is one of your own networks: your own host would be blocked, not who contacts it`,
        `${other}; ${meant}`,
      )
    : codes.victim(
        perField.span(),
        `"${name}" leads to a block of ${shown}, the host that is contacted: of a scan or an attack that is the victim`,
        `${other}; ${meant}`,
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
