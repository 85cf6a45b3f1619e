import type { ts } from "ts-morph";
import { isAssignmentTarget } from "./assignment-target.js";
import { type FreeNames, isFunctionNode, isOnlyType } from "./free-names.js";
import { inferredName, staticName } from "./function-names.js";
import { withEveryRound } from "./loop-body.js";
import type { TagName } from "./tags.js";
import type { FunctionNode } from "./types.js";
import { typescript } from "./typescript.js";

/** Names for what the emitted code needs, none of which its file uses. */
export interface Variables {
  /** Through it the code reaches the tagger. */
  readonly tagger: string;
  /** Stands for `import.meta`. */
  readonly meta: string;
  /** Parameter of the functions that give captured values. */
  readonly wanted: string;
}

/** What is known of the file, and what is noted of it: the node of each id, and the free names of functions. */
export interface FileFacts extends Variables {
  readonly names: ReadonlyMap<ts.Node, FreeNames>;
  readonly nodes: ts.Node[];
  readonly captured: Map<number, ReadonlySet<string>>;
}

/** Writes calls of the tagger around the functions, literals, calls and loops of one file. */
export class FileTagger {
  readonly #ts = typescript();
  readonly #context: ts.TransformationContext;
  readonly #make: ts.NodeFactory;
  readonly #facts: FileFacts;

  constructor(context: ts.TransformationContext, facts: FileFacts) {
    this.#context = context;
    this.#make = context.factory;
    this.#facts = facts;
  }

  tag(file: ts.SourceFile): ts.SourceFile {
    const visited = this.#ts.visitEachChild(file, this.#visit, this.#context);
    return this.#make.updateSourceFile(visited, this.#withTags(file.statements, visited.statements));
  }

  readonly #visit = (node: ts.Node): ts.Node => {
    const ts = this.#ts;
    if (isOnlyType(ts, node) || ts.isEnumDeclaration(node) || ts.isDecorator(node)) return node;
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      return this.#make.createIdentifier(this.#facts.meta);
    const visited = ts.visitEachChild(node, this.#visit, this.#context);
    if (ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node))
      return this.#withFunctions(node, visited);
    if (ts.isIterationStatement(node, false))
      return withEveryRound(this.#make, visited, this.#statement(this.#call("l", this.#idOf(node))));
    return ts.isExpression(visited) && ts.isExpression(node) ? this.#tagged(node, visited) : visited;
  };

