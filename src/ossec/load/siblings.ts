/** Rules below one parent: higher level first, ties in load order (spec/ossec.md 6.4). */
import type { Siblings, TreeNode } from "./rule-draft.js";

export function noSiblings(): Siblings {
  return { runs: [], stale: false };
}

export function siblingsBelow(parent: TreeNode): Siblings {
  parent.children ??= noSiblings();
  return parent.children;
}

/** After an overwrite nodes keep their places but not their levels. */
function refresh(siblings: Siblings): void {
  const runs: Siblings["runs"] = [];
  for (const run of siblings.runs) {
    for (const node of run.nodes) {
      const level = node.rule.data.treeLevel;
      const last = runs.at(-1);
      if (last?.level === level) last.nodes.push(node);
      else runs.push({ level, nodes: [node] });
    }
  }
  siblings.runs = runs;
  siblings.stale = false;
}

/** Inserts before the first sibling of a lower level. */
export function insertSibling(siblings: Siblings, node: TreeNode): void {
  if (siblings.stale) refresh(siblings);
  const { runs } = siblings;
  const level = node.rule.data.treeLevel;
  const lower = runs.findIndex((run) => run.level < level);
  const before = runs[(lower < 0 ? runs.length : lower) - 1];
  if (before?.level === level) before.nodes.push(node);
  else runs.splice(lower < 0 ? runs.length : lower, 0, { level, nodes: [node] });
}

export function* siblingNodes(siblings: Siblings | null): Iterable<TreeNode> {
  if (siblings === null) return;
  for (const run of siblings.runs) yield* run.nodes;
}
