import type { HostTree } from "./host-tree.js";

export interface NumericOwner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Looks `user:group` up in the root's own /etc/passwd and /etc/group. Null where they do not say, and where
 * we are not root and could not set it.
 */
export function ownerLookup(tree: HostTree): (owner: string) => NumericOwner | null {
  if (process.getuid?.() !== 0 || !tree.real) return () => null;
  const users = numbers(tree, "/etc/passwd");
  const groups = numbers(tree, "/etc/group");
  return (owner) => {
    const [user = "", group = ""] = owner.split(":");
    const uid = users.get(user);
    const gid = groups.get(group);
    return uid === undefined || gid === undefined ? null : { uid, gid };
  };
}

/** Name and number of each line `name:password:number:…`. */
function numbers(tree: HostTree, target: string): ReadonlyMap<string, number> {
  const found = tree.read(target);
  const result = new Map<string, number>();
  if (found.kind !== "file") return result;
  for (const line of Buffer.from(found.bytes).toString("latin1").split("\n")) {
    const [name, , number] = line.split(":");
    if (name !== undefined && number !== undefined && /^\d{1,10}$/.test(number) && !result.has(name))
      result.set(name, Number(number));
  }
  return result;
}
