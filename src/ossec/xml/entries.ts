/**
 * The reader's own list: elements and attributes one after the other, each with its depth. The engine
 * finds children, attributes and variables by walking this list (os_xml), so its oddities are kept.
 */

export type EntryKind = "element" | "attribute" | "variable";

export interface Entry {
  /** `variable`: an element **or attribute** whose name is `var` in any letter case. */
  readonly kind: EntryKind;
  readonly isAttribute: boolean;
  readonly depth: number;
  readonly name: string;
  /** null until the element is closed. */
  value: string | null;
  /** Element: offset of `<`. Attribute: offset of its name. */
  readonly start: number;
  /** Element: behind the `>` of the opening tag. Attribute: behind its name. */
  openEnd: number;
  /** Content or value. */
  valueStart: number;
  valueEnd: number;
  end: number;
}

export function isVariableName(name: string): boolean {
  return name.length === 3 && name.toLowerCase() === "var";
}
