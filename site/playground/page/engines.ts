/** The page's side of its workers: the latest question is answered, older ones are dropped. */
import type { Reply, Request } from "../core/messages.js";

type Numbered = Extract<Request, { readonly id: number }>;
type Listener = (reply: Reply) => void;

/** A worker that is asked one thing at a time. */
export class Engine {
  readonly #worker: Worker;
  readonly #listener: Listener;
  #isBusy = false;
  #waiting: Numbered | null = null;

  constructor(listener: Listener) {
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "zopf" });
    this.#listener = listener;
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.#take(data));
    this.#worker.addEventListener("error", ({ message }) => listener({ kind: "fault", id: -1, message }));
  }

  /** Asked when the answer at hand is there, unless a later question takes its place. */
  ask(request: Numbered): void {
    if (this.#isBusy) {
      this.#waiting = request;
      return;
    }
    this.#isBusy = true;
    this.#worker.postMessage(request);
  }

  /** Said at once. */
  say(request: Request): void {
    this.#worker.postMessage(request);
  }

  #take(reply: Reply): void {
    const isProgress = reply.kind === "log" && !reply.progress.done;
    // What was said, and not asked, keeps nobody waiting.
    if (reply.kind !== "ruleset" && reply.kind !== "fix" && !isProgress) {
      const next = this.#waiting;
      this.#waiting = null;
      this.#isBusy = next !== null;
      if (next !== null) this.#worker.postMessage(next);
    }
    this.#listener(reply);
  }
}
