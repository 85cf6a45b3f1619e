import { lowerCase } from "../../ossec/load/text.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const orderUnknownName: LintRule = {
  code: "OSSEC-ORDER-UNKNOWN-NAME",
  effect: "style",
  title: "A name of an order that is nearly one of the engine's",
  why: "Any other word is a dynamic field: rules, same_* and active responses do not see it.",
  instead:
    "Use the engine's name: srcip, dstip, srcport, dstport, srcuser, user, protocol, extra_data, system_name …",
  reference: "docs/reference/ossec.md#decoder-fields (order)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>«src_ip»</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>srcip</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      for (const field of decoder.order ?? []) {
        const meant =
          field.kind === "dynamic" ? nearNames.get(lowerCase(field.name).replace(/[^a-z]/g, "")) : undefined;
        if (field.kind !== "dynamic" || meant === undefined || lowerCase(field.name) === meant) continue;
        const element = elementsNamed(context.written.decoder(decoder), "order").at(-1);
        report(
          element?.content ?? context.written.decoder(decoder).place,
          `${field.name} of decoder "${decoder.name}" is a dynamic field, not ${meant}`,
        );
      }
    }
  },
};

const nearNames: ReadonlyMap<string, string> = new Map([
  ...["srcip", "sourceip", "srcaddr", "saddr", "clientip", "remoteip"].map((name): [string, string] => [
    name,
    "srcip",
  ]),
  ...["dstip", "destip", "destinationip", "dstaddr", "daddr"].map((name): [string, string] => [
    name,
    "dstip",
  ]),
  ...["srcport", "sourceport", "sport"].map((name): [string, string] => [name, "srcport"]),
  ...["dstport", "destport", "destinationport", "dport"].map((name): [string, string] => [name, "dstport"]),
  ...["username", "dstuser"].map((name): [string, string] => [name, "user"]),
  ["srcuser", "srcuser"],
  ["proto", "protocol"],
  ["extradata", "extra_data"],
  ["systemname", "system_name"],
]);
