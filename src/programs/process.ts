import { spawn } from "node:child_process";

export interface Ran {
  /** null: killed by a signal, or never started. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** latin1. */
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not start. */
  readonly error: string | null;
}

/** Output beyond this is cut off: no program may fill our memory. */
const mostOutput = 64 << 20;

/** Runs a program without a shell; never rejects. */
export function run(
  program: string,
  words: readonly string[],
  options: {
    readonly cwd?: string;
    readonly input?: Uint8Array;
    readonly env?: Readonly<Record<string, string>>;
    /** Seconds. */
    readonly timeout?: number;
  } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    let timedOut = false;
    let error: string | null = null;
    const child = spawn(program, words, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const timer = setTimeout(
      () => {
        timedOut = true;
        child.kill("SIGKILL");
      },
      (options.timeout ?? 60) * 1000,
    );
    const keep = (pieces: Buffer[]) => (piece: Buffer) => {
      size += piece.length;
      if (size <= mostOutput) pieces.push(piece);
    };
    child.stdout.on("data", keep(out));
    child.stderr.on("data", keep(err));
    child.on("error", (reason) => {
      error = reason.message;
    });
    // A program that does not read its input to the end is no fault of ours.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      const text = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString("latin1");
      resolve({ status, signal, timedOut, stdout: text(out), stderr: text(err), error });
    });
  });
}

/** The last lines that a program printed, for a message. */
export function lastWords(ran: Ran, lines = 6): string {
  if (ran.error !== null) return ran.error;
  if (ran.timedOut) return "it did not end in time and was stopped";
  const text = `${ran.stderr}\n${ran.stdout}`.split("\n").filter((line) => line.trim() !== "");
  const words = Buffer.from(text.slice(-lines).join(" | "), "latin1").toString("utf8").slice(0, 1000);
  if (words !== "") return words;
  return ran.signal === null ? `it ended with status ${ran.status}` : `it was ended by ${ran.signal}`;
}
