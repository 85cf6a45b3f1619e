/** How fail2ban counts the failures of a client, in log time. */
import type { LineEngine } from "../line-engine.js";

interface Counted {
  retries: number;
  first: number;
  last: number;
}

export class FailCounter {
  readonly #maxRetry: number;
  readonly #findTime: number;
  readonly #clients = new Map<string, Counted>();

  /** @param findTime - seconds */
  constructor(maxRetry: number, findTime: number) {
    this.#maxRetry = maxRetry;
    this.#findTime = findTime;
  }

  /**
   * One more failure; true: it is the one that bans. A client is forgotten once its last failure is too old. A failure
   * from before the time that counts is not taken off: how many there are within that time is estimated from how many
   * there were so far.
   */
  add(client: string, time: number): boolean {
    const known = this.#clients.get(client);
    const counted = known !== undefined && known.last > time - this.#findTime ? known : undefined;
    if (counted === undefined) this.#clients.set(client, { retries: 1, first: time, last: time });
    else {
      if (time > counted.last) {
        if (counted.first < time - this.#findTime) {
          counted.retries = roundEven((counted.retries / (time - counted.first)) * this.#findTime);
          counted.first = time - this.#findTime;
        }
        counted.last = time;
      }
      counted.retries += 1;
    }
    if ((counted?.retries ?? 1) < this.#maxRetry) return false;
    this.#clients.delete(client);
    return true;
  }
}

/** Python's `round`: a half goes to the even number. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const over = value - floor;
  if (over !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * As OSSEC and Wazuh count the lines of a rule: exactly those within the time, of the newest ones; and once one client has
 * come to the number, the lines before that no longer count; in OSSEC those of other clients neither
 * (docs/reference/ossec.md#correlation, docs/reference/wazuh.md#correlation-in-wazuh).
 */
export class WindowCounter {
  readonly #maxRetry: number;
  readonly #findTime: number;
  readonly #remembered: number;
  readonly #together: boolean;
  #events: { readonly client: string; readonly time: number }[] = [];

  /** @param findTime - seconds */
  constructor(
    maxRetry: number,
    findTime: number,
    { mostEvents, countsTogether }: Pick<LineEngine, "mostEvents" | "countsTogether">,
  ) {
    this.#maxRetry = maxRetry;
    this.#findTime = findTime;
    this.#remembered = mostEvents - 1;
    this.#together = countsTogether;
  }

  /** One more failure; true: it is the one that blocks. */
  add(client: string, time: number): boolean {
    this.#events.push({ client, time });
    while (
      this.#events.length > this.#remembered ||
      (this.#events[0] !== undefined && time - this.#events[0].time > this.#findTime)
    )
      this.#events.shift();
    const within = this.#events.filter((one) => one.client === client && time - one.time <= this.#findTime);
    if (within.length < this.#maxRetry) return false;
    this.#events = this.#together ? [] : this.#events.filter((one) => one.client !== client);
    return true;
  }
}
