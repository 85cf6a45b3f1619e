/** Proofs of parts that are run by themselves, as one. */
import type { Proof } from "./prove.js";

/** Null: there is none. */
export function joinedProofs(proofs: readonly Proof[]): Proof | null {
  const [first, ...more] = proofs;
  if (first === undefined || more.length === 0) return first ?? null;
  const sum = (count: (proof: Proof) => number): number =>
    proofs.reduce((total, proof) => total + count(proof), 0);
  const all = <T>(list: (proof: Proof) => readonly T[]): readonly T[] => proofs.flatMap(list);
  const unique = (list: (proof: Proof) => readonly string[]): readonly string[] =>
    [...new Set(all(list))].sort();
  return {
    by: first.by,
    lines: sum(({ lines }) => lines),
    same: sum(({ same }) => same),
    differences: all(({ differences }) => differences),
    answered: sum(({ answered }) => answered),
    unproven: all(({ unproven }) => unproven),
    behaviour: {
      nowBlocked: unique(({ behaviour }) => behaviour.nowBlocked),
      noLongerBlocked: unique(({ behaviour }) => behaviour.noLongerBlocked),
      alertsBefore: sum(({ behaviour }) => behaviour.alertsBefore),
      alertsAfter: sum(({ behaviour }) => behaviour.alertsAfter),
    },
    diagnostics: all(({ diagnostics }) => diagnostics),
  };
}