  #tagged(node: ts.Expression, visited: ts.Expression): ts.Expression {
    const ts = this.#ts;
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node))
      return this.#taggedFunction(node, visited, inferredName(node));
    if (ts.isObjectLiteralExpression(node) && !isAssignmentTarget(node))
      return this.#withMethods(node, this.#call("o", visited, this.#idOf(node)));
    if (ts.isArrayLiteralExpression(node) && !isAssignmentTarget(node))
      return this.#call("o", visited, this.#idOf(node));
    return ts.isCallExpression(node) && this.#isTaggable(node)
      ? this.#call("v", visited, this.#idOf(node))
      : visited;
  }

  #taggedFunction(node: FunctionNode, value: ts.Expression, name?: string): ts.Expression {
    const id = this.#idOf(node);
    const named = name === undefined ? [] : [this.#make.createStringLiteral(name)];
    return this.#call("f", value, id, this.#environment(id, node), ...named);
  }

  /** The methods of an object literal, which have no expression of their own. */
  #withMethods(node: ts.ObjectLiteralExpression, literal: ts.Expression): ts.Expression {
    return node.properties.reduce((value, property) => {
      if (!isFunctionNode(this.#ts, property) || !this.#ts.isMethodDeclaration(property)) return value;
      const key = staticName(property.name);
      if (key === undefined) return value;
      const id = this.#idOf(property);
      return this.#call("m", value, this.#make.createStringLiteral(key), id, this.#environment(id, property));
    }, literal);
  }

  #isTaggable(node: ts.CallExpression): boolean {
    const ts = this.#ts;
    const { expression, parent } = node;
    if (ts.isExpressionStatement(parent) || ts.isOptionalChain(node)) return false;
    if (ts.isIdentifier(expression)) return expression.text !== "require";
    return expression.kind !== ts.SyntaxKind.SuperKeyword && expression.kind !== ts.SyntaxKind.ImportKeyword;
  }

  /** `(n) => { switch (n) { case "limit": return limit; } }`, in the scope of the function itself. */
  #environment(id: number, fn: FunctionNode): ts.Expression {
    const make = this.#make;
    const names = this.#facts.names.get(fn) ?? new Map<string, ts.Identifier>();
    this.#facts.captured.set(id, new Set(names.keys()));
    if (names.size === 0) return make.createNull();
    const wanted = make.createIdentifier(this.#facts.wanted);
    const clauses = Array.from(names, ([name, identifier]) =>
      make.createCaseClause(make.createStringLiteral(name), [
        make.createReturnStatement(this.#reference(name, identifier)),
      ]),
    );
    const body = make.createSwitchStatement(wanted, make.createCaseBlock(clauses));
    return make.createArrowFunction(
      undefined,
      undefined,
      [make.createParameterDeclaration(undefined, undefined, wanted)],
      undefined,
      undefined,
      make.createBlock([body]),
    );
  }

  /** A name; the original lets the module transform see that it is that of an import or an export. */
  #reference(name: string, original: ts.Identifier): ts.Identifier {
    return this.#ts.setOriginalNode(this.#make.createIdentifier(name), original);
  }

  #withFunctions(original: ts.Block | ts.ModuleBlock | ts.CaseOrDefaultClause, visited: ts.Node): ts.Node {
    const ts = this.#ts;
    const make = this.#make;
    const tagged = (statements: ts.NodeArray<ts.Statement>): ts.NodeArray<ts.Statement> =>
      this.#withTags(original.statements, statements);
    if (ts.isBlock(visited)) return make.updateBlock(visited, tagged(visited.statements));
    if (ts.isModuleBlock(visited)) return make.updateModuleBlock(visited, tagged(visited.statements));
    if (ts.isCaseClause(visited))
      return make.updateCaseClause(visited, visited.expression, tagged(visited.statements));
    if (ts.isDefaultClause(visited)) return make.updateDefaultClause(visited, tagged(visited.statements));
    return visited;
  }

  /** Function declarations exist from the start of their block, so they are tagged there, behind `"use strict"`. */
  #withTags(
    original: readonly ts.Statement[],
    visited: ts.NodeArray<ts.Statement>,
  ): ts.NodeArray<ts.Statement> {
    const ts = this.#ts;
    const added = original.flatMap((statement) => {
      if (!ts.isFunctionDeclaration(statement) || !isFunctionNode(ts, statement)) return [];
      if (statement.name === undefined) return [];
      const name = this.#reference(statement.name.text, statement.name);
      return [this.#statement(this.#taggedFunction(statement, name))];
    });
    if (added.length === 0) return visited;
    const firstCode = visited.findIndex(
      (statement) => !(ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)),
    );
    const prologue = firstCode < 0 ? visited.length : firstCode;
    const all = [...visited.slice(0, prologue), ...added, ...visited.slice(prologue)];
    return ts.setTextRange(this.#make.createNodeArray(all), visited);
  }

  #idOf(node: ts.Node): number {
    return this.#facts.nodes.push(node) - 1;
  }

  #statement(expression: ts.Expression): ts.Statement {
    return this.#make.createExpressionStatement(expression);
  }

  /** A call of the tagger's function of that name. */
  #call(name: TagName, ...values: readonly (ts.Expression | number)[]): ts.Expression {
    const make = this.#make;
    return make.createCallExpression(
      make.createPropertyAccessExpression(make.createIdentifier(this.#facts.tagger), name),
      undefined,
      values.map((value) => (typeof value === "number" ? make.createNumericLiteral(value) : value)),
    );
  }
}
