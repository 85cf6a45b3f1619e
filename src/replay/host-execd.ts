import type { Execd, ExecdEvent, ResponseRequest, ScriptCall } from "../ossec/response/index.js";

/** A host's execd in log time. Times must not go backwards. */
export interface HostExecd {
  /** Open blocks, the oldest first. */
  readonly open: Execd["open"];
  /**
   * Takes a request; first come the deletes that run before it.
   *
   * @param alert - the alert as JSON, where scripts are given it
   */
  request(request: ResponseRequest, alert: () => string): readonly ExecdEvent[];
  /** Deletes that run up to and including `time`, in time order. */
  advance(time: number): readonly ScriptCall[];
  /** Runs out every timer that is still open, in time order. */
  runOut(): readonly ScriptCall[];
}
