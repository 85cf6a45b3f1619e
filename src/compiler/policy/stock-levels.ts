/**
 * How many rules OSSEC's stock rule set has at each level from 0 up: counted over all its rule files
 * (1,300 rules; 471 of them at level 6 or above). A host may load fewer of the files, and others of its own.
 */
const stockRules: readonly number[] = [322, 61, 40, 146, 71, 195, 55, 51, 112, 32, 146, 3, 62, 3, 6, 1];

/** Stock rules of this level or above. */
export function stockRulesFrom(level: number): number {
  return stockRules.slice(level).reduce((sum, count) => sum + count, 0);
}
