import { types } from "node:util";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";

/** Where a bundle's values stand in the user's source; the loader knows. */
export interface Locator {
  locate(value: object, ...path: (string | number)[]): Span;
}

/** Where something of the bundle is written, and how it is called: `detections[0].rule.level`. */
export interface SourceRange {
  readonly label: string;
  readonly span: () => Span;
}

/** What all fields of one bundle share. */
interface Source {
  readonly locator: Locator;
  readonly diagnostics: Diagnostic[];
  /** Where each declaration was read. */
  readonly places: Places;
  /** The detection that the value belongs to. */
  readonly detection?: Field;
}

/** One value of the bundle as it was found, together with its place. */
export class Field implements SourceRange {
  readonly value: unknown;
  readonly label: string;
  readonly span: () => Span;
  readonly #source: Source;

  constructor(source: Source, value: unknown, label: string, locate: () => Span) {
    this.value = value;
    this.label = label;
    this.#source = source;
    this.span = locate;
  }

  /** Reports what is wrong here; always null, to be returned in turn. */
  report(found: Diagnostic): null {
    this.#source.diagnostics.push(found);
    return null;
  }

  /** Reports that the value is not what was expected; always null. */
  refuse(expected: string, found = describe(this.value)): null {
    return this.report(codes.shape(this.span(), `${this.label} must be ${expected}, not ${found}`));
  }

  /** Remembers that this declaration was read here. */
  declare<Declared extends object>(declared: Declared): Declared {
    this.#source.places.remember(declared, this);
    return declared;
  }

  /** Another value in the place of this one, made by zopf: all that is in it stands where this one is written. */
  standIn(value: object): Field {
    const { span, label } = this;
    const locator: Locator = { locate: span };
    return new Field({ ...this.#source, locator }, value, label, span);
  }

  /** The same, as a detection: what is in it may ask what its rule accepts. */
  asDetection(): Field {
    return new Field({ ...this.#source, detection: this }, this.value, this.label, this.span);
  }

  /** Is the finding of lint named in `accept` of the detection's rule? */
  accepts(code: string): boolean {
    const codes = this.#source.detection?.child("rule").child("accept").value;
    return Array.isArray(codes) && codes.includes(code);
  }

  /** The place of a property, whether or not it is there: an absent one has the place of its holder. */
  place(key: string | number): SourceRange {
    const holder = this.value;
    const label =
      typeof key === "number"
        ? `${this.label}[${key}]`
        : this.label === bundleLabel
          ? key
          : `${this.label}.${key}`;
    return {
      label,
      span: () => (isObject(holder) ? this.#source.locator.locate(holder, key) : this.span()),
    };
  }

  /** A property of an object or an element of a list; the value of an absent one is undefined. */
  child(key: string | number): Field {
    const { label, span } = this.place(key);
    const found = (value: unknown): Field => new Field(this.#source, value, label, span);
    let value: unknown;
    try {
      value = isObject(this.value) ? Reflect.get(this.value, key) : undefined;
    } catch {
      this.report(codes.shape(span(), `${label} throws when it is read`, plainValues));
      return found(undefined);
    }
    return found(value).plain() ? found(value) : found(undefined);
  }

  /** False, with a diagnostic, for a Proxy: it may be something else at each look. */
  plain(): boolean {
    if (!types.isProxy(this.value)) return true;
    this.report(codes.shape(this.span(), `${this.label} is a Proxy`, plainValues));
    return false;
  }
}

const bundleLabel = "bundle";
const plainValues = "a bundle is made of plain values: strings, numbers, lists, objects, arrow functions";

/** The bundle as a whole. */
export function rootField(
  value: unknown,
  locator: Locator,
  diagnostics: Diagnostic[],
  places = new Places(),
): Field {
  const nowhere: Span = { file: "", line: 1, column: 1 };
  return new Field({ locator, diagnostics, places }, value, bundleLabel, () =>
    isObject(value) ? locator.locate(value) : nowhere,
  );
}

/** Names of the properties that a declaration has, or one of a union; of `exactlyOne` that of the one. */
type KeyOf<T> = T extends readonly unknown[]
  ? number
  : T extends { readonly kind: infer Kind extends string; readonly value: unknown }
    ? Kind | keyof T
    : keyof T;

/** Where declarations were read, so that every later complaint is made where the user wrote the thing. */
export class Places {
  readonly #fields = new WeakMap<object, Field>();

  remember(declared: object, field: Field): void {
    this.#fields.set(declared, field);
  }

  /** The place of a declaration itself. */
  of(declared: object): SourceRange {
    return this.#field(declared);
  }

  /** The place of a property of a declaration, or of an element of a list; of an absent one its holder's. */
  at<T extends object>(declared: T, key: KeyOf<T> & (string | number)): SourceRange {
    return this.#field(declared).place(key);
  }

  #field(declared: object): Field {
    const field = this.#fields.get(declared);
    if (field === undefined) throw new Error("bug in zopf: a declaration that was not decoded");
    return field;
  }
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A value in the words of a message; runs nothing of the bundle's. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "string")
    return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}
