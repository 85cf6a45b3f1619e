/** Why a bundle answers otherwise than fail2ban, where docs/import-fail2ban.md says that it does. */
import { predecode } from "../../../ossec/predecode/index.js";
import type { FilterText } from "../filter.js";
import type { LineEngine } from "../line-engine.js";
import type { FoundHost } from "../python/match.js";
import type { Judgement } from "../run/line-filter.js";
import { latin1, sameAddress } from "./address-text.js";
import type { ReadableJail } from "./jail-side.js";

/** A control byte in an expression. */
export const controls = /\\(?:x[01][\da-f]|[tvf])/i;

export const headTaken = "a word of the message stands where the host's name or the program's is taken from";

/** Why the bundle may not take a line that fail2ban takes; null: it has to. */
export function lossOf(
  { jail, by, host }: { readonly jail: ReadableJail; readonly by: FilterText; readonly host: FoundHost },
  line: string,
): string | null {
  if (host.kind === "name") return "its client is a name, which fail2ban looks up";
  const isHead = otherHeads(line, jail.forms.engine);
  if (isHead.length > 0 && !isHead.some((other) => failsAs(jail.judge(other), host.text))) return headTaken;
  return jail.lossOf(by);
}

/**
 * The line without the words that OSSEC takes for its host, without host and program, and with a process id or without: what
 * pre-decoding cuts off, a decoder does not see.
 */
export function otherHeads(line: string, { dialect }: LineEngine): readonly string[] {
  const cut = predecode(latin1(line), { dialect, ownHostname: "host1" });
  if (cut.ignored === true) return [];
  const { hostname, log } = cut;
  const message = Buffer.from(log, "latin1").toString("utf8");
  if (message === line || !line.endsWith(message)) return [];
  const head = line.slice(0, line.length - message.length);
  const word = hostname === "host1" ? -1 : head.lastIndexOf(` ${hostname}`);
  const unhosted = word < 0 ? head : head.slice(0, word) + head.slice(word + hostname.length + 1);
  return [head, unhosted]
    .flatMap((one) => [one, one.replace(/\[\d+\](:? )$/, "$1"), one.replace(/(?<=[\w)])(:? )$/, "[812]$1")])
    .concat(head.replace(/(\d\d:\d\d:\d\d\S*).*$/, "$1 "))
    .map((one) => one + message)
    .filter((other) => other !== line);
}

export const failsAs = (judgement: Judgement, address: string): boolean =>
  judgement.kind === "failure" &&
  (judgement.host.kind === "name" || sameAddress(judgement.host.text, address));
