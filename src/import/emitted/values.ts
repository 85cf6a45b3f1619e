/** Values of a manifest's `declared`, as `defineBundle` got them (compiler/declared.ts). */
import type { ts } from "ts-morph";
import { typescript } from "../../compiler/load/typescript.js";
import type { DraftFunctions } from "../draft.js";
import { isIdentifier, stringLiteral } from "../writer/text.js";

/** The manifest holds something that no build wrote. */
export class Malformed extends Error {}

/** Makes values of JSON, and TypeScript of what JSON has not. Nothing of the manifest runs. */
export class DeclaredValues {
  readonly #texts = new Map<object, string>();
  readonly #constants = new Map<string, string>();
  readonly #imports = new Set<string>();
  /** Lists with the same content are one. */
  readonly #lists = new Map<string, object>();

  get functions(): DraftFunctions {
    return {
      texts: this.#texts,
      constants: [...this.#constants].map(([name, text]) => ({ name, text })),
      imports: [...this.#imports],
    };
  }

  get hasFunctions(): boolean {
    return this.#texts.size > 0;
  }

  /** @throws {Malformed} */
  value(plain: unknown): unknown {
    if (Array.isArray(plain)) return plain.map((one) => this.value(one));
    if (!isRecord(plain)) return plain;
    if ("$function" in plain) {
      const made = (): never => {
        throw new Error("bug in zopf: a function of a manifest was called");
      };
      this.#texts.set(made, this.#functionText(plain.$function));
      return made;
    }
    const isList = typeof plain.name === "string" && "entries" in plain && Object.keys(plain).length === 2;
    const key = isList ? JSON.stringify(plain) : "";
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const made = Object.fromEntries(
      Object.entries(plain).map(([name, held]) => [unescaped(name), this.value(held)]),
    );
    if (isList) this.#lists.set(key, made);
    return made;
  }

  /** A value as TypeScript: what stands for a name around a function. */
  #text(plain: unknown): string {
    if (typeof plain === "string") return stringLiteral(plain);
    if (plain === null || typeof plain === "boolean" || typeof plain === "number") return String(plain);
    if (Array.isArray(plain)) return `[${plain.map((one) => this.#text(one)).join(", ")}]`;
    if (!isRecord(plain)) throw new Malformed("a value is none of JSON's");
    if ("$function" in plain) return this.#functionText(plain.$function);
    if ("$zopf" in plain) return this.#import(plain.$zopf);
    if ("$zeek" in plain) return this.#zeekText(plain.$zeek);
    if ("$set" in plain) return `new Set(${this.#text(plain.$set)})`;
    if ("$regexp" in plain) {
      const [source, flags] = Array.isArray(plain.$regexp) ? plain.$regexp : [];
      return `new RegExp(${this.#text(source)}, ${this.#text(flags)})`;
    }
    const properties = Object.entries(plain).map(
      ([name, held]) => `[${stringLiteral(unescaped(name))}]: ${this.#text(held)}`,
    );
    return `{ ${properties.join(", ")} }`;
  }

  #import(name: unknown): string {
    if (typeof name !== "string" || !isIdentifier(name))
      throw new Malformed("an export of zopf's has no name");
    this.#imports.add(name);
    return name;
  }

  #zeekText(made: unknown): string {
    const [type, value] = Array.isArray(made) ? made : [];
    if (type === "interval" && typeof value === "number")
      return `${this.#import("duration")}("${value} sec")`;
    if ((type === "addr" || type === "subnet" || type === "port") && typeof value === "string")
      return `${this.#import(type)}(${stringLiteral(value)})`;
    throw new Malformed("a constant of Zeek's has no type");
  }

  /** An arrow function. Names around it are constants of the file; where two mean different things, its own. */
  #functionText(made: unknown): string {
    if (!isRecord(made) || typeof made.parameters !== "string" || typeof made.body !== "string")
      throw new Malformed("a function has no text");
    const types = Array.isArray(made.types) ? made.types : [];
    for (const name of types) this.#imports.add(`type ${this.#typeName(name)}`);
    const text = arrow(made.parameters, made.body);
    const own: [string, string][] = [];
    for (const [name, plain] of Object.entries(isRecord(made.names) ? made.names : {})) {
      if (!isIdentifier(name)) throw new Malformed("a name around a function is none");
      const value = this.#text(plain);
      if (value === name && this.#imports.has(name)) continue;
      const known = this.#constants.get(name);
      if (known !== undefined && known !== value) own.push([name, value]);
      else if (!this.#imports.has(name)) this.#constants.set(name, value);
      else own.push([name, value]);
    }
    if (own.length === 0) return text;
    return `((${own.map(([name]) => name).join(", ")}) => ${text})(${own.map(([, value]) => value).join(", ")})`;
  }

  #typeName(name: unknown): string {
    if (typeof name !== "string" || !isIdentifier(name)) throw new Malformed("a type has no name");
    return name;
  }
}

/** `(parameters) => body`, and nothing else: a manifest is a text that anybody may have changed. */
function arrow(parameters: string, body: string): string {
  const ts = typescript();
  const text = `(${parameters}) => ${body}`;
  const file = ts.createSourceFile("f.ts", `(${text});`, ts.ScriptTarget.Latest, true);
  const [statement, ...more] = file.statements;
  const outer =
    statement !== undefined && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  const inner = outer !== undefined && ts.isParenthesizedExpression(outer) ? outer.expression : undefined;
  const whole = inner?.getText() === text && more.length === 0;
  if (!whole || inner === undefined || !ts.isArrowFunction(inner) || hasErrors(file))
    throw new Malformed("a function is not one arrow function");
  return text;
}

function hasErrors(file: ts.SourceFile): boolean {
  const found: unknown = Reflect.get(file, "parseDiagnostics");
  return Array.isArray(found) && found.length > 0;
}

/** A key that began with `$` got one more. */
function unescaped(name: string): string {
  if (!name.startsWith("$")) return name;
  if (!name.startsWith("$$")) throw new Malformed(`${name} stands for nothing that is known`);
  return name.slice(1);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
