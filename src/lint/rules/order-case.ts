import { lowerCase } from "../../ossec/load/text.js";
import { elementsNamed } from "../elements.js";
import { staticFieldNames } from "../fields.js";
import type { LintRule } from "../model.js";

export const orderCase: LintRule = {
  code: "OSSEC-ORDER-CASE",
  trap: "order-case",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A name of an order in the wrong letter case",
  why: "Order names are case-sensitive: SrcIP is a dynamic field of that name, and srcip stays empty.",
  instead: "Write the name in lower case.",
  reference: "docs/reference/ossec.md#decoder-fields (order)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>«SrcIP»</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>srcip</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      for (const field of decoder.order ?? []) {
        if (field.kind !== "dynamic") continue;
        const name = lowerCase(field.name).trim();
        if (!(staticFieldNames.has(name) || name === "filename")) continue;
        if (lowerCase(field.name) === field.name) continue;
        // Fields of any name are usual in Wazuh: only a source or a user is hardly meant.
        if (context.dialect === "wazuh" && !/^(?:(?:src|dst)(?:ip|user)|user)$/i.test(field.name.trim()))
          continue;
        const element = elementsNamed(context.written.decoder(decoder), "order").at(-1);
        report(
          element?.content ?? context.written.decoder(decoder).place,
          `decoder "${decoder.name}" never fills ${name}: ${field.name.trim()} is a field of its own`,
        );
      }
    }
  },
};
