import type { ts } from "ts-morph";

/** Tells the value that a captured name has now. */
export type Environment = (name: string) => unknown;

/** A function's source and the current values of the names around it. */
export interface FunctionTag {
  readonly id: number;
  /** Null where it captures nothing. */
  readonly environment: Environment | null;
}

/**
 * What transformed source calls while it runs. The values stay what they are; what is known about them is
 * kept beside them.
 */
export interface Tagger {
  /** A function was made; `name` is what it would be called without the wrapping. */
  readonly f: <T>(value: T, id: number, environment: Environment | null, name?: string) => T;
  /** An object or array literal was evaluated. */
  readonly o: <T>(value: T, id: number) => T;
  /** An object literal's method. */
  readonly m: <T>(value: T, key: string, id: number, environment: Environment | null) => T;
  /** A call returned; its result is tagged unless a literal or an inner call already was. */
  readonly v: <T>(value: T, id: number) => T;
  /** A loop begins one more round. */
  readonly l: (id: number) => void;
}

/** The names of a Tagger's functions, as the transformer writes them. */
export type TagName = keyof Tagger;

/** What one run of a bundle left behind. */
export interface Tags {
  readonly functions: WeakMap<object, FunctionTag>;
  /** Literals and calls: the id of the node that made the value. */
  readonly makers: WeakMap<object, number>;
}

/** The nodes that ids stand for. */
export interface NodeTable {
  readonly nodes: readonly ts.Node[];
  /** Free names of each function node. */
  readonly captured: ReadonlyMap<number, ReadonlySet<string>>;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Makes the tagger of one run; `onLoop` hears of every round of every loop. */
export function createTagger(onLoop: (id: number) => void): { readonly tags: Tags; readonly tagger: Tagger } {
  const functions = new WeakMap<object, FunctionTag>();
  const makers = new WeakMap<object, number>();
  const tagFunction = (value: unknown, id: number, environment: Environment | null): void => {
    if (typeof value === "function" && !functions.has(value)) functions.set(value, { id, environment });
  };
  const tagger: Tagger = {
    f: (value, id, environment, name) => {
      tagFunction(value, id, environment);
      if (name !== undefined && typeof value === "function") {
        Object.defineProperty(value, "name", { value: name, configurable: true });
      }
      return value;
    },
    o: (value, id) => {
      if (isObject(value)) makers.set(value, id);
      return value;
    },
    m: (value, key, id, environment) => {
      if (isObject(value)) tagFunction(Object.getOwnPropertyDescriptor(value, key)?.value, id, environment);
      return value;
    },
    v: (value, id) => {
      if (isObject(value) && !makers.has(value) && !functions.has(value)) makers.set(value, id);
      return value;
    },
    l: onLoop,
  };
  return { tags: { functions, makers }, tagger };
}
