import type { ts } from "ts-morph";
import { FileTagger, type Variables } from "./file-tagger.js";
import { freeNames } from "./free-names.js";
import type { NodeTable } from "./tags.js";

export type { Variables } from "./file-tagger.js";

export interface TagTransform {
  readonly table: NodeTable;
  readonly transformer: (variables: Variables) => ts.TransformerFactory<ts.SourceFile>;
}

/** Makes the transformer that lets functions, literals and calls say which node they come from. */
export function createTagTransform(checker: ts.TypeChecker): TagTransform {
  const nodes: ts.Node[] = [];
  const captured = new Map<number, ReadonlySet<string>>();
  return {
    table: { nodes, captured },
    transformer: (variables) => (context) => (file) =>
      new FileTagger(context, { ...variables, names: freeNames(file, checker), nodes, captured }).tag(file),
  };
}
