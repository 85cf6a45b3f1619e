import type { ts } from "ts-morph";
import { typescript } from "./typescript.js";

/** The loop with `statement` at the beginning of every round; any other node as it is. */
export function withEveryRound(make: ts.NodeFactory, loop: ts.Node, statement: ts.Statement): ts.Node {
  const ts = typescript();
  const round = (body: ts.Statement): ts.Statement =>
    ts.isBlock(body)
      ? make.updateBlock(
          body,
          ts.setTextRange(make.createNodeArray([statement, ...body.statements]), body.statements),
        )
      : make.createBlock([statement, body]);
  if (ts.isForStatement(loop)) {
    const { initializer, condition, incrementor } = loop;
    return make.updateForStatement(loop, initializer, condition, incrementor, round(loop.statement));
  }
  if (ts.isForOfStatement(loop)) {
    const { awaitModifier, initializer, expression } = loop;
    return make.updateForOfStatement(loop, awaitModifier, initializer, expression, round(loop.statement));
  }
  if (ts.isForInStatement(loop))
    return make.updateForInStatement(loop, loop.initializer, loop.expression, round(loop.statement));
  if (ts.isWhileStatement(loop))
    return make.updateWhileStatement(loop, loop.expression, round(loop.statement));
  if (ts.isDoStatement(loop)) return make.updateDoStatement(loop, round(loop.statement), loop.expression);
  return loop;
}
