/** Bans that grow (`bantime.increment`), as far as one list of longer blocks for the whole host can say them. */
import type { Refused } from "../draft.js";
import { durationText } from "./durations.js";
import type { Jail } from "./jails.js";

/** OSSEC's and Wazuh's list takes no more. */
const mostSteps = 5;

/** In the place of a ban for ever. */
export const forEver = 365 * 86_400;

export const blockSeconds = ({ banTime }: Jail): number => (banTime < 0 ? forEver : Math.max(1, banTime));

/** The second ban of a client and those after it: whole minutes, in seconds, each longer than the one before. */
function stepsOf(jail: Jail): readonly number[] {
  if (jail.growth === null || jail.banTime < 0) return [];
  const { factors, longest } = jail.growth;
  const steps: number[] = [];
  let last = jail.banTime;
  for (const factor of factors.slice(1)) {
    const wanted = Math.min(jail.banTime * factor, longest ?? Number.POSITIVE_INFINITY, forEver);
    const step = Math.ceil(wanted / 60) * 60;
    if (step > last && steps.length < mostSteps) {
      steps.push(step);
      last = step;
    }
  }
  return steps;
}

export interface SharedGrowth {
  /** Seconds; none: blocks do not grow. */
  readonly steps: readonly number[];
  readonly refused: readonly Refused[];
}

/** The list of the jail that bans for the longest time, where it is longer than every jail's first ban. */
export function sharedGrowth(jails: readonly Jail[], product: string): SharedGrowth {
  const growing = jails.filter(({ growth }) => growth !== null);
  const [longest] = [...jails].sort((one, other) => blockSeconds(other) - blockSeconds(one));
  const [chosen] = growing
    .filter((jail) => stepsOf(jail).length > 0)
    .sort((one, other) => blockSeconds(other) - blockSeconds(one));
  if (chosen === undefined || longest === undefined) return { steps: [], refused: [] };
  const steps = stepsOf(chosen);
  const oneList = `${product} has one list of longer blocks, for all of the host`;
  if ((steps[0] ?? 0) <= blockSeconds(longest))
    return {
      steps: [],
      refused: [
        {
          what: `bantime.increment of jail ${chosen.name}`,
          place: chosen.growth?.place ?? chosen.place,
          reason: `${oneList}: a second block of ${durationText(steps[0] ?? 0)} would be no longer than the first of jail ${longest.name}, ${durationText(blockSeconds(longest))}`,
          help: `take jail ${longest.name}'s block out of the bundle, then give the others escalate: ${JSON.stringify(steps.map(durationText))}`,
        },
      ],
    };
  const others = jails.filter((jail) => stepsOf(jail).join() !== steps.join());
  return {
    steps,
    refused: others.map((jail) => ({
      what: `the length of repeated bans of jail ${jail.name}`,
      place: jail.growth?.place ?? jail.place,
      reason: `${oneList}: it is that of jail ${chosen.name}, ${steps.map(durationText).join(", ")}`,
    })),
  };
}
