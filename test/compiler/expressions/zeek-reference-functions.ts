import { type Environment, evaluateZeek, type Value, ZeekError } from "./zeek-reference.js";

/**
 * Functions as zopf emits them, in the tests' own evaluator of Zeek: a statement a line, `local`, `if`, `return`
 * and blocks. A name is known from its declaration on and may be declared once in a function, as in Zeek.
 */
export function runZeek(functions: readonly string[], text: string, globals: Environment): Value {
  const known = new Map<string, (args: readonly Value[]) => Value>();
  const constants = Object.fromEntries(Object.entries(globals).filter(([name]) => name.includes("::")));
  for (const source of functions) {
    const [head = "", ...lines] = source.split("\n");
    const [, name = "", parameters = ""] = /^function (\w+)\((.*)\): [\w: ]+$/.exec(head) ?? [];
    if (name === "" || known.has(name)) throw new ZeekError(`syntax error at ${head}`);
    const names = parameters === "" ? [] : parameters.split(", ").map((one) => one.split(": ")[0] ?? "");
    known.set(name, (args) => {
      if (args.length !== names.length) throw new ZeekError(`wrong number of arguments of ${name}`);
      const environment = { ...constants };
      for (const [index, parameter] of names.entries()) {
        const value = args[index];
        if (value !== undefined) environment[parameter] = value;
      }
      const body = new Body(
        lines.map((line) => line.trim()),
        environment,
        known,
      );
      return body.run() ?? noResult(name);
    });
    checkNames(lines, names);
  }
  return evaluateZeek(text, globals, known);
}

function noResult(name: string): never {
  throw new ZeekError(`${name} returns nothing`);
}

/** A name that is declared twice, in whatever blocks, is an error of Zeek's. */
function checkNames(lines: readonly string[], parameters: readonly string[]): void {
  const declared = new Set(parameters);
  for (const line of lines) {
    const name = /^\s*local (\w+):/.exec(line)?.[1];
    if (name === undefined) continue;
    if (declared.has(name)) throw new ZeekError(`"${name}" already defined`);
    declared.add(name);
  }
}

class Body {
  private readonly lines: readonly string[];
  private readonly environment: Record<string, Value>;
  private readonly functions: ReadonlyMap<string, (args: readonly Value[]) => Value>;
  private at = 0;

  constructor(
    lines: readonly string[],
    environment: Record<string, Value>,
    functions: ReadonlyMap<string, (args: readonly Value[]) => Value>,
  ) {
    this.lines = lines;
    this.environment = environment;
    this.functions = functions;
  }

  run(): Value | undefined {
    return this.statement(true);
  }

  private statement(active: boolean): Value | undefined {
    const line = this.lines[this.at++];
    if (line === undefined) throw new ZeekError("syntax error at the end");
    if (line === "{") {
      let result: Value | undefined;
      while (this.lines[this.at] !== "}") {
        const returned = this.statement(active && result === undefined);
        result ??= returned;
      }
      this.at++;
      return result;
    }
    const condition = /^if \( (.*) \)$/s.exec(line)?.[1];
    if (condition !== undefined) return this.statement(active && this.value(condition).v === true);
    const [, name = "", value = ""] = /^local (\w+): [\w: ]+ = (.*);$/s.exec(line) ?? [];
    if (name !== "") {
      if (active) this.environment[name] = this.value(value);
      return undefined;
    }
    const returned = /^return (.*);$/s.exec(line)?.[1];
    if (returned === undefined) throw new ZeekError(`syntax error at ${line}`);
    return active ? this.value(returned) : undefined;
  }

  private value(text: string): Value {
    return evaluateZeek(text, this.environment, this.functions);
  }
}
