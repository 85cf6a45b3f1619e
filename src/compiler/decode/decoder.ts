import { nearestName } from "../../diagnostics/near-names.js";
import { codes } from "../codes.js";
import { describe, type Field, isObject } from "./field.js";

/**
 * Reads one value of the bundle: what it stands for, or null when something about its shape was reported.
 *
 * A decoder judges a value by itself: its type, its properties, whether it is in a closed set or a range. What
 * needs another value to be judged is left to link and policy. Nothing is filled in for what is missing.
 *
 * @typeParam Out - the declaration
 * @typeParam In - what a bundle may write there
 */
export interface Decoder<Out, In = Out> {
  (field: Field): Out | null;
  /** Never there: a place for the type alone. */
  readonly accepts?: (value: In) => void;
}

/** `decoder satisfies Accepts<Rule>`: tsc refuses it as soon as the DSL allows what the decoder does not. */
export type Accepts<In> = Decoder<unknown, In>;

type AnyDecoder = Decoder<unknown, never>;
export type Output<D> = D extends Decoder<infer Out, never> ? Out : never;
export type Input<D> = D extends { readonly accepts?: (value: infer In) => void } ? In : never;

/** A property that may be left out. */
export interface Optional<D> {
  readonly optional: D;
}

export function optional<D extends AnyDecoder>(decoder: D): Optional<D> {
  return { optional: decoder };
}

type Property = AnyDecoder | Optional<AnyDecoder>;
export type Shape = Readonly<Record<string, Property>>;

type Required<S extends Shape> = { [K in keyof S]: S[K] extends AnyDecoder ? K : never }[keyof S];
type Decodes<P> = P extends Optional<infer D> ? D : P;
type Flat<T> = { readonly [K in keyof T]: T[K] };
type OutputOf<S extends Shape> = Flat<
  { [K in Required<S>]: Output<S[K]> } & { [K in Exclude<keyof S, Required<S>>]?: Output<Decodes<S[K]>> }
>;
type InputOf<S extends Shape> = Flat<
  { [K in Required<S>]: Input<S[K]> } & { [K in Exclude<keyof S, Required<S>>]?: Input<Decodes<S[K]>> }
>;

/** The decoder of an object. */
export interface ObjectDecoder<Out, In = Out> extends Decoder<Out, In> {
  /** The values that a property can have, where they are a closed set of strings; else none. */
  readonly literals: (key: string) => readonly string[];
  readonly mayLack: (key: string) => boolean;
}

/** An object of these properties and no others. */
export function object<S extends Shape>(shape: S): ObjectDecoder<OutputOf<S>, InputOf<S>>;
export function object(shape: Shape): ObjectDecoder<unknown, never> {
  const names = Object.keys(shape);
  const properties = Object.entries(shape).map(
    ([key, property]) =>
      ({ key, decodeValue: decoderOf(property), mayBeAbsent: isOptional(property) }) as const,
  );
  const decode = (field: Field): unknown => {
    const { value } = field;
    if (!isRecord(value)) return field.refuse("an object");
    const unknown = reportUnknown(field, value, names);
    const made: Record<string, unknown> = {};
    let whole = unknown.none;
    for (const { key, decodeValue, mayBeAbsent } of properties) {
      // What is there under a misspelt name is reported once.
      const isFree = mayBeAbsent || unknown.meant.has(key);
      if (isFree && !(key in value)) continue;
      const below = field.child(key);
      if (isFree && below.value === undefined) continue;
      const decoded = decodeValue(below);
      if (decoded === null) whole = false;
      else made[key] = decoded;
    }
    return whole ? field.declare(made) : null;
  };
  const literals = (key: string): readonly string[] => {
    const property = shape[key];
    return property === undefined ? [] : (closedSets.get(decoderOf(property)) ?? []);
  };
  const mayLack = (key: string): boolean => {
    const property = shape[key];
    return property !== undefined && isOptional(property);
  };
  return Object.assign(decode, { literals, mayLack });
}

/** The decoder of a property, whether or not the property may be left out. */
function decoderOf(property: Property): AnyDecoder {
  return isOptional(property) ? property.optional : property;
}

