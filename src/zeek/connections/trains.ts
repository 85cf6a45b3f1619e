/** Packets of a steady flow: one each `gap` seconds from `first` to `last`. */
export interface Train {
  readonly first: number;
  readonly last: number;
  readonly gap: number;
}

export interface Trains {
  /** Remembers a flow; those that ended before `over` are forgotten when there are many. */
  add(first: number, last: number, gap: number, over: number): void;
  /** The earliest packet of any flow at or after a time; Infinity when there is none. */
  firstFrom(from: number): number;
}

/** Flows that are remembered; more would not make a busy log's clock any finer. */
const MOST = 64;

function firstOf({ first, last, gap }: Train, from: number): number {
  if (last < from) return Number.POSITIVE_INFINITY;
  const time = from <= first ? first : first + Math.ceil((from - first) / gap) * gap;
  return time <= last ? time : Number.POSITIVE_INFINITY;
}

export function createTrains(): Trains {
  let trains: Train[] = [];
  let swept = Number.NaN;
  return {
    add(first, last, gap, over) {
      if (trains.length >= MOST && over !== swept) {
        swept = over;
        trains = trains.filter((train) => train.last >= over);
      }
      if (trains.length < MOST) trains.push({ first, last, gap });
    },
    firstFrom(from) {
      let earliest = Number.POSITIVE_INFINITY;
      for (const train of trains) earliest = Math.min(earliest, firstOf(train, from));
      return earliest;
    },
  };
}
