import type { Caps, NoticeText, OwnLog, ZeekDetection } from "../../dsl/detection.js";
import type { LogDetection } from "../../dsl/zeek-log.js";
import { codes } from "../codes.js";
import {
  type Accepts,
  exactlyOne,
  func,
  number,
  type Output,
  object,
  oneOf,
  optional,
  record,
  refined,
  yes,
} from "./decoder.js";
import { logPath, noticeName, refuseColumn } from "./names.js";
import { rule } from "./rule.js";
import { duration, durationOrNone, integer } from "./scalars.js";
import { event } from "./zeek-event.js";

/** How much is too much: a count, or a sum of any size. */
export const threshold = refined(number, (value, field) =>
  value > 0 && value <= Number.MAX_SAFE_INTEGER
    ? value
    : field.report(
        codes.number(
          field.span(),
          `${field.label} must be a number ${value > 0 ? `up to ${Number.MAX_SAFE_INTEGER}` : "above 0"}`,
        ),
      ),
);

export const caps = object({
  keys: optional(integer(1, 10_000_000)),
  members: optional(integer(1, 100_000)),
}) satisfies Accepts<Caps>;

const window = exactlyOne(
  'one of { sliding: "1 min" }, { fixed }, { writeExpire }, { readExpire }',
  { sliding: duration, fixed: duration, writeExpire: duration, readExpire: duration },
  {},
);

const count = exactlyOne(
  "{ distinct: (c) => ... }, { events: true } or { sum: (c) => ... }",
  { distinct: func, events: yes, sum: func },
  {},
);

const notice = object({ message: func, suppress: optional(durationOrNone) }) satisfies Accepts<NoticeText>;

/** What a preset's notice may say otherwise. */
export const partialNotice = object({
  message: optional(func),
  suppress: optional(durationOrNone),
}) satisfies Accepts<Partial<NoticeText>>;

const columns = refined(record(func, refuseColumn), (found, field) =>
  Object.keys(found).length > 0 ? found : field.refuse("an object with at least one column"),
);

const ownLog = object({ path: logPath, columns }) satisfies Accepts<OwnLog>;

const counting = {
  where: optional(func),
  per: func,
  count,
  threshold,
  window,
  notice,
  rule,
  source: optional(func),
  log: optional(ownLog),
  caps: optional(caps),
  flipped: optional(oneOf("ignore", "keep")),
};

export const zeekDetection = object({
  kind: oneOf("zeek"),
  name: noticeName,
  event,
  ...counting,
}) satisfies Accepts<ZeekDetection>;

/** As `onLog` makes it. */
export const logRowsDetection = object({
  kind: oneOf("rows"),
  name: noticeName,
  event,
  ...counting,
}) satisfies Accepts<LogDetection>;

export type ZeekDetectionDeclaration = Output<typeof zeekDetection> | Output<typeof logRowsDetection>;
export type OwnLogDeclaration = Output<typeof ownLog>;
export type CapsDeclaration = Output<typeof caps>;