function isOptional(property: Property): property is Optional<AnyDecoder> {
  return "optional" in property;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reports every property that is none of the known; returns those that a misspelt one most likely stands for. */
function reportUnknown(
  field: Field,
  value: object,
  names: readonly string[],
): { readonly none: boolean; readonly meant: ReadonlySet<string> } {
  const present = Object.keys(value);
  const unknown = present.filter((key) => !names.includes(key));
  const meant = new Set<string>();
  for (const key of unknown) {
    const free = names.filter((name) => !present.includes(name));
    const suggestion = nearestName(key, free);
    if (suggestion !== null) meant.add(suggestion);
    const { label, span } = field.place(key);
    field.report(
      codes.unknownProperty(
        span(),
        `${label.slice(0, 200)}: there is no property ${JSON.stringify(key.slice(0, 60))} here`,
        suggestion === null ? `there are: ${names.join(", ")}` : `did you mean "${suggestion}"?`,
      ),
    );
  }
  return { none: unknown.length === 0, meant };
}

/**
 * One of several objects, told apart by the property `key`. Where it is absent it is the first one, if that may
 * do without.
 */
export function variants<V extends readonly ObjectDecoder<unknown, never>[]>(
  key: string,
  ...all: V
): ObjectDecoder<Output<V[number]>, Input<V[number]>>;
export function variants(
  key: string,
  ...all: readonly ObjectDecoder<unknown, never>[]
): ObjectDecoder<unknown, never> {
  const literals = (other: string): readonly string[] => [
    ...new Set(all.flatMap((one) => one.literals(other))),
  ];
  const decode = (field: Field): unknown => {
    if (!isRecord(field.value)) return field.refuse("an object");
    const tag = field.child(key);
    const chosen =
      tag.value === undefined
        ? all.find((one) => one.mayLack(key))
        : all.find((one) => one.literals(key).some((literal) => literal === tag.value));
    return chosen === undefined ? refuseChoice(tag, literals(key)) : chosen(field);
  };
  return Object.assign(decode, {
    literals,
    mayLack: (other: string) => all.some((one) => one.mayLack(other)),
  });
}

/** The closed sets of strings that decoders take. */
const closedSets = new WeakMap<object, readonly string[]>();

/** One of a closed set of strings. */
export function oneOf<const T extends string>(...choices: readonly T[]): Decoder<T> {
  const decode = (field: Field): T | null =>
    choices.find((choice) => choice === field.value) ?? refuseChoice(field, choices);
  closedSets.set(decode, choices);
  return decode;
}

function refuseChoice(field: Field, choices: readonly string[]): null {
  const near = typeof field.value === "string" ? nearestName(field.value, choices) : null;
  const known = choices.map((choice) => JSON.stringify(choice)).join(", ");
  return field.report(
    codes.shape(
      field.span(),
      `${field.label} must be one of ${known}, not ${describe(field.value)}`,
      near === null ? undefined : `did you mean "${near}"?`,
    ),
  );
}

/**
 * An object with exactly one of these properties, as `{ sliding: "1 min" }`: which one it is, and its value, whose
 * place is that of the property in the bundle.
 *
 * @param also - properties that may stand beside any of them
 */
export function exactlyOne<S extends Readonly<Record<string, AnyDecoder>>, A extends Shape>(
  expected: string,
  shape: S,
  also: A,
): Decoder<
  { [K in keyof S]: { readonly kind: K; readonly value: Output<S[K]> } & OutputOf<A> }[keyof S],
  { [K in keyof S]: { readonly [_ in K]: Input<S[K]> } & InputOf<A> }[keyof S]
>;
export function exactlyOne(
  expected: string,
  shape: Readonly<Record<string, AnyDecoder>>,
  also: Shape,
): AnyDecoder {
  const names = Object.keys(shape);
  const all = object({
    ...Object.fromEntries(Object.entries(shape).map(([name, decode]) => [name, optional(decode)])),
    ...also,
  });
  return (field) => {
    if (!isRecord(field.value)) return field.refuse(expected);
    const decoded = all(field);
    if (!isObject(decoded)) return null;
    const [kind, ...more] = names.filter((name) => Object.hasOwn(decoded, name));
    if (kind === undefined) return field.refuse(expected);
    if (more.length > 0) return field.refuse(expected, `${[kind, ...more].join(" and ")} together`);
    const { [kind]: value, ...rest } = { ...decoded } as const;
    return field.declare({ kind, value, ...rest });
  };
}

/** What `typeof` says, with lists apart from other objects. */
type TypeName = "string" | "number" | "list" | "object";

/** One decoder for each type that a value may have. */
export function byType<S extends Readonly<Partial<Record<TypeName, AnyDecoder>>>>(
  expected: string,
  cases: S,
): Decoder<Output<S[keyof S]>, Input<S[keyof S]>>;
export function byType(expected: string, cases: Readonly<Partial<Record<TypeName, AnyDecoder>>>): AnyDecoder {
  return (field) => {
    const type = typeName(field.value);
    const decode = type === null ? undefined : cases[type];
    return decode === undefined ? field.refuse(expected) : decode(field);
  };
}

function typeName(value: unknown): TypeName | null {
  const name = typeof value;
  if (name === "string" || name === "number") return name;
  if (Array.isArray(value)) return "list";
  return isRecord(value) ? "object" : null;
}

/** More entries than any list of a bundle has; a sparse array may claim 4 billion. */
const longestList = 1_000_000;

/** A list of these, each with its own place; `expected` is reported where it has less or more entries than allowed. */
export function list<Out, In>(
  decode: Decoder<Out, In>,
  size: { readonly least?: number; readonly most: number; readonly expected: string } | null = null,
): Decoder<readonly Out[], readonly In[]> {
  return (field) => {
    const { value } = field;
    if (!Array.isArray(value)) return field.refuse("a list");
    const { length } = value;
    if (length > longestList)
      return field.report(
        codes.shape(field.span(), `${field.label} has ${length} entries; ${longestList} is the most`),
      );
    if (size !== null && (length < (size.least ?? 0) || length > size.most))
      return field.refuse(size.expected);
    const entries = Array.from({ length }, (_, index) => decode(field.child(index)));
    const whole = entries.filter((entry) => entry !== null);
    return whole.length === length ? field.declare(whole) : null;
  };
}

/** An object whose names are the bundle's own; `refuseName` reports a name that cannot be used, and says so. */
export function record<Out, In>(
  decode: Decoder<Out, In>,
  refuseName: (name: string, field: Field) => boolean = () => false,
): Decoder<Readonly<Record<string, Out>>, Readonly<Record<string, In>>> {
  return (field) => {
    const { value } = field;
    if (!isRecord(value)) return field.refuse("an object");
    const names = Object.keys(value);
    const entries = names.flatMap((name) => {
      const below = field.child(name);
      const decoded = decode(below);
      return refuseName(name, below) || decoded === null ? [] : [[name, decoded] as const];
    });
    return entries.length === names.length ? field.declare(Object.fromEntries(entries)) : null;
  };
}

/** The same where a name without a value counts as absent. */
export function partialRecord<Out, In>(
  decode: Decoder<Out, In>,
): Decoder<Readonly<Record<string, Out>>, { readonly [name: string]: In | undefined }> {
  const absent = Symbol("absent");
  const all = record<Out | typeof absent, In | undefined>((field) =>
    field.value === undefined ? absent : decode(field),
  );
  return refined(all, (found) =>
    Object.fromEntries(
      Object.entries(found).flatMap(([name, value]) => (value === absent ? [] : [[name, value] as const])),
    ),
  );
}

/** What the decoder reads, judged or turned into something else. */
export function refined<Out, In, Value>(
  decoder: Decoder<Value, In>,
  refine: (value: Value, field: Field) => Out | null,
): Decoder<Out, In> {
  return (field) => {
    const value = decoder(field);
    if (value === null) return null;
    const out = refine(value, field);
    return isObject(out) ? field.declare(out) : out;
  };
}

export const text: Decoder<string> = (field) =>
  typeof field.value === "string" ? field.value : field.refuse("a string");

export const flag: Decoder<boolean> = (field) =>
  typeof field.value === "boolean" ? field.value : field.refuse("true or false");

/** What can be switched on, and not off. */
export const yes: Decoder<true> = (field) => field.value === true || field.refuse("true, or left out");

export const number: Decoder<number> = (field) =>
  typeof field.value === "number" ? field.value : field.refuse("a number");

/** A function of the bundle; what it takes and gives is known when it is compiled. */
export type BundleFunction = (...input: never[]) => unknown;

export const func: Decoder<BundleFunction> = (field) =>
  isFunction(field.value) ? field.value : field.refuse("an arrow function");

function isFunction(value: unknown): value is BundleFunction {
  return typeof value === "function";
}
