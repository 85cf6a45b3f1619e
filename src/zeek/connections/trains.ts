/** Packets of a steady flow: one each `gap` seconds from `first` to `last`. */
export interface Train {
  readonly first: number;
  readonly last: number;
  readonly gap: number;
  /** Those before this time are not known: the row came too late to tell of them. */
  readonly from: number;
}

export interface Trains {
  /** Remembers a flow; those that ended before `over` are forgotten when there are many. */
  add(train: Train, over: number): void;
  /** The earliest packet of any flow at or after a time; Infinity when there is none. */
  firstFrom(time: number): number;
}

/** Flows that are remembered before those that are over are looked for. */
const FEW = 64;

/** The earliest packet of a flow at or after a time; Infinity when there is none. */
export function packetFrom({ first, last, gap, from }: Train, asked: number): number {
  const least = Math.max(asked, from);
  if (last < least) return Number.POSITIVE_INFINITY;
  if (least <= first) return first;
  // Nearer than times are written.
  if (gap < 1e-6) return least;
  let number = Math.ceil((least - first) / gap);
  // The division rounds: packets are those that the product says.
  while (number > 0 && first + (number - 1) * gap >= least) number--;
  while (first + number * gap < least) number++;
  const time = first + number * gap;
  return time <= last ? time : Number.POSITIVE_INFINITY;
}

export function createTrains(): Trains {
  let trains: Train[] = [];
  let many = FEW;
  return {
    add(train, over) {
      trains.push(train);
      if (trains.length <= many) return;
      trains = trains.filter(({ last }) => last >= over);
      many = Math.max(FEW, 2 * trains.length);
    },
    firstFrom(time) {
      let earliest = Number.POSITIVE_INFINITY;
      for (const train of trains) earliest = Math.min(earliest, packetFrom(train, time));
      return earliest;
    },
  };
}
