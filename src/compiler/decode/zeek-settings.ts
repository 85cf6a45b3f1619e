import type { ZeekSettings } from "../../dsl/bundle.js";
import { codes } from "../codes.js";
import { type Accepts, flag, list, type Output, object, oneOf, optional, refined, text } from "./decoder.js";
import { network } from "./network.js";
import { path } from "./scalars.js";

/** The secret word of the dedicated log: it becomes part of a column's name. */
const noticeKey = refined(text, (key, field) => {
  // The word itself is not repeated: messages end up in the logs of CI.
  const problem = !/^[A-Za-z0-9]{16,64}$/.test(key)
    ? "must be 16 to 64 letters and digits"
    : new Set(key.toLowerCase()).size < 6
      ? "can be guessed: it has hardly any different letters"
      : null;
  return problem === null
    ? key
    : field.report(
        codes.text(field.span(), `${field.label} ${problem}`, "make one with: openssl rand -hex 16"),
      );
});

/** Where Zeek lives, on one host of several. */
export const zeekPlace = object({ logs: path, site: path }) satisfies Accepts<
  Pick<ZeekSettings, "logs" | "site">
>;

export const zeekSettings = object({
  logs: path,
  site: path,
  noticeLog: optional(oneOf("dedicated", "notice.log")),
  noticeKey: optional(noticeKey),
  noticeFormat: optional(oneOf("tsv", "json")),
  localNets: optional(list(network)),
  tests: optional(flag),
}) satisfies Accepts<ZeekSettings>;

export type ZeekDeclaration = Output<typeof zeekSettings>;
