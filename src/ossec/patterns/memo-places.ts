/** Where a program's failures may be remembered: not where what follows looks at captures, which differ from way to way. */
import type { Instruction, MemoPlace } from "./instruction.js";

export interface MutableMemo extends MemoPlace {
  readonly address: number;
  usable: boolean;
}

/** The addresses that an instruction leads to. */
function successors(
  instruction: Instruction,
  address: number,
  entries: ReadonlyMap<number, number>,
): readonly number[] {
  switch (instruction.op) {
    case "split":
      return [instruction.first, instruction.second];
    case "jump":
      return [instruction.to];
    case "round":
      return [instruction.exit, address + 1];
    case "atomic":
      return [instruction.body, instruction.next];
    case "look":
      return [...instruction.bodies.map(({ at }) => at), instruction.next, instruction.otherwise];
    case "call":
      return [entries.get(instruction.groups[0] ?? 0) ?? 0, address + 1];
    case "ifGroup":
      // Without groups it is the condition that never holds.
      return instruction.groups.length === 0 ? [instruction.otherwise] : [];
    case "ifCalling":
      return [instruction.otherwise, address + 1];
    case "done":
    case "fail":
    case "match":
    case "reference":
      return [];
    default:
      return [address + 1];
  }
}

/** Makes useless the places from which a test of captures can be reached. */
export function markUsable(
  code: readonly Instruction[],
  memos: readonly MutableMemo[],
  entries: ReadonlyMap<number, number>,
): void {
  const tests = code.flatMap((instruction, address) => {
    const { op } = instruction;
    return op === "reference" || (op === "ifGroup" && instruction.groups.length > 0) ? [address] : [];
  });
  if (tests.length === 0) return;
  const before: number[][] = code.map(() => []);
  code.forEach((instruction, address) => {
    for (const next of successors(instruction, address, entries)) before[next]?.push(address);
  });
  const reaching = new Set<number>();
  for (let address = tests.pop(); address !== undefined; address = tests.pop()) {
    if (reaching.has(address)) continue;
    reaching.add(address);
    tests.push(...(before[address] ?? []));
  }
  for (const memo of memos) if (reaching.has(memo.address)) memo.usable = false;
}
