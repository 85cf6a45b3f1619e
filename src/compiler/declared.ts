/**
 * What `defineBundle` got, as JSON: for the manifest, so that `zopf import` gives the bundle back. Functions are kept as
 * their TypeScript, with the values of the names around them.
 */
import type { ts } from "ts-morph";
import { type ZeekMark, zeekMark } from "../dsl/zeek-values.js";
import { isOwn } from "./load/module-resolver.js";
import type { LoadedBundle, TaggedFunction } from "./load/types.js";
import { typescript } from "./load/typescript.js";

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Deeper than any bundle; what refers to itself ends here. */
const deepest = 40;

/**
 * Objects with one key that begins with `$` stand for what JSON has not: `$function`, `$zopf` (an export of zopf's),
 * `$zeek` (a constant of Zeek's), `$set`, `$regexp`. Other keys that begin so get one `$` more. null: the bundle holds
 * something that none of these is.
 */
export function declaredOf({ value, sourceOf, exportName }: LoadedBundle): Plain | null {
  const known = new Map<unknown, Plain>();

  function plain(value: unknown, depth: number): Plain | undefined {
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : undefined;
    if ((typeof value !== "object" && typeof value !== "function") || depth > deepest) return undefined;
    const before = known.get(value);
    if (before !== undefined) return before;
    const made = compound(value, depth + 1);
    if (made !== undefined) known.set(value, made);
    return made;
  }

  function compound(value: object, depth: number): Plain | undefined {
    const exported = exportName?.(value) ?? null;
    if (exported !== null) return { $zopf: exported };
    const mark: ZeekMark | undefined = zeekMark(value);
    if (mark !== undefined) return mark.kind === "constant" ? { $zeek: [mark.type, mark.value] } : undefined;
    if (typeof value === "function") {
      const source = sourceOf(value);
      return source === null ? undefined : functionOf(source, depth);
    }
    if (Array.isArray(value)) return listOf(value, depth);
    if (value instanceof RegExp) return { $regexp: [value.source, value.flags] };
    if (value instanceof Set) {
      const elements = listOf([...value], depth);
      return elements === undefined ? undefined : { $set: elements };
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null ? recordOf(value, depth) : undefined;
  }

  function listOf(values: readonly unknown[], depth: number): readonly Plain[] | undefined {
    const found: Plain[] = [];
    for (const one of values) {
      const made = plain(one, depth);
      if (made === undefined) return undefined;
      found.push(made);
    }
    return found;
  }

  function recordOf(value: object, depth: number): Plain | undefined {
    const found: [string, Plain][] = [];
    for (const [key, held] of Object.entries(value)) {
      if (held === undefined) continue;
      const made = plain(held, depth);
      if (made === undefined) return undefined;
      found.push([key.startsWith("$") ? `$${key}` : key, made]);
    }
    return Object.fromEntries(found);
  }

  function functionOf(source: TaggedFunction, depth: number): Plain | undefined {
    const { node, captured, environment } = source;
    const types = typesOf(source);
    if (node.body === undefined || types === null) return undefined;
    const names: [string, Plain][] = [];
    for (const name of [...captured].sort()) {
      const made = plain(environment(name), depth);
      if (made === undefined) return undefined;
      names.push([name, made]);
    }
    const parameters = node.parameters.map((parameter) => parameter.getText()).join(", ");
    return { $function: { parameters, body: node.body.getText(), names: Object.fromEntries(names), types } };
  }

  return plain(value, 0) ?? null;
}

/** The types of zopf's that a function names; null: it names one of the bundle's own. */
function typesOf({ node, checker }: TaggedFunction): readonly string[] | null {
  const ts = typescript();
  const found = new Set<string>();
  let own = false;
  const visit = (at: ts.Node): void => {
    if (ts.isTypeReferenceNode(at)) {
      const origin = originOf(at.typeName, checker);
      if (origin === "zopf") found.add(at.typeName.getText());
      else if (origin === "bundle") own = true;
    } else if (ts.isTypeQueryNode(at) || ts.isImportTypeNode(at)) own = true;
    ts.forEachChild(at, visit);
  };
  ts.forEachChild(node, visit);
  return own ? null : [...found].sort();
}

function originOf(name: ts.EntityName, checker: ts.TypeChecker): "zopf" | "bundle" | "language" {
  const ts = typescript();
  if (!ts.isIdentifier(name)) return "bundle";
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol === undefined) return "bundle";
  const target = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
  const file = target.declarations?.[0]?.getSourceFile();
  // `as const` names no declaration.
  if (file === undefined) return name.text === "const" ? "language" : "bundle";
  if (isOwn(file.fileName)) return target.name === name.text ? "zopf" : "bundle";
  return file.hasNoDefaultLib || /\/lib\.[a-z0-9.]*d\.ts$/.test(file.fileName) ? "language" : "bundle";
}
