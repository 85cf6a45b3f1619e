import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const orderBlankSeparator: LintRule = {
  code: "OSSEC-ORDER-BLANK-SEPARATOR",
  trap: "order-blank-separator",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "Blanks between the names of an order",
  why: "Only commas separate names. Behind a blank everything up to the next comma is dropped, so that name is never filled.",
  instead: "Put commas between the names.",
  reference: "docs/reference/ossec.md#decoder-fields (order)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+) (\S+)</regex><order>«id url»</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+) (\S+)</regex><order>id, url</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      const element = elementsNamed(context.written.decoder(decoder), "order").at(-1);
      const lost = element?.value.split(",").find((entry) => /\S +\S/.test(entry));
      if (element === undefined || lost === undefined) continue;
      const [kept = "", ...others] = lost.trim().split(/ +/);
      report(
        element.content,
        `decoder "${decoder.name}" never fills ${others.join(", ")}: only ${kept} is read of "${lost.trim()}"`,
      );
    }
  },
};
