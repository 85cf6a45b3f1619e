/** A bundle that runs, held so that nothing of it goes on behind zopf's back. */
export interface Contained {
  /** Waits until what the bundle left in the queue of promises has run. */
  readonly settled: () => Promise<void>;
  readonly release: () => void;
}

const timers = ["setTimeout", "setInterval", "setImmediate"] as const;

/**
 * Until `release` the process cannot be ended by the bundle, which would look like success, and no timer is
 * started: zopf reads a bundle in one go, so that a timer could only keep the process alive, or end it with an
 * error that nobody catches.
 */
export function contain(): Contained {
  const { exit, abort } = process;
  const { clearTimeout, setTimeout, setImmediate } = globalThis;
  const refuse = (name: string) => (): never => {
    throw new Error(`process.${name} was called; a bundle only describes, it cannot end zopf`);
  };
  process.exit = refuse("exit");
  process.abort = refuse("abort");
  const before = timers.map((name) => [name, Reflect.get(globalThis, name)] as const);
  // Some packages call .unref() on what they get, so it is a timer, but one that has ended.
  const idle = (): NodeJS.Timeout => {
    const timer = setTimeout(() => undefined, 0);
    clearTimeout(timer);
    return timer;
  };
  for (const name of timers) Reflect.set(globalThis, name, idle);
  return {
    settled: () => new Promise<void>((resolve) => setImmediate(resolve)),
    release: () => {
      process.exit = exit;
      process.abort = abort;
      for (const [name, value] of before) Reflect.set(globalThis, name, value);
    },
  };
}
