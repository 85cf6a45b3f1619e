import type { ts } from "ts-morph";
import { isAssignmentTarget } from "./assignment-target.js";
import { type FreeNames, freeNames, isFunctionNode, isOnlyType } from "./free-names.js";
import type { NodeTable, TagName } from "./tags.js";
import type { FunctionNode } from "./types.js";
import { typescript } from "./typescript.js";

/** Names for what the emitted code needs, none of which its file uses. */
export interface Variables {
  /** Through it the code reaches the tagger. */
  readonly tagger: string;
  /** Stands for `import.meta`. */
  readonly meta: string;
  /** Parameter of the functions that tell captured values. */
  readonly wanted: string;
}

export interface TagTransform {
  readonly table: NodeTable;
  readonly transformer: (variables: Variables) => ts.TransformerFactory<ts.SourceFile>;
}

/** Makes the transformer that lets functions, literals and calls tell which node they come from. */
export function createTagTransform(checker: ts.TypeChecker): TagTransform {
  const nodes: ts.Node[] = [];
  const captured = new Map<number, ReadonlySet<string>>();
  return {
    table: { nodes, captured },
    transformer: (variables) => (context) => (file) =>
      tagFile(file, context, { ...variables, names: freeNames(file, checker), nodes, captured }),
  };
}

interface Work extends Variables {
  readonly names: ReadonlyMap<ts.Node, FreeNames>;
  readonly nodes: ts.Node[];
  readonly captured: Map<number, ReadonlySet<string>>;
}

