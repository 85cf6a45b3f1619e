import { rewrite } from "../edits.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const orderCount: LintRule = {
  code: "OSSEC-ORDER-COUNT",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "An order with more names than the regex has groups",
  why: "Names are filled from the captures in their order: a name without a capture is never filled.",
  instead: "Put a group ( ) around everything that the order names.",
  reference: "docs/reference/ossec.md#decoder-fields (surplus names unused)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+) \S+</regex><order>«id, url»</order></decoder>`,
  },
  fixed: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+) \S+</regex><order>id</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+) (\S+)</regex><order>id, url</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      const { name, order, regex } = decoder;
      if (order === null || regex === null) continue;
      const compiled = context.loaded.dialect.compilePattern(regex);
      if (!compiled.ok || compiled.value.groups >= order.length) continue;
      const { groups } = compiled.value;
      const { elements, place } = context.written.decoder(decoder);
      const element = elementsNamed({ elements }, "order").at(-1);
      report(
        element?.content ?? place,
        `decoder "${name}" has ${order.length} names and ${groups} ${groups === 1 ? "group" : "groups"}`,
        element === undefined || groups === 0
          ? {}
          : rewrite(
              "Keep the names that are filled.",
              element.content,
              element.value,
              element.value.split(",").slice(0, groups).join(","),
            ),
      );
    }
  },
};
