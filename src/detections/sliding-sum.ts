/** Amounts and their moments, oldest first: the record of a sliding sum in the emitted script. */
export interface SlidingSum {
  times: number[];
  amounts: number[];
  /** Those before it have left the window. */
  first: number;
  /** Sum of the others. */
  total: number;
}

export function createSlidingSum(): SlidingSum {
  return { times: [], amounts: [], first: 0, total: 0 };
}

/** Empties it for another key. */
export function clearSlidingSum(sum: SlidingSum): void {
  sum.times = [];
  sum.amounts = [];
  sum.first = 0;
  sum.total = 0;
}

/** Adds an amount and returns the sum within the window; the same steps in the same order as the script. */
export function addAmount(
  sum: SlidingSum,
  amount: number,
  now: number,
  window: number,
  members: number,
): number {
  const { times, amounts } = sum;
  for (;;) {
    const time = times[sum.first];
    if (time === undefined || !(now - time >= window)) break;
    sum.total -= amounts[sum.first] ?? 0;
    sum.first++;
  }
  times.push(now);
  amounts.push(amount);
  sum.total += amount;
  if (times.length > 2 * members) shorten(sum, window, members);
  return sum.total;
}

/** Drops what has left the window; adds up neighbours where too many are left. */
function shorten(sum: SlidingSum, window: number, members: number): void {
  const crowded = sum.times.length - sum.first > members;
  const step = (window * 2) / (members + 1);
  const times: number[] = [];
  const amounts: number[] = [];
  for (let i = sum.first; i < sum.times.length; i++) {
    const time = sum.times[i] ?? 0;
    const amount = sum.amounts[i] ?? 0;
    const last = times.length - 1;
    if (crowded && last >= 0 && time - (times[last] ?? 0) < step)
      amounts[last] = (amounts[last] ?? 0) + amount;
    else {
      times.push(time);
      amounts.push(amount);
    }
  }
  sum.times = times;
  sum.amounts = amounts;
  sum.first = 0;
}
