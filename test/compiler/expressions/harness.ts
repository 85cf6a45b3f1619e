import type { ts as TS } from "ts-morph";
import * as assert from "uvu/assert";
import {
  type Compiled,
  type CompileOptions,
  compileFunction,
  type Expected,
  type FunctionSource,
  type ParameterType,
} from "../../../src/compiler/expressions/index.js";
import { typescript } from "../../../src/compiler/load/typescript.js";
import { compileEvaluator } from "../../../src/detections/expressions/evaluate.js";
import * as functions from "../../../src/dsl/zeek-functions.js";
import { Site } from "../../../src/dsl/zeek-types.js";
import type { Expression } from "../../../src/model/expression.js";
import type { ParameterNames } from "../../../src/targets/zeek/expression.js";
import { ScriptExpressions } from "../../../src/targets/zeek/functions.js";
import { effectiveLocalNets } from "../../../src/zeek/values/local-nets.js";
import { plainRecord, readPath, toJavaScript } from "./records.js";

export const connection: ParameterType = { kind: "record", name: "c", record: "connection" };

export const hit: ParameterType = {
  kind: "hit",
  name: "hit",
  key: [{ kind: "addr" }],
  tuple: false,
  count: { kind: "count" },
};

/** What the name of a function or global means when the TypeScript runs as JavaScript. */
export const runtime: Readonly<Record<string, unknown>> = {
  Site: { local_nets: { has: (address: string) => effectiveLocalNets().has(address) } },
};

const builtins: Readonly<Record<string, unknown>> = { ...functions, Site };

/** One expression of TypeScript, and what becomes of it. */
export function expression(code: string, environment: Readonly<Record<string, unknown>> = {}) {
  return new ExpressionTest(`(c) => (${code})`, environment, [connection], "value");
}

/** The text of an expression alone, with calls of the functions that parts of it become. */
export function emitExpression(made: Expression, names: ParameterNames = {}): string {
  return new ScriptExpressions("part_").emit(made, names, [{ name: "c", type: "connection" }]);
}

/** An expression with the functions that it calls. */
export function emitScript(made: Expression, names: ParameterNames = {}, record = "connection") {
  const script = new ScriptExpressions("part_");
  const text = script.emit(made, names, [{ name: "c", type: record }]);
  return { text, functions: script.functions() };
}

/** A whole arrow function. */
export function arrow(code: string, environment: Readonly<Record<string, unknown>> = {}) {
  return new ExpressionTest(code, environment, [connection], "value");
}

/** The source of a function written as text, with captured names. */
export function sourceOfText(code: string, environment: Readonly<Record<string, unknown>>): FunctionSource {
  const ts = typescript();
  const file = ts.createSourceFile(
    "bundle.zopf.ts",
    `export const f = ${code};`,
    ts.ScriptTarget.ES2023,
    true,
  );
  let node: TS.ArrowFunction | TS.FunctionExpression | undefined;
  const find = (at: TS.Node): void => {
    if (node === undefined && (ts.isArrowFunction(at) || ts.isFunctionExpression(at))) node = at;
    else ts.forEachChild(at, find);
  };
  find(file);
  if (node === undefined) throw new Error(`no function in ${code}`);
  const known = { ...builtins, ...environment };
  return {
    node,
    environment: (name) => known[name],
    captured: new Set(Object.keys(known)),
  };
}

export class ExpressionTest {
  readonly code: string;
  readonly environment: Readonly<Record<string, unknown>>;
  private readonly parameters: readonly ParameterType[];
  private readonly expected: Expected;
  private readonly options: CompileOptions;

  constructor(
    code: string,
    environment: Readonly<Record<string, unknown>>,
    parameters: readonly ParameterType[],
    expected: Expected,
    options: CompileOptions = {},
  ) {
    this.code = code;
    this.environment = environment;
    this.parameters = parameters;
    this.expected = expected;
    this.options = options;
  }

  /** Another parameter than a connection. */
  of(parameter: ParameterType): ExpressionTest {
    return new ExpressionTest(
      this.code.replace(/^\(c\)/, `(${parameter.name})`),
      this.environment,
      [parameter],
      this.expected,
      this.options,
    );
  }

  as(expected: Expected): ExpressionTest {
    return new ExpressionTest(this.code, this.environment, this.parameters, expected, this.options);
  }

  /** Helper functions by value. */
  helpers(sources: ReadonlyMap<unknown, FunctionSource>): ExpressionTest {
    return new ExpressionTest(this.code, this.environment, this.parameters, this.expected, {
      sourceOf: (fn) => sources.get(fn) ?? null,
    });
  }

  compile(): Compiled {
    return compileFunction(
      sourceOfText(this.code, this.environment),
      this.parameters,
      this.expected,
      this.options,
    );
  }

  expressions(): readonly Expression[] {
    const compiled = this.compile();
    if (compiled.ok) return compiled.expressions;
    throw new Error(
      `${this.code}: ${compiled.diagnostics.map((d) => `${d.column} ${d.message}`).join("; ")}`,
    );
  }

  zeek(): readonly string[] {
    return this.expressions().map((made) => emitExpression(made));
  }

  /** The emitted Zeek text, exactly. */
  emits(...zeek: readonly string[]): ExpressionTest {
    assert.equal(this.zeek(), zeek, this.code);
    return this;
  }

  evaluate(record: object): unknown {
    const values = this.expressions().map((made) => {
      const evaluate = compileEvaluator(made, (_, path) => (row: object) => readPath(row, path), {
        localNets: effectiveLocalNets(),
        networkTime: () => 1000,
      });
      return toJavaScript(evaluate(record), made.type);
    });
    return values.length === 1 ? values[0] : values;
  }

  /** The replay's value for a record written as JavaScript sees it. */
  evaluates(record: object, value: unknown): ExpressionTest {
    assert.equal(this.evaluate(plainRecord(record)), value, this.code);
    return this;
  }

  /** Refused with a diagnostic whose message holds the text, at the column of the marked code. */
  refuses(message: string, at?: string): ExpressionTest {
    const compiled = this.compile();
    if (compiled.ok) {
      const zeek = compiled.expressions.map((made) => emitExpression(made)).join(", ");
      assert.unreachable(`${this.code} was not refused: ${zeek}`);
      return this;
    }
    const messages = compiled.diagnostics.map((diagnostic) => diagnostic.message);
    assert.ok(
      messages.some((found) => found.includes(message)),
      `${this.code}: ${messages.join("; ")}`,
    );
    if (at !== undefined) {
      const column = `export const f = ${this.code}`.indexOf(at) + 1;
      assert.ok(
        compiled.diagnostics.some((diagnostic) => diagnostic.column === column),
        `${this.code}: at ${compiled.diagnostics.map((diagnostic) => diagnostic.column).join()}, not ${column}`,
      );
    }
    return this;
  }
}
