import { type Hit, readHit } from "../detections/detector.js";
import { compileEvaluator, type Globals } from "../detections/expressions/evaluate.js";
import { noticeLine } from "../detections/lines.js";
import { formatAddress, parseAddress } from "../firewall/address.js";
import type { Model, ZeekDetectionModel } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { Chain } from "../replay/chain.js";
import type { Reached } from "./counting.js";

/** What becomes of a detection's hits behind Zeek. */
export interface Blocking {
  readonly sourceOf: (reached: Reached) => string;
  /** Whether a notice of the key leads to a block; every source is asked about once. */
  readonly blocks: (reached: Reached) => boolean;
}

/** OSSEC and the packet filter, asked with one notice a source, as `zopf replay` would play it. */
export function createBlocking(
  model: Model,
  detection: ZeekDetectionModel,
  loaded: LoadedOssec,
  localNets: Globals<Hit>["localNets"],
): Blocking {
  const globals: Globals<Hit> = { localNets, networkTime: ({ time }) => time };
  const message = compileEvaluator(detection.message, readHit, globals);
  const source = compileEvaluator(detection.source, readHit, globals);
  const chain = new Chain({ model, loaded, timeZone: "UTC" });
  const noticeLog = model.zeek?.noticeLog;
  const known = new Map<string, boolean>();
  const sourceOf = (reached: Reached): string => String(source(reached));
  return {
    sourceOf,
    blocks(reached) {
      const from = sourceOf(reached);
      const before = known.get(from);
      if (before !== undefined) return before;
      if (noticeLog === undefined) return false;
      const text = noticeLine(noticeLog, {
        time: reached.time,
        note: detection.note,
        message: String(message(reached)),
        source: from,
        suppressFor: detection.suppress,
      });
      const address = parseAddress(from);
      const shown = address === null ? from : formatAddress(address);
      const { file } = noticeLog;
      const events = chain.feed({ text, time: reached.time, location: file, file: null, lineNumber: null });
      const blocked = events.some(({ kind, source: about }) => kind === "block" && about === shown);
      known.set(from, blocked);
      return blocked;
    },
  };
}
