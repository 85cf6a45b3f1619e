import type { ts } from "ts-morph";
import { arrayOf, listOf } from "./arrays.js";
import { EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { leavesOf, settle, toCondition } from "./convert.js";
import { bind, newScope } from "./scope.js";
import {
  ABSENT,
  choose,
  type Facts,
  INVALID,
  mapLeaves,
  type Scope,
  type SymbolicValue,
} from "./symbolic-value.js";
import type { FunctionNode } from "./types.js";

const DEPTH = 40;

/** A call of a function of the bundle: its body, with the arguments in place of the parameters. */
export function inline(
  context: Context,
  node: FunctionNode,
  outer: Scope,
  args: readonly SymbolicValue[],
  facts: Facts,
  at: ts.Node,
): SymbolicValue {
  if (context.active.includes(node)) {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      at,
      "a function that calls itself cannot be expressed in Zeek",
      "helpers are written out where they are called: use a constant array with some or every instead",
    );
  }
  if (context.active.length >= DEPTH) {
    return refuse(context, EXPRESSION_UNSUPPORTED, at, `helpers call each other more than ${DEPTH} deep`);
  }
  context.active.push(node);
  const result = runFunction(context, node, outer, args, facts);
  context.active.pop();
  return result;
}

/** The value of a function's body with these arguments. */
export function runFunction(
  context: Context,
  node: FunctionNode,
  outer: Scope,
  args: readonly SymbolicValue[],
  facts: Facts,
): SymbolicValue {
  const { ts } = context;
  const scope = newScope(outer, outer.source);
  const modifiers = ts.getCombinedModifierFlags(node);
  if ((modifiers & ts.ModifierFlags.Async) !== 0 || node.asteriskToken !== undefined) {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      "async functions and generators cannot be expressed in Zeek",
    );
  }
  for (const [i, parameter] of node.parameters.entries()) {
    if (parameter.dotDotDotToken !== undefined) {
      bind(context, parameter.name, arrayOf(args.slice(i)), scope, facts);
      continue;
    }
    let value = args[i] ?? ABSENT;
    const { initializer } = parameter;
    if (initializer !== undefined) {
      value = mapLeaves(value, facts, context.budget, (leaf, inside) =>
        leaf.kind === "constant" && leaf.value === undefined
          ? context.visit(initializer, scope, inside)
          : leaf,
      );
    }
    bind(context, parameter.name, value, scope, facts);
  }
  const { body } = node;
  if (body === undefined) return refuse(context, EXPRESSION_UNSUPPORTED, node, "this function has no body");
  if (!ts.isBlock(body)) return context.visit(body, scope, facts);
  const flow: Flow = { rest: () => ABSENT, onBreak: null, onContinue: null };
  return statements(context, body.statements, 0, scope, facts, flow);
}

/** What follows a list of statements when none of them returns. */
type Rest = (facts: Facts) => SymbolicValue;

/** What follows, and where `break` and `continue` lead; null where they may not stand. */
interface Flow {
  readonly rest: Rest;
  readonly onBreak: Rest | null;
  readonly onContinue: Rest | null;
}

function statements(
  context: Context,
  list: readonly ts.Statement[],
  from: number,
  scope: Scope,
  facts: Facts,
  flow: Flow,
): SymbolicValue {
  const { ts } = context;
  for (let i = from; i < list.length; i++) {
    const statement = list[i];
    if (statement === undefined) break;
    const after: Flow = {
      ...flow,
      rest: (inside) => statements(context, list, i + 1, scope, inside, flow),
    };
    if (ts.isReturnStatement(statement)) {
      return statement.expression === undefined ? ABSENT : context.visit(statement.expression, scope, facts);
    }
    if (ts.isVariableStatement(statement)) {
      if (!declare(context, statement.declarationList, scope, facts)) return INVALID;
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.name !== undefined)
        scope.names.set(statement.name.text, { kind: "closure", node: statement, scope });
    } else if (ts.isIfStatement(statement)) {
      return branch(context, statement, scope, facts, after);
    } else if (ts.isBlock(statement)) {
      return statements(context, statement.statements, 0, newScope(scope, scope.source), facts, after);
    } else if (ts.isSwitchStatement(statement)) {
      return switchOf(context, statement, scope, facts, after);
    } else if (ts.isForOfStatement(statement)) {
      return loopOver(context, statement, scope, facts, after);
    } else if (ts.isBreakStatement(statement) || ts.isContinueStatement(statement)) {
      const leads = ts.isBreakStatement(statement) ? flow.onBreak : flow.onContinue;
      return leads === null || statement.label !== undefined ? unsupported(context, statement) : leads(facts);
    } else if (
      !ts.isEmptyStatement(statement) &&
      !ts.isTypeAliasDeclaration(statement) &&
      !ts.isInterfaceDeclaration(statement)
    ) {
      return unsupported(context, statement);
    }
  }
  return flow.rest(facts);
}

