import type { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import { propertyOf, textOf, unwrapped, valueAt } from "./nodes-at.js";
import { propertyExample } from "./property-examples.js";
import { spanOfNode, spanOfRange } from "./span.js";
import { subjectOf } from "./subject.js";
import { typescript } from "./typescript.js";

/** What TypeScript says of a value that does not fit its type, whatever the reason. */
const unassignable = new Set([2322, 2345, 2739, 2740, 2741, 2769]);

/** An object literal that lacks what its type asks for. */
interface Lack {
  readonly object: ts.ObjectLiteralExpression;
  readonly names: readonly ts.Symbol[];
  /** Whether one of the names is enough. */
  readonly oneOf: boolean;
}

/**
 * TypeScript points at the brace of the whole value and prints its type. Here the object literals at that place
 * are compared with their types, and the properties that are missing are told by the name of the detection.
 * Empty: nothing is missing, the complaint is about something else.
 *
 * @param known - starts of the literals that were reported already
 */
export function missingProperties(
  found: ts.Diagnostic,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  known: Set<number>,
): readonly Diagnostic[] | null {
  if (!unassignable.has(found.code) || (found.file !== undefined && found.file !== file)) return null;
  const value = valueAt(file, found.start ?? 0);
  if (value === null) return null;
  const lacks = lacksIn(value, checker);
  if (lacks.length === 0) return null;
  const fresh = lacks.filter(({ object }) => !known.has(object.pos));
  for (const { object } of fresh) known.add(object.pos);
  return fresh.map((lack) => tell(lack, checker));
}

function lacksIn(value: ts.Node, checker: ts.TypeChecker): readonly Lack[] {
  const ts = typescript();
  if (ts.isArrayLiteralExpression(value))
    return value.elements.flatMap((element) => lacksIn(unwrapped(element), checker));
  if (!ts.isObjectLiteralExpression(value)) return [];
  const lack = lackOf(value, checker);
  if (lack !== null) return [lack];
  return value.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) ? lacksIn(unwrapped(property.initializer), checker) : [],
  );
}

function lackOf(object: ts.ObjectLiteralExpression, checker: ts.TypeChecker): Lack | null {
  const type = checker.getContextualType(object);
  if (type === undefined) return null;
  const given = new Set(
    checker
      .getTypeAtLocation(object)
      .getProperties()
      .map(({ name }) => name),
  );
  const meant = membersOf(type).filter((member) => couldBe(object, member, checker));
  const missing = meant.map((member) => required(member, checker).filter(({ name }) => !given.has(name)));
  const [first] = missing;
  if (first === undefined || missing.some(({ length }) => length === 0)) return null;
  const common = first.filter(({ name }) => missing.every((some) => some.some((one) => one.name === name)));
  if (common.length > 0) return { object, names: common, oneOf: false };
  const any = new Map(missing.flatMap((some) => some.slice(0, 1)).map((one) => [one.name, one]));
  return { object, names: [...any.values()], oneOf: true };
}

/** The object types of a union, without `undefined` and what is no object. */
function membersOf(type: ts.Type): readonly ts.Type[] {
  const ts = typescript();
  const members = type.isUnion() ? type.types : [type];
  return members.filter(({ flags }) => (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0);
}

function required(type: ts.Type, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const ts = typescript();
  if (checker.isArrayType(type) || checker.isTupleType(type)) return [];
  return checker
    .getPropertiesOfType(type)
    .filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0)
    .filter(({ name }) => /^[A-Za-z]/.test(name));
}

/** Whether nothing that the literal says of itself (`kind: "block"`) is against the type. */
function couldBe(object: ts.ObjectLiteralExpression, type: ts.Type, checker: ts.TypeChecker): boolean {
  const ts = typescript();
  return object.properties.every((property) => {
    if (!ts.isPropertyAssignment(property)) return true;
    const value = unwrapped(property.initializer);
    if (!ts.isStringLiteralLike(value)) return true;
    const symbol = type.getProperty(textOf(property.name) ?? "");
    if (symbol === undefined) return true;
    const wanted = checker.getTypeOfSymbolAtLocation(symbol, object);
    const all = wanted.isUnion() ? wanted.types : [wanted];
    return all.some((one) => !one.isStringLiteral() || one.value === value.text);
  });
}

function tell({ object, names, oneOf }: Lack, checker: ts.TypeChecker): Diagnostic {
  const subject = subjectOf(object);
  const words = names.map(({ name }) => name);
  const message = oneOf
    ? `${subject} has none of ${words.join(", ")}`
    : `${subject} has ${words.map((name) => `no ${name}`).join(" and ")}`;
  const help = names.map((symbol) => helpFor(symbol, checker)).join(oneOf ? "; or " : "; ");
  return codes.missing(placeOf(object), message, help);
}

function helpFor(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const ts = typescript();
  const declared = symbol.declarations?.[0];
  let owner: ts.Node | undefined = declared?.parent;
  while (owner !== undefined && !ts.isInterfaceDeclaration(owner) && !ts.isTypeAliasDeclaration(owner))
    owner = owner.parent;
  const example = propertyExample(owner?.name.text ?? null, symbol.name) ?? `${symbol.name}: …`;
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ");
  const sentence = /^.*?(?=\.(?: |$)|:? ?$)/.exec(text)?.[0] ?? "";
  return `write ${example}${sentence === "" ? "" : ` (${sentence})`}`;
}

/** Where to look: the name of a detection or a bundle, the property that holds the object, or its brace. */
function placeOf(object: ts.ObjectLiteralExpression): ReturnType<typeof spanOfNode> {
  const ts = typescript();
  const file = object.getSourceFile();
  const own = propertyOf(object, "name") ?? propertyOf(object, "kind");
  if (own !== undefined) return spanOfNode(own);
  if (ts.isPropertyAssignment(object.parent)) return spanOfNode(object.parent.name);
  const start = object.getStart(file);
  return spanOfRange(file, start, start + 1);
}
