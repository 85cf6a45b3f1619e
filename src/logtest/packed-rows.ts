/** Objects of one shape, made small for keeping: what most of them have in common is there once. */

export interface PackedRows<T extends object> {
  /** For each property the value that most objects have; null: there are no objects. */
  readonly usual: T | null;
  /** What an object has otherwise. */
  readonly rows: readonly Partial<T>[];
}

const keysOf = <T extends object>(object: T): readonly (keyof T & string)[] =>
  Object.keys(object).filter((key): key is keyof T & string => key in object);

/** Texts of values: equal ones have the same. A value that stands in many rows is written once. */
class ValueTexts {
  readonly #texts = new Map<object, string>();

  of(value: unknown): string {
    if (typeof value !== "object" || value === null) return `${typeof value} ${String(value)}`;
    let text = this.#texts.get(value);
    if (text === undefined) {
      text = JSON.stringify(value);
      this.#texts.set(value, text);
    }
    return text;
  }
}

function usualValue<T extends object, K extends keyof T>(
  objects: readonly T[],
  first: T,
  key: K,
  texts: ValueTexts,
): T[K] {
  const counts = new Map<string, number>();
  let usual = first[key];
  let most = 0;
  for (const object of objects) {
    const text = texts.of(object[key]);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    if (count <= most) continue;
    most = count;
    usual = object[key];
  }
  return usual;
}

/** @param objects - plain data, all with the same properties */
export function packRows<T extends object>(objects: readonly T[]): PackedRows<T> {
  const [first] = objects;
  if (first === undefined) return { usual: null, rows: [] };
  const texts = new ValueTexts();
  const keys = keysOf(first);
  const usual = { ...first };
  for (const key of keys) usual[key] = usualValue(objects, first, key, texts);
  const usualTexts = new Map(keys.map((key) => [key, texts.of(usual[key])]));
  const rows = objects.map((object) => {
    const row: Partial<T> = {};
    for (const key of keys) if (texts.of(object[key]) !== usualTexts.get(key)) row[key] = object[key];
    return row;
  });
  return { usual, rows };
}

export function unpackRows<T extends object>({ usual, rows }: PackedRows<T>): readonly T[] {
  return usual === null ? [] : rows.map((row) => ({ ...usual, ...row }));
}
