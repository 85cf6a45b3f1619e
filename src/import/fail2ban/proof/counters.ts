/** What jails count, and whom they ban. */
import { FailCounter, WindowCounter } from "../run/fail-counter.js";
import type { Failure } from "./comparison.js";
import type { ReadableJail } from "./jail-side.js";

/** The longest `timeframe`, of OSSEC and Wazuh. */
export const longestWithin = 99_999;

/** Where the bundle blocks as OSSEC counts. */
export const countedOtherwise =
  "another first ban: fail2ban estimates, or counts lines that the bundle does not; what remembers the lines may forget those of others at a block";

export const blockText = (blocks: ReadonlyMap<string, number>): string =>
  blocks.size === 0
    ? "nobody"
    : [...blocks].map(([address, seconds]) => `${address} for ${seconds} s`).join(", ");

/** What jails count: as fail2ban does, and as OSSEC does. */
export class Counters {
  readonly #jails = new Map<ReadableJail, { readonly ban: FailCounter; readonly block: WindowCounter }>();

  constructor(jails: readonly ReadableJail[]) {
    for (const one of jails)
      if (one.jail !== null) {
        const { maxRetry, findTime } = one.jail;
        this.#jails.set(one, {
          ban: new FailCounter(maxRetry, findTime),
          block: new WindowCounter(maxRetry, Math.min(findTime, longestWithin), one.forms.engine),
        });
      }
  }

  /** Addresses that fail2ban bans at these failures, and for how long. */
  bans(failures: readonly Failure[], time: number): ReadonlyMap<string, number> {
    const fired = failures.filter(
      ({ jail, address }) => this.#jails.get(jail)?.ban.add(address, time) === true,
    );
    return new Map(fired.map(({ jail, address }) => [address, jail.seconds]));
  }

  /** Addresses that are blocked at them by exact counting. */
  counted(failures: readonly Failure[], time: number): ReadonlyMap<string, number> {
    const fired = failures.filter(
      ({ jail, address }) => this.#jails.get(jail)?.block.add(address, time) === true,
    );
    return new Map(fired.map(({ jail, address }) => [address, jail.seconds]));
  }
}
