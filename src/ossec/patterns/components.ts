/** Strongly connected components of a graph (Tarjan's algorithm, without recursion). */
export interface Components {
  /** By node: its component; components that others lead to have the smaller numbers. */
  readonly of: Int32Array;
  readonly count: number;
}

export function componentsOf(size: number, edges: (node: number) => readonly number[]): Components {
  const of = new Int32Array(size).fill(-1);
  const order = new Int32Array(size).fill(-1);
  const lowest = new Int32Array(size);
  const open: number[] = [];
  const path: { readonly node: number; readonly edges: readonly number[]; at: number }[] = [];
  let met = 0;
  let count = 0;
  const enter = (node: number): void => {
    order[node] = lowest[node] = met++;
    open.push(node);
    path.push({ node, edges: edges(node), at: 0 });
  };
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue;
    enter(root);
    for (let step = path[path.length - 1]; step !== undefined; step = path[path.length - 1]) {
      const { node } = step;
      const next = step.edges[step.at++];
      if (next !== undefined) {
        if (order[next] === -1) enter(next);
        else if (of[next] === -1) lowest[node] = Math.min(lowest[node] ?? 0, order[next] ?? 0);
        continue;
      }
      path.pop();
      const outer = path[path.length - 1];
      if (outer !== undefined) lowest[outer.node] = Math.min(lowest[outer.node] ?? 0, lowest[node] ?? 0);
      if (lowest[node] !== order[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        of[member] = count;
        if (member === node) break;
      }
      count++;
    }
  }
  return { of, count };
}
