import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const orderNewline: LintRule = {
  code: "OSSEC-ORDER-NEWLINE",
  trap: "order-newline",
  effect: "dead",
  title: "A line break inside an order",
  why: "Blanks around names are skipped, line breaks and TABs are not: they become part of the name, which is then a dynamic field.",
  instead: "Write the order on one line.",
  reference: "docs/reference/ossec.md#decoder-fields (order)",
  bad: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+) (\S+)</regex><order>«id,` +
      "\n" +
      `url»</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+) (\S+)</regex><order>id, url</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      const broken = decoder.order?.find(
        (field) => field.kind === "dynamic" && /[\t\n\v\f\r]/.test(field.name),
      );
      const element = elementsNamed(context.written.decoder(decoder), "order").at(-1);
      if (broken?.kind !== "dynamic" || element === undefined) continue;
      report(
        element.content,
        `decoder "${decoder.name}" never fills ${broken.name.trim()}: the line break belongs to the name`,
      );
    }
  },
};
