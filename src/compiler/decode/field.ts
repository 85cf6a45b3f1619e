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
  readonly #source: Source;
  readonly #place: SourceRange;

  constructor(source: Source, value: unknown, place: SourceRange) {
    this.value = value;
    this.#source = source;
    this.#place = place;
  }

  get label(): string {
    return this.#place.label;
  }

  get span(): () => Span {
    return this.#place.span;
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
    return new Field({ ...this.#source, locator }, value, { label, span });
  }

  /** The same, as a detection: what is in it may ask what its rule accepts. */
  asDetection(): Field {
    return new Field({ ...this.#source, detection: this }, this.value, this.#place);
  }

  /** Is the finding of lint named in `accept` of the detection's rule? */
  accepts(code: string): boolean {
    const codes = this.#source.detection?.child("rule").child("accept").value;
    return Array.isArray(codes) && codes.includes(code);
  }

  /** The place of a property, whether or not it is there: an absent one has the place of its holder. */
  place(key: string | number): SourceRange {
    return new PropertyPlace(this.#source.locator, this, key);
  }

  /** A property of an object or an element of a list; the value of an absent one is undefined. */
  child(key: string | number): Field {
    const place = this.place(key);
    let value: unknown;
    try {
      value = isObject(this.value) ? Reflect.get(this.value, key) : undefined;
    } catch {
      this.report(codes.shape(place.span(), `${place.label} throws when it is read`, plainValues));
      return new Field(this.#source, undefined, place);
    }
    const found = new Field(this.#source, value, place);
    return found.plain() ? found : new Field(this.#source, undefined, place);
  }

  /** False, with a diagnostic, for a Proxy: it may be something else at each look. */
  plain(): boolean {
    if (!isObject(this.value) || !types.isProxy(this.value)) return true;
    this.report(codes.shape(this.span(), `${this.label} is a Proxy`, plainValues));
    return false;
  }
}

/** The place of a property. Most are never asked for: what they are called is put together when one is. */
class PropertyPlace implements SourceRange {
  readonly #locator: Locator;
  readonly #holder: Field;
  readonly #key: string | number;

  constructor(locator: Locator, holder: Field, key: string | number) {
    this.#locator = locator;
    this.#holder = holder;
    this.#key = key;
  }

  get label(): string {
    const { label } = this.#holder;
    if (typeof this.#key === "number") return `${label}[${this.#key}]`;
    return label === bundleLabel ? this.#key : `${label}.${this.#key}`;
  }

  get span(): () => Span {
    return () => {
      const { value, span } = this.#holder;
      return isObject(value) ? this.#locator.locate(value, this.#key) : span();
    };
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
  return new Field({ locator, diagnostics, places }, value, {
    label: bundleLabel,
    span: () => (isObject(value) ? locator.locate(value) : nowhere),
  });
}

/** Names of the properties that a declaration has, or one of a union; of `exactlyOne` that of the one. */
type KeyOf<T> = T extends readonly unknown[]
  ? number
  : T extends { readonly kind: infer Kind extends string; readonly value: unknown }
    ? Kind | keyof T
    : keyof T;

/** Where declarations were read, so that every later complaint is made where the user wrote the thing. */
export class Places {
  readonly #fields = new Map<object, Field>();

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
