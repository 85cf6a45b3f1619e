import { AsyncLocalStorage } from "node:async_hooks";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";

/** Set in the code of a bundle and in what it leaves in the queue of promises, and nowhere else. */
const inBundle = new AsyncLocalStorage<true>();

const timers = ["setTimeout", "setInterval", "setImmediate"] as const;

/**
 * Runs a bundle, and waits until what it left in the queue of promises has run too. Meanwhile it cannot end
 * the process, which would look like success, and starts no timer: zopf reads a bundle in one go, so that a
 * timer could only keep the process alive, or end it with an error that nobody catches. Other code of the
 * process, as a test runner's, keeps its timers; several bundles may run at a time.
 */
export async function contained<T>(run: () => T): Promise<T> {
  hold();
  try {
    const result = inBundle.run(true, run);
    await new Promise<void>((resolve) => setImmediate(resolve));
    return result;
  } finally {
    letGo();
  }
}

let held = 0;
let restore: () => void = () => undefined;

function hold(): void {
  held += 1;
  if (held === 1) restore = replaceGlobals();
}

function letGo(): void {
  held -= 1;
  if (held === 0) restore();
}

/** Returns what puts them back. */
function replaceGlobals(): () => void {
  const { exit, abort } = process;
  const refuse = (name: string): never => {
    throw new Error(`process.${name} was called; a bundle only describes, it cannot end zopf`);
  };
  process.exit = (code) => (inBundle.getStore() ? refuse("exit") : exit.call(process, code));
  process.abort = () => (inBundle.getStore() ? refuse("abort") : abort.call(process));
  const before = timers.map((name) => [name, globalThis[name]] as const);
  for (const [name, start] of before) {
    const instead = (...args: readonly unknown[]): unknown =>
      inBundle.getStore() ? idle() : Reflect.apply(start, globalThis, args);
    Reflect.set(globalThis, name, instead);
  }
  return () => {
    process.exit = exit;
    process.abort = abort;
    for (const [name, start] of before) Reflect.set(globalThis, name, start);
  };
}

/** Some packages call .unref() on what they get, so it is a timer, but one that has ended. */
function idle(): NodeJS.Timeout {
  const timer = setTimeout(() => undefined, 0);
  clearTimeout(timer);
  return timer;
}
