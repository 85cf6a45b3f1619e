import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { readWhole } from "../files/read-whole.js";
import { reasonOf } from "../files/system-error.js";
import { parseAddress } from "../zeek/values/address.js";
import { createSubnetSet, parseSubnet, type Subnet } from "../zeek/values/subnet.js";
import { codes } from "./codes.js";

/** Known addresses: whether one is among them. */
export interface KnownList {
  readonly has: (address: string) => boolean;
  /** Addresses and networks that it names. */
  readonly size: number;
}

/** A file of addresses and networks, one a line; `#` begins a comment. */
export function readKnownList(file: string): {
  readonly list: KnownList;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const nets = new Map<string, Subnet>();
  for (const [index, line] of readLines(file, diagnostics).entries()) {
    const text = (line.split("#")[0] ?? "").trim();
    if (text === "") continue;
    const net = parseSubnet(text.includes("/") ? text : hostOf(text));
    if (net !== undefined) nets.set(net.text, net);
    else
      diagnostics.push(
        codes.list(
          { file, line: index + 1, column: 1 },
          `${JSON.stringify(text.slice(0, 60))} is neither an address nor a network`,
          "write one a line: 192.0.2.7, 10.0.0.0/8, 2001:db8::/32; # begins a comment",
        ),
      );
  }
  const set = createSubnetSet(nets.values());
  return { list: { has: (address) => set.has(address), size: nets.size }, diagnostics };
}

function hostOf(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? "" : `${address.text}/${address.isV4 ? 32 : 128}`;
}

function readLines(file: string, diagnostics: Diagnostic[]): readonly string[] {
  try {
    return readWhole(file)
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .split(/\r?\n/);
  } catch (error) {
    const reason = reasonOf(error);
    diagnostics.push(codes.list({ file, line: 1, column: 1 }, `cannot be read: ${reason}`));
    return [];
  }
}