/** Turns of all loops that one function may take. */
const mostTurns = 1000;

/** `for (const x of ...)` over what is known one by one: its body once for each element. */
function loopOver(
  context: Context,
  node: ts.ForOfStatement,
  scope: Scope,
  facts: Facts,
  after: Flow,
): SymbolicValue {
  const { ts } = context;
  const { initializer } = node;
  const subject = context.visit(node.expression, scope, facts);
  if (subject.kind === "invalid") return subject;
  const elements = listOf(subject);
  const [declaration] = ts.isVariableDeclarationList(initializer) ? initializer.declarations : [];
  const isConst =
    ts.isVariableDeclarationList(initializer) &&
    (initializer.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  if (elements === undefined || declaration === undefined || !isConst || node.awaitModifier !== undefined) {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      "a loop over what is not known when the bundle is built cannot be expressed in Zeek",
      "write for (const x of ...) over an array, Set or Map of the bundle, or use some, every, includes",
    );
  }
  if (elements.length > mostTurns) {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `a loop of ${elements.length} turns becomes too large for Zeek`,
      "use a Set with has",
    );
  }
  const turn = (index: number, inside: Facts): SymbolicValue => {
    const element = elements[index];
    if (element === undefined) return after.rest(inside);
    context.budget.steps -= 1;
    if (context.budget.steps < 0) return INVALID;
    const inner = newScope(scope, scope.source);
    bind(context, declaration.name, element, inner, inside);
    const next: Rest = (deeper) => turn(index + 1, deeper);
    const flow: Flow = { rest: next, onContinue: next, onBreak: after.rest };
    return statements(context, [node.statement], 0, inner, inside, flow);
  };
  return turn(0, facts);
}

function unsupported(context: Context, statement: ts.Statement): SymbolicValue {
  const { ts } = context;
  const what: Readonly<Record<number, string>> = {
    [ts.SyntaxKind.ForStatement]: "a loop",
    [ts.SyntaxKind.BreakStatement]: "this break",
    [ts.SyntaxKind.ContinueStatement]: "this continue",
    [ts.SyntaxKind.ForInStatement]: "a loop",
    [ts.SyntaxKind.WhileStatement]: "a loop",
    [ts.SyntaxKind.DoStatement]: "a loop",
    [ts.SyntaxKind.ThrowStatement]: "throw",
    [ts.SyntaxKind.TryStatement]: "try",
    [ts.SyntaxKind.ExpressionStatement]: "a statement without a result",
    [ts.SyntaxKind.ClassDeclaration]: "a class",
  };
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    statement,
    `${what[statement.kind] ?? "this statement"} cannot be expressed in Zeek`,
    "a function is const declarations, if, switch, for (const x of ...) over constants, and return",
  );
}

function declare(context: Context, list: ts.VariableDeclarationList, scope: Scope, facts: Facts): boolean {
  const { ts } = context;
  if ((list.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) {
    refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      list,
      "variables that change cannot be expressed in Zeek",
      "use const",
    );
    return false;
  }
  for (const declaration of list.declarations) {
    if (declaration.initializer === undefined) return false;
    bind(context, declaration.name, context.visit(declaration.initializer, scope, facts), scope, facts);
  }
  return true;
}

