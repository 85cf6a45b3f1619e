import { types } from "node:util";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { codes } from "./codes.js";

/** Where a bundle's values stand in the user's source; the loader knows. */
export interface Locator {
  locate(value: object, ...path: (string | number)[]): Span;
}

/** One value of the bundle together with its place, so that every complaint is made where it was written. */
export interface Field {
  readonly value: unknown;
  /** `detections[0].rule.level` */
  readonly label: string;
  span(): Span;
}

export interface LinkContext {
  readonly locator: Locator;
  readonly diagnostics: Diagnostic[];
}

export function rootField(context: LinkContext, value: object): Field {
  return { value, label: "bundle", span: () => context.locator.locate(value) };
}

/** The property `key` of an object or array; absent ones have the value undefined and the holder's place. */
export function child(context: LinkContext, field: Field, key: string | number): Field {
  const holder = field.value;
  const known = isObject(holder);
  const label =
    typeof key === "number"
      ? `${field.label}[${key}]`
      : field.label === "bundle"
        ? key
        : `${field.label}.${key}`;
  const span = (): Span => (known ? context.locator.locate(holder, key) : field.span());
  return { value: known ? readProperty(context, holder, key, { label, span }) : undefined, label, span };
}

/** A property as it is now; what would run the bundle's code again at every look becomes a diagnostic. */
function readProperty(
  context: LinkContext,
  holder: object,
  key: string | number,
  field: Omit<Field, "value">,
): unknown {
  let value: unknown;
  try {
    value = Reflect.get(holder, key);
  } catch {
    tellOnce(context, codes.shape(field.span(), `${field.label} throws when it is read`, plainValues));
    return undefined;
  }
  return isPlain(context, value, field) ? value : undefined;
}

const plainValues = "a bundle is made of plain values: strings, numbers, lists, objects, arrow functions";

/** False, with a diagnostic, for a Proxy: it may be something else at each look. */
export function isPlain(context: LinkContext, value: unknown, field: Omit<Field, "value">): boolean {
  if (!types.isProxy(value)) return true;
  tellOnce(context, codes.shape(field.span(), `${field.label} is a Proxy`, plainValues));
  return false;
}

/** Fields are read more than once; what is wrong with reading one is told once. */
function tellOnce({ diagnostics }: LinkContext, found: Diagnostic): void {
  const told = diagnostics.some(
    ({ message, line, column }) =>
      message === found.message && line === found.line && column === found.column,
  );
  if (!told) diagnostics.push(found);
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A value in the words of a message; runs nothing of the bundle's. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string")
    return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}

/** Reports that `field` is not what was expected; always returns null, to be returned in turn. */
export function wrongShape(context: LinkContext, field: Field, expected: string): null {
  context.diagnostics.push(
    codes.shape(field.span(), `${field.label} must be ${expected}, not ${describe(field.value)}`),
  );
  return null;
}

export function readString(context: LinkContext, field: Field): string | null {
  return typeof field.value === "string" ? field.value : wrongShape(context, field, "a string");
}

export function readBoolean(context: LinkContext, field: Field, absent: boolean): boolean {
  if (field.value === undefined) return absent;
  if (typeof field.value === "boolean") return field.value;
  wrongShape(context, field, "true or false");
  return absent;
}

export function readFunction(context: LinkContext, field: Field): ((...input: never[]) => unknown) | null {
  return isFunction(field.value) ? field.value : wrongShape(context, field, "an arrow function");
}

function isFunction(value: unknown): value is (...input: never[]) => unknown {
  return typeof value === "function";
}

export function readObject(context: LinkContext, field: Field): object | null {
  return typeof field.value === "object" && field.value !== null && !Array.isArray(field.value)
    ? field.value
    : wrongShape(context, field, "an object");
}

/** More entries than any list of a bundle has; a sparse array may claim 4 billion. */
const longestList = 1_000_000;

/** The elements of a list, each with its own place. */
export function readList(context: LinkContext, field: Field): readonly Field[] | null {
  if (!Array.isArray(field.value)) return wrongShape(context, field, "a list");
  const { length } = field.value;
  if (length > longestList) {
    context.diagnostics.push(
      codes.shape(field.span(), `${field.label} has ${length} entries; ${longestList} is the most`),
    );
    return null;
  }
  return Array.from({ length }, (_, index) => child(context, field, index));
}

export function readInteger(
  context: LinkContext,
  field: Field,
  range: { readonly least: number; readonly most: number },
): number | null {
  if (typeof field.value !== "number") return wrongShape(context, field, "a number");
  if (Number.isInteger(field.value) && field.value >= range.least && field.value <= range.most)
    return field.value;
  context.diagnostics.push(
    codes.number(
      field.span(),
      `${field.label} is ${field.value}; it must be a whole number from ${range.least} to ${range.most}`,
    ),
  );
  return null;
}

export function readOneOf<const T extends string>(
  context: LinkContext,
  field: Field,
  choices: readonly T[],
  absent?: T,
): T | null {
  if (field.value === undefined && absent !== undefined) return absent;
  const found = choices.find((choice) => choice === field.value);
  return (
    found ??
    wrongShape(context, field, `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`)
  );
}
