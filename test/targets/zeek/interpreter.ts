import type { ZeekClock } from "../../../src/zeek/tables/clock.js";
import { createExpiringTable, type ExpiringTable } from "../../../src/zeek/tables/expiring-table.js";
import { createSuppression } from "../../../src/zeek/tables/suppression.js";
import { type Declared, type Node, parse, type Routine, type Statement, type Type } from "./syntax.js";

/**
 * Runs an emitted script, statement by statement, on zopf's model of Zeek's tables: what the replay must
 * agree with. Addresses are texts, ports texts or numbers, times and intervals seconds.
 */
export type Value =
  | string
  | number
  | boolean
  | RegExp
  | Table
  | readonly Value[]
  | Value[]
  | Fields
  | undefined;
export interface Fields {
  [name: string]: Value;
}

/** A table or a set; with an expiry when it is a global that has one. */
class Table {
  readonly keys = new Map<string, readonly Value[]>();
  readonly plain = new Map<string, Value>();
  readonly expiring: ExpiringTable<string, Value> | null;
  constructor(expiring: ExpiringTable<string, Value> | null) {
    this.expiring = expiring;
  }
  size(): number {
    return this.expiring === null ? this.plain.size : this.expiring.size();
  }
  has(index: readonly Value[]): boolean {
    const key = JSON.stringify(index);
    return this.expiring === null ? this.plain.has(key) : this.expiring.has(key);
  }
  get(index: readonly Value[]): Value {
    const key = JSON.stringify(index);
    const value = this.expiring === null ? this.plain.get(key) : this.expiring.get(key);
    if (value === undefined) throw new Error(`no such index ${key}`);
    return value;
  }
  set(index: readonly Value[], value: Value): void {
    const key = JSON.stringify(index);
    this.keys.set(key, index);
    if (this.expiring === null) this.plain.set(key, value);
    else this.expiring.assign(key, value);
  }
  remove(index: readonly Value[]): void {
    const key = JSON.stringify(index);
    if (this.expiring === null) this.plain.delete(key);
    else this.expiring.delete(key);
  }
}

export interface Happened {
  readonly kind: "notice" | "row";
  readonly fields: Fields;
}

export interface RunningScript {
  raise(event: string, ...values: readonly Value[]): void;
  readonly happened: readonly Happened[];
}

type Scope = Map<string, Value>;
type Flow = { readonly kind: "return"; readonly value: Value } | { readonly kind: "next" | "break" } | null;

