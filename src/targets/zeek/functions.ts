import type { Expression } from "../../model/expression.js";
import { walk } from "../../model/walk.js";
import { emitExpression, emitResult, type Lift, type ParameterNames, spellPath } from "./expression.js";
import { zeekTypeName } from "./types.js";

/** A variable that expressions of one place may read, and its type. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
}

/** Blocks of a function in each other; each takes six symbols of Zeek's parser. */
const mostBlocks = 8;

/**
 * Emits the expressions of one script. What is too deep for Zeek's parser, or is named to be worked out once,
 * becomes a function: `if ( ... ) return ...;` one after the other, of which a function may hold thousands.
 */
export class ScriptExpressions {
  private readonly prefix: string;
  private readonly made: string[] = [];
  /** What has a text already: a key stands in a comment, too, and needs no second function for that. */
  private readonly known = new Map<Expression, string>();

  /** @param prefix what the functions' names begin with */
  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** The functions that the expressions so far call, in an order in which each stands before its callers. */
  functions(): readonly string[] {
    return this.made;
  }

  /** An expression as text. `parameters`: every variable that `names` can spell. */
  emit(expression: Expression, names: ParameterNames, parameters: readonly Parameter[]): string {
    const text =
      this.known.get(expression) ??
      emitExpression(expression, names, (part) => this.lift(part, names, parameters, new Map()));
    this.known.set(expression, text);
    return text;
  }

  private lift(
    part: Expression,
    names: ParameterNames,
    parameters: readonly Parameter[],
    variables: ReadonlyMap<string, string>,
  ): string {
    const used = usedIn(part, names);
    const local = new Map([...variables].filter(([name]) => used.has(name)));
    const passed = [
      ...parameters.filter(({ name }) => used.has(name)),
      ...[...local].map(([name, type]) => ({ name, type })),
    ];
    const body = new FunctionBody(names, local, (inner, inside) =>
      this.lift(inner, names, parameters, inside),
    );
    const statements = body.of(part);
    const name = `${this.prefix}${this.made.length + 1}`;
    const signature = passed.map((one) => `${one.name}: ${one.type}`).join(", ");
    this.made.push(
      [`function ${name}(${signature}): ${zeekTypeName(part.type)}`, "\t{", ...statements, "\t}"].join("\n"),
    );
    return `${name}(${passed.map((one) => one.name).join(", ")})`;
  }
}

/** The statements of one function. */
class FunctionBody {
  private readonly names: ParameterNames;
  /** Types of the variables that are known at the place. */
  private variables: Map<string, string>;
  /** All names of the function: Zeek knows a name once in a function, whatever block it stands in. */
  private readonly declared: Set<string>;
  private readonly lift: Lift;
  private readonly lines: string[] = [];

  constructor(
    names: ParameterNames,
    variables: ReadonlyMap<string, string>,
    lift: (part: Expression, variables: ReadonlyMap<string, string>) => string,
  ) {
    this.names = names;
    this.variables = new Map(variables);
    this.declared = new Set(variables.keys());
    this.lift = (part) => lift(part, this.variables);
  }

  of(part: Expression): readonly string[] {
    this.statements(part, 1);
    return this.lines;
  }

  private statements(part: Expression, block: number): void {
    const indent = "\t".repeat(block);
    for (let node = part; ; ) {
      if (node.kind === "let" && !this.declared.has(node.name)) {
        const type = zeekTypeName(node.value.type);
        this.lines.push(`${indent}local ${node.name}: ${type} = ${this.text(node.value)};`);
        this.variables.set(node.name, type);
        this.declared.add(node.name);
        node = node.body;
      } else if (node.kind === "conditional") {
        this.lines.push(`${indent}if ( ${this.text(node.condition)} )`);
        this.branch(node.whenTrue, block + 1);
        node = node.whenFalse;
      } else {
        const result = node.kind === "let" ? this.lift(node) : emitResult(node, this.names, this.lift);
        this.lines.push(`${indent}return ${result};`);
        return;
      }
    }
  }

  private branch(part: Expression, block: number): void {
    const indent = "\t".repeat(block);
    if ((part.kind !== "conditional" && part.kind !== "let") || block > mostBlocks) {
      this.lines.push(`${indent}return ${this.text(part)};`);
      return;
    }
    const around = this.variables;
    this.variables = new Map(around);
    this.lines.push(`${indent}{`);
    this.statements(part, block);
    this.lines.push(`${indent}}`);
    this.variables = around;
  }

  private text(part: Expression): string {
    return emitExpression(part, this.names, this.lift);
  }
}

/** Names of the variables that a part reads and does not declare itself. */
function usedIn(part: Expression, names: ParameterNames): ReadonlySet<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  for (const node of walk(part)) {
    if (node.kind === "let") declared.add(node.name);
    else if (node.kind === "variable") used.add(node.name);
    else if (node.kind === "field" || node.kind === "presence")
      used.add(/^\w*/.exec(spellPath(node.parameter, node.path, names))?.[0] ?? "");
  }
  for (const name of declared) used.delete(name);
  return used;
}
