/** Rules below one parent: higher level first, ties in load order (docs/reference/ossec.md#place-in-the-tree). */
import type { RuleDraft, SiblingRun, Siblings, TreeNode } from "./rule-draft.js";

export function noSiblings(): Siblings {
  return { runs: [] };
}

export function siblingsBelow(parent: TreeNode): Siblings {
  parent.children ??= noSiblings();
  return parent.children;
}

/** To be replaced, never changed. */
const noNodes: TreeNode[] = [];

/** Inserts a rule before the first sibling of a lower level. */
export function insertSibling(siblings: Siblings, rule: RuleDraft, parent: TreeNode | null): TreeNode {
  const { runs } = siblings;
  const level = rule.data.treeLevel;
  let end = 0;
  while (end < runs.length && (runs[end]?.level ?? level) >= level) end++;
  const before = runs[end - 1];
  const joins = before?.level === level;
  const run: SiblingRun = joins ? before : { level, nodes: noNodes };
  const depth = parent === null ? 0 : parent.depth + 1;
  const node: TreeNode = { rule, parent, depth, children: null, run, finished: null };
  if (joins) {
    run.nodes.push(node);
    return node;
  }
  run.nodes = [node];
  if (end === runs.length) runs.push(run);
  else runs.splice(end, 0, run);
  return node;
}

/** An overwritten rule keeps its place, but later siblings are sorted by its new level. */
export function changeLevel(siblings: Siblings, node: TreeNode, level: number): void {
  const { run } = node;
  const position = run.nodes.indexOf(node);
  const own: SiblingRun = { level, nodes: [node] };
  const behind: SiblingRun = { level: run.level, nodes: run.nodes.slice(position + 1) };
  run.nodes = run.nodes.slice(0, position);
  node.run = own;
  for (const moved of behind.nodes) moved.run = behind;
  const parts = [run, own, behind].filter(({ nodes }) => nodes.length > 0);
  siblings.runs.splice(siblings.runs.indexOf(run), 1, ...parts);
}

export function* siblingNodes(siblings: Siblings | null): Iterable<TreeNode> {
  if (siblings === null) return;
  for (const run of siblings.runs) yield* run.nodes;
}
