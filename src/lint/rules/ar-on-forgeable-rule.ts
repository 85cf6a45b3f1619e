import { forgeable } from "../../ossec/forgeable-source.js";
import { placeInSection } from "../conf-sections.js";
import { listed } from "../helpers.js";
import type { LintRule } from "../model.js";

export const arOnForgeableRule: LintRule = {
  code: "OSSEC-AR-ON-FORGEABLE-RULE",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "An active response on an address that can be forged",
  why: "The rule that starts the response gets its source address from a decoder that looks for it anywhere, or behind free text. Who can write into the line has others blocked: your gateway, your name server.",
  instead:
    "Anchor the decoder's pattern, and put the addresses that must never be blocked into the white list.",
  reference: "docs/reference/ossec.md#os_regex, #decoder-fields, #active-response",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app: </prematch><regex offset="after_prematch">from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>srcip</expect></command>\n<active-response><command>block</command><location>local</location><rules_id>«100100»</rules_id></active-response>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app: </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>srcip</expect></command>\n<active-response><command>block</command><location>local</location><rules_id>100100</rules_id></active-response>`,
  },
  check(context, report) {
    for (const { response, section, index } of context.responses) {
      if (!response.command.expect.srcip) continue;
      const rules: number[] = [];
      const decoders = new Set<string>();
      for (const rule of context.loaded.rules) {
        if (!rule.activeResponses.includes(index)) continue;
        const places = context.tree.places.get(rule) ?? [];
        if (places.every(({ decodedAs }) => decodedAs === null)) continue;
        const forged = context.outcomesOf(rule).flatMap(({ decoder, slots }) => {
          if (decoder === null || !slots.has("srcip") || forgeable(decoder) === null) return [];
          return context.stock.isStock(context.written.decoder(decoder).place) ? [] : [decoder.name];
        });
        if (forged.length === 0) continue;
        rules.push(rule.id);
        for (const name of forged) decoders.add(`"${name}"`);
      }
      if (rules.length === 0) continue;
      report(
        placeInSection(section, "rules_id", "rules_group", "level"),
        `rule ${listed(rules)} can be made to block others: srcip of decoder ${listed([...decoders])} can be forged`,
      );
    }
  },
};
