import type { TreeNode } from "./rule-draft.js";
import { siblingNodes } from "./siblings.js";

/**
 * The nodes of one rule that the engine's search by id comes upon. It walks each list of siblings until it
 * meets the id, so what stands behind it there, or below what stands behind it, is not seen.
 */
export function reachedNodes(nodes: readonly TreeNode[]): readonly TreeNode[] {
  if (nodes.length < 2) return nodes;
  const firsts = new Map<TreeNode | null, TreeNode>();
  let shallowest = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    if (!firsts.has(node.parent)) firsts.set(node.parent, node);
    shallowest = Math.min(shallowest, node.depth);
  }
  return [...firsts.values()].filter((node) => {
    for (let at: TreeNode | null = node; at !== null && at.depth >= shallowest; at = at.parent) {
      const first = firsts.get(at.parent);
      if (first !== undefined && first !== at && standsBefore(first, at)) return false;
    }
    return true;
  });
}

/** Which of two siblings comes first? Roots have ids below 10 and no search goes on behind one of them. */
function standsBefore(one: TreeNode, other: TreeNode): boolean {
  if (one.parent === null) return false;
  for (const node of siblingNodes(one.parent.children)) {
    if (node === one) return true;
    if (node === other) return false;
  }
  return false;
}