function tagFile(file: ts.SourceFile, context: ts.TransformationContext, work: Work): ts.SourceFile {
  const ts = typescript();
  const make = context.factory;

  const idOf = (node: ts.Node): number => work.nodes.push(node) - 1;
  const number = (value: number): ts.Expression => make.createNumericLiteral(value);
  const tell = (name: TagName, ...rest: ts.Expression[]): ts.Expression =>
    make.createCallExpression(
      make.createPropertyAccessExpression(make.createIdentifier(work.tagger), name),
      undefined,
      rest,
    );

  /** `(n) => { switch (n) { case "limit": return limit; } }`, in the scope of the function itself. */
  const environment = (id: number, fn: FunctionNode): ts.Expression => {
    const names = work.names.get(fn) ?? new Map<string, ts.Identifier>();
    work.captured.set(id, new Set(names.keys()));
    if (names.size === 0) return make.createNull();
    const wanted = make.createIdentifier(work.wanted);
    const clauses = Array.from(names, ([name, identifier]) => {
      // The original lets the module transform see that this names an import or an export.
      const value = ts.setOriginalNode(make.createIdentifier(name), identifier);
      return make.createCaseClause(make.createStringLiteral(name), [make.createReturnStatement(value)]);
    });
    const body = make.createSwitchStatement(wanted, make.createCaseBlock(clauses));
    return make.createArrowFunction(
      undefined,
      undefined,
      [make.createParameterDeclaration(undefined, undefined, wanted)],
      undefined,
      undefined,
      make.createBlock([body]),
    );
  };

  const visit = (node: ts.Node): ts.Node => {
    if (isOnlyType(ts, node) || ts.isEnumDeclaration(node) || ts.isDecorator(node)) return node;
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return make.createIdentifier(work.meta);
    }
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node)) {
      return withFunctions(node, visited);
    }
    if (ts.isIterationStatement(node, false)) return counted(node, visited);
    return ts.isExpression(visited) && ts.isExpression(node) ? tagged(node, visited) : visited;
  };

  const tagged = (node: ts.Expression, visited: ts.Expression): ts.Expression => {
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      const id = idOf(node);
      const name = inferredName(node);
      const named = name === undefined ? [] : [make.createStringLiteral(name)];
      return tell("f", visited, number(id), environment(id, node), ...named);
    }
    if (ts.isObjectLiteralExpression(node) && !isAssignmentTarget(node)) {
      return node.properties.reduce<ts.Expression>(
        (value, property) => {
          if (!isFunctionNode(ts, property) || !ts.isMethodDeclaration(property)) return value;
          const key = staticName(property.name);
          if (key === undefined) return value;
          const id = idOf(property);
          return tell("m", value, make.createStringLiteral(key), number(id), environment(id, property));
        },
        tell("o", visited, number(idOf(node))),
      );
    }
    if (ts.isArrayLiteralExpression(node) && !isAssignmentTarget(node)) {
      return tell("o", visited, number(idOf(node)));
    }
    if (ts.isCallExpression(node) && isTaggableCall(node)) return tell("v", visited, number(idOf(node)));
    return visited;
  };

  const isTaggableCall = (node: ts.CallExpression): boolean => {
    const { expression, parent } = node;
    if (ts.isExpressionStatement(parent) || ts.isOptionalChain(node)) return false;
    if (ts.isIdentifier(expression)) return expression.text !== "require";
    return expression.kind !== ts.SyntaxKind.SuperKeyword && expression.kind !== ts.SyntaxKind.ImportKeyword;
  };

  /** The name that the language gives an anonymous function from where it stands. */
  const inferredName = (node: ts.ArrowFunction | ts.FunctionExpression): string | undefined => {
    if (node.name !== undefined) return undefined;
    const { parent } = node;
    if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
    if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return staticName(parent.name);
    return undefined;
  };

  const staticName = (name: ts.PropertyName): string | undefined =>
    ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)
      ? name.text
      : undefined;

  /** Function declarations exist from the start of their block, so they are tagged there. */
  const functionTags = (statements: readonly ts.Statement[]): readonly ts.Statement[] =>
    statements.flatMap((statement) => {
      if (!ts.isFunctionDeclaration(statement) || !isFunctionNode(ts, statement)) return [];
      if (statement.name === undefined) return [];
      const id = idOf(statement);
      const name = ts.setOriginalNode(make.createIdentifier(statement.name.text), statement.name);
      return [make.createExpressionStatement(tell("f", name, number(id), environment(id, statement)))];
    });

  const withTags = (
    original: readonly ts.Statement[],
    visited: ts.NodeArray<ts.Statement>,
  ): ts.NodeArray<ts.Statement> => {
    const added = functionTags(original);
    if (added.length === 0) return visited;
    const firstCode = visited.findIndex(
      (statement) => !(ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)),
    );
    const prologue = firstCode < 0 ? visited.length : firstCode;
    const all = [...visited.slice(0, prologue), ...added, ...visited.slice(prologue)];
    return ts.setTextRange(make.createNodeArray(all), visited);
  };

  const withFunctions = (
    original: ts.Block | ts.ModuleBlock | ts.CaseOrDefaultClause,
    visited: ts.Node,
  ): ts.Node => {
    if (ts.isBlock(visited))
      return make.updateBlock(visited, withTags(original.statements, visited.statements));
    if (ts.isModuleBlock(visited)) {
      return make.updateModuleBlock(visited, withTags(original.statements, visited.statements));
    }
    if (ts.isCaseClause(visited)) {
      const statements = withTags(original.statements, visited.statements);
      return make.updateCaseClause(visited, visited.expression, statements);
    }
    if (ts.isDefaultClause(visited)) {
      return make.updateDefaultClause(visited, withTags(original.statements, visited.statements));
    }
    return visited;
  };

  const counted = (original: ts.Node, loop: ts.Node): ts.Node => {
    const round = (body: ts.Statement): ts.Statement => {
      const tick = make.createExpressionStatement(tell("l", number(idOf(original))));
      return ts.isBlock(body)
        ? make.updateBlock(
            body,
            ts.setTextRange(make.createNodeArray([tick, ...body.statements]), body.statements),
          )
        : make.createBlock([tick, body]);
    };
    if (ts.isForStatement(loop)) {
      const { initializer, condition, incrementor } = loop;
      return make.updateForStatement(loop, initializer, condition, incrementor, round(loop.statement));
    }
    if (ts.isForOfStatement(loop)) {
      const { awaitModifier, initializer, expression } = loop;
      return make.updateForOfStatement(loop, awaitModifier, initializer, expression, round(loop.statement));
    }
    if (ts.isForInStatement(loop)) {
      return make.updateForInStatement(loop, loop.initializer, loop.expression, round(loop.statement));
    }
    if (ts.isWhileStatement(loop))
      return make.updateWhileStatement(loop, loop.expression, round(loop.statement));
    if (ts.isDoStatement(loop)) return make.updateDoStatement(loop, round(loop.statement), loop.expression);
    return loop;
  };

  const visited = ts.visitEachChild(file, visit, context);
  return make.updateSourceFile(visited, withTags(file.statements, visited.statements));
}
