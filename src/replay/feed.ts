import type { ChainLine } from "./chain-line.js";
import type { NoticeEvent } from "./timeline.js";

/** Something that enters the chain: a line for OSSEC, and the notice that it carries. */
export interface Feed {
  /** Epoch seconds; the chain is fed in this order. */
  readonly time: number;
  readonly notice: NoticeEvent | null;
  /** null: a notice that OSSEC is not given to read. */
  readonly line: ChainLine | null;
}