function branch(
  context: Context,
  node: ts.IfStatement,
  scope: Scope,
  facts: Facts,
  after: Flow,
): SymbolicValue {
  const condition = toCondition(
    context,
    context.visit(node.expression, scope, facts),
    facts,
    node.expression,
  );
  if (condition === undefined) return INVALID;
  const { elseStatement } = node;
  // What follows is worked out once where both ways can reach it, so that many ifs in a row stay linear.
  const thenReturns = alwaysReturns(context, node.thenStatement);
  const elseReturns = elseStatement !== undefined && alwaysReturns(context, elseStatement);
  let shared: SymbolicValue | undefined;
  const rest: Rest =
    thenReturns || elseReturns
      ? after.rest
      : () => {
          shared ??= joined(context, after.rest(facts), node);
          return shared;
        };
  const side = (statement: ts.Statement | undefined, inside: Facts): SymbolicValue =>
    statement === undefined
      ? rest(inside)
      : statements(context, [statement], 0, newScope(scope, scope.source), inside, { ...after, rest });
  return choose(
    facts,
    condition,
    (inside) => side(node.thenStatement, inside),
    (inside) => side(elseStatement, inside),
    spanOf(node),
  );
}

/** What two ways lead to: as one value where it is a large tree, so that not each way has the tree below it. */
function joined(context: Context, symbolic: SymbolicValue, node: ts.Node): SymbolicValue {
  return leavesOf(symbolic).length > 4 ? settle(context, symbolic, node) : symbolic;
}

function alwaysReturns(context: Context, statement: ts.Statement): boolean {
  const { ts } = context;
  if (ts.isReturnStatement(statement) || ts.isBreakStatement(statement) || ts.isContinueStatement(statement))
    return true;
  if (ts.isBlock(statement)) return statement.statements.some((inner) => alwaysReturns(context, inner));
  if (!ts.isIfStatement(statement) || statement.elseStatement === undefined) return false;
  return alwaysReturns(context, statement.thenStatement) && alwaysReturns(context, statement.elseStatement);
}

/** `switch` whose clauses return, or are empty and share the next clause's. */
function switchOf(
  context: Context,
  node: ts.SwitchStatement,
  scope: Scope,
  facts: Facts,
  after: Flow,
): SymbolicValue {
  const { ts } = context;
  const { clauses } = node.caseBlock;
  const inner = newScope(scope, scope.source);
  const subject = node.expression;
  const body = (index: number): readonly ts.Statement[] => {
    for (let i = index; i < clauses.length; i++) {
      const found = clauses[i]?.statements ?? [];
      if (found.length > 0) return found;
    }
    return [];
  };
  for (const [index, clause] of clauses.entries()) {
    const last = clause.statements.at(-1);
    const leaves = last === undefined || ts.isBreakStatement(last) || alwaysReturns(context, last);
    if (!leaves && index < clauses.length - 1) {
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        clause,
        "a clause that falls through cannot be expressed in Zeek",
        "end it with return or break",
      );
    }
  }
  const run = (index: number, inside: Facts): SymbolicValue => {
    const found = body(index);
    const last = found.at(-1);
    const kept = last !== undefined && ts.isBreakStatement(last) ? found.slice(0, -1) : found;
    return statements(context, kept, 0, inner, inside, { ...after, onBreak: after.rest });
  };
  const otherwise = clauses.findIndex((clause) => ts.isDefaultClause(clause));
  const from = (index: number, inside: Facts): SymbolicValue => {
    const clause = clauses[index];
    if (clause === undefined) return otherwise < 0 ? after.rest(inside) : run(otherwise, inside);
    if (ts.isDefaultClause(clause)) return from(index + 1, inside);
    const same = context.equal(subject, clause.expression, inner, inside);
    const condition = toCondition(context, same, inside, clause.expression);
    if (condition === undefined) return INVALID;
    return choose(
      inside,
      condition,
      (deeper) => run(index, deeper),
      (deeper) => from(index + 1, deeper),
      spanOf(clause),
    );
  };
  return from(0, facts);
}