export function runScript(
  source: string,
  clock: ZeekClock,
  localNets: { has(address: string): boolean },
): RunningScript {
  const script = parse(source);
  const globals: Scope = new Map();
  const routines = new Map(script.routines.map((routine) => [routine.name, routine]));
  const suppression = createSuppression(clock);
  const happened: Happened[] = [];
  const queue: (() => void)[] = [];

  const lookUp = (scope: Scope, name: string): Value => {
    if (scope.has(name)) return scope.get(name);
    if (globals.has(name)) return globals.get(name);
    if (script.enums.includes(name)) return `${script.module}::${name}`;
    if (
      name.startsWith("Log::") ||
      name.startsWith("Notice::") ||
      name === "Site::local_nets" ||
      name.includes("_LOG")
    )
      return name;
    throw new Error(`unknown identifier ${name}`);
  };
  const record = (value: Value): Fields => {
    if (
      typeof value === "object" &&
      !(value instanceof Table) &&
      !(value instanceof RegExp) &&
      !isList(value)
    )
      return value;
    throw new Error("not a record");
  };
  const number = (value: Value): number => {
    if (typeof value === "number") return value;
    throw new Error(`not a number: ${String(value)}`);
  };
  const truth = (value: Value): boolean => {
    if (typeof value === "boolean") return value;
    throw new Error(`not a bool: ${String(value)}`);
  };
  const inside = (left: Value, right: Value): boolean => {
    if (right instanceof Table) return right.has(isList(left) ? left : [left]);
    if (left instanceof RegExp) return left.test(String(right));
    if (right === "Site::local_nets") return localNets.has(String(left));
    throw new Error("in what?");
  };

  const binary = (operator: string, left: Value, right: () => Value): Value => {
    switch (operator) {
      case "&&":
        return truth(left) && truth(right());
      case "||":
        return truth(left) || truth(right());
      case "==":
        return left === right();
      case "!=":
        return left !== right();
      case "in":
        return inside(left, right());
      case "!in":
        return !inside(left, right());
      case "<":
        return number(left) < number(right());
      case "<=":
        return number(left) <= number(right());
      case ">":
        return number(left) > number(right());
      case ">=":
        return number(left) >= number(right());
      case "+":
        return number(left) + number(right());
      case "-":
        return number(left) - number(right());
      case "*":
        return number(left) * number(right());
      case "/":
        return number(left) / number(right());
      default:
        throw new Error(`operator ${operator}`);
    }
  };

  const format = (pattern: string, values: readonly Value[]): string => {
    let next = 0;
    return pattern.replace(/%(%|[sd])/g, (_, verb: string) => (verb === "%" ? "%" : String(values[next++])));
  };

  const call = (node: Node & { kind: "call" }, scope: Scope): Value => {
    const values = node.arguments.map((argument) => evaluate(argument, scope));
    switch (node.name) {
      case "network_time":
        return clock.now();
      case "cat":
        return values.map(String).join("");
      case "fmt":
        return format(String(values[0]), values.slice(1));
      case "set":
      case "table":
        return new Table(null);
      case "vector":
        return [];
      // Tests give the history of a living connection with its id.
      case "connection_exists":
        return record(values[0]).history !== undefined;
      case "lookup_connection":
        return { history: record(values[0]).history };
      case "double_to_time":
        return number(values[0]);
      case "starts_with":
        return String(values[0]).startsWith(String(values[1]));
      case "Notice::is_being_suppressed":
        return suppression.isSuppressed(String(record(values[0]).note), identifierOf(record(values[0])));
      case "NOTICE": {
        const notice = record(values[0]);
        const suppressFor = number(notice.suppress_for);
        if (suppression.accept({ note: String(notice.note), identifier: identifierOf(notice), suppressFor }))
          happened.push({ kind: "notice", fields: { ...notice, ts: clock.now() } });
        return undefined;
      }
      case "Log::write":
        happened.push({ kind: "row", fields: record(values[1]) });
        return undefined;
      default: {
        const routine = routines.get(node.name);
        // A hook without handlers lets everything pass.
        if (routine === undefined && node.hook) return true;
        if (routine === undefined) throw new Error(`unknown function ${node.name}`);
        return invoke(routine, values);
      }
    }
  };

  const evaluate = (node: Node, scope: Scope): Value => {
    switch (node.kind) {
      case "constant":
        return node.value;
      case "name":
        return lookUp(scope, node.name);
      case "list":
        return node.items.map((item) => evaluate(item, scope));
      case "record":
        return Object.fromEntries(node.fields.map(([name, value]) => [name, evaluate(value, scope)]));
      case "size": {
        const of = evaluate(node.of, scope);
        if (of instanceof Table) return of.size();
        return isList(of) || typeof of === "string" ? of.length : Math.abs(number(of));
      }
      case "not":
        return !truth(evaluate(node.of, scope));
      case "binary":
        return binary(node.operator, evaluate(node.left, scope), () => evaluate(node.right, scope));
      case "conditional":
        return truth(evaluate(node.condition, scope)) ? evaluate(node.yes, scope) : evaluate(node.no, scope);
      case "field": {
        const value = record(evaluate(node.of, scope))[node.field];
        if (value === undefined) throw new Error(`field value missing ${node.field}`);
        return value;
      }
      case "has":
        return record(evaluate(node.of, scope))[node.field] !== undefined;
      case "index": {
        const of = evaluate(node.of, scope);
        const index = node.index.map((part) => evaluate(part, scope));
        if (of instanceof Table) return of.get(index);
        const value = isList(of) ? of[number(index[0])] : undefined;
        if (value === undefined) throw new Error("no such index");
        return value;
      }
      case "slice": {
        const of = evaluate(node.of, scope);
        if (!isList(of)) throw new Error("not a vector");
        return of.slice(number(evaluate(node.from, scope)), number(evaluate(node.to, scope)));
      }
      case "call":
        return call(node, scope);
      default:
        return node satisfies never;
    }
  };

  const store = (target: Node, value: Value, scope: Scope): void => {
    if (target.kind === "name") (scope.has(target.name) ? scope : globals).set(target.name, value);
    else if (target.kind === "field") record(evaluate(target.of, scope))[target.field] = value;
    else if (target.kind === "index") {
      const of = evaluate(target.of, scope);
      const index = target.index.map((part) => evaluate(part, scope));
      if (of instanceof Table) of.set(index, value);
      else if (Array.isArray(of)) of[number(index[0])] = value;
    } else throw new Error("not assignable");
  };

  const assign = ({ target, operator, value }: Statement & { kind: "assign" }, scope: Scope): void => {
    const right = evaluate(value, scope);
    if (operator === "=") {
      store(target, right, scope);
      return;
    }
    const left = evaluate(target, scope);
    if (Array.isArray(left)) left.push(right);
    else {
      const result = operator === "+=" ? number(left) + number(right) : number(left) - number(right);
      store(target, result, scope);
    }
  };

  const change = ({ kind, target }: Statement & { kind: "add" | "delete" }, scope: Scope): void => {
    if (target.kind !== "index") throw new Error("add or delete what?");
    const of = evaluate(target.of, scope);
    const index = target.index.map((part) => evaluate(part, scope));
    if (!(of instanceof Table)) throw new Error("not a table");
    if (kind === "add") of.set(index, true);
    else of.remove(index);
  };

  const loop = (node: Statement & { kind: "for" }, scope: Scope): Flow => {
    const over = evaluate(node.over, scope);
    const steps: (readonly [readonly Value[], Value])[] =
      over instanceof Table
        ? [...(over.expiring?.entries() ?? over.plain)].map(([key, value]) => [
            over.keys.get(key) ?? [],
            value,
          ])
        : isList(over)
          ? over.map((value, index) => [[index], value])
          : [];
    for (const [index, value] of steps) {
      for (const [place, name] of node.index.entries()) scope.set(name, index[place]);
      if (node.value !== null) scope.set(node.value, value);
      const flow = execute(node.body, scope);
      if (flow?.kind === "return") return flow;
      if (flow?.kind === "break") break;
    }
    return null;
  };

  const execute = (statement: Statement, scope: Scope): Flow => {
    switch (statement.kind) {
      case "block":
        for (const inner of statement.body) {
          const flow = execute(inner, scope);
          if (flow !== null) return flow;
        }
        return null;
      case "if":
        if (truth(evaluate(statement.condition, scope))) return execute(statement.yes, scope);
        return statement.no === null ? null : execute(statement.no, scope);
      case "while":
        while (truth(evaluate(statement.condition, scope))) {
          const flow = execute(statement.body, scope);
          if (flow?.kind === "return") return flow;
          if (flow?.kind === "break") break;
        }
        return null;
      case "for":
        return loop(statement, scope);
      case "local":
        scope.set(
          statement.name,
          statement.value === null ? fresh(statement.type) : evaluate(statement.value, scope),
        );
        return null;
      case "assign":
        assign(statement, scope);
        return null;
      case "add":
      case "delete":
        change(statement, scope);
        return null;
      case "event": {
        const { call: raised } = statement;
        if (raised.kind !== "call") throw new Error("event what?");
        const values = raised.arguments.map((argument) => evaluate(argument, scope));
        queue.push(() => raise(raised.name, values));
        return null;
      }
      case "evaluate":
        evaluate(statement.value, scope);
        return null;
      case "return":
        return {
          kind: "return",
          value: statement.value === null ? undefined : evaluate(statement.value, scope),
        };
      case "next":
      case "break":
        return { kind: statement.kind };
      default:
        return statement satisfies never;
    }
  };

  const invoke = (routine: Routine, values: readonly Value[]): Value => {
    const scope: Scope = new Map(routine.parameters.map((name, index) => [name, values[index]]));
    const flow = execute(routine.body, scope);
    return flow?.kind === "return" ? flow.value : undefined;
  };
  const raise = (event: string, values: readonly Value[]): void => {
    for (const routine of script.routines)
      if (routine.kind === "event" && routine.name === event) invoke(routine, values);
  };

  const declare = ({ name, type, value, expiry }: Declared): void => {
    if (expiry !== null) {
      const { timeout } = expiry;
      const kind =
        expiry.attribute === "&create_expire"
          ? "create"
          : expiry.attribute === "&write_expire"
            ? "write"
            : "read";
      globals.set(
        name,
        new Table(
          createExpiringTable(clock, { expiry: kind, timeout: () => number(evaluate(timeout, new Map())) }),
        ),
      );
    } else if (value !== null) globals.set(name, evaluate(value, new Map()));
    else globals.set(name, fresh(type));
  };
  for (const declared of script.declared) declare(declared);

  return {
    happened,
    raise(event, ...values) {
      raise(event, values);
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) next();
    },
  };
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const identifierOf = (notice: Fields): string | undefined =>
  notice.identifier === undefined ? undefined : String(notice.identifier);

/** What a variable holds that is declared without a value. */
function fresh(type: Type | null): Value {
  if (type?.kind === "table") return new Table(null);
  if (type?.kind === "vector") return [];
  return type?.kind === "name" && type.name.includes("_") ? {} : undefined;
}
