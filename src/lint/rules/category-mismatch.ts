import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const categoryMismatch: LintRule = {
  code: "OSSEC-CATEGORY-MISMATCH",
  trap: "category-mismatch",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A rule of another category than its decoder's events",
  why: "A rule is tried only for events whose type is its category. The decoder that it asks for makes events of another type.",
  instead: "Write the <category> that the decoder's <type> says, or change the type.",
  reference: "docs/reference/ossec.md#matching-rules (every root whose category equals the event's type)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="5"><category>firewall</category><decoded_as>«app»</decoded_as><description>a</description></rule>`,
  },
  good: {
    decoders: `<decoder name="app"><type>firewall</type><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="5"><category>firewall</category><decoded_as>app</decoded_as><description>a</description></rule>`,
  },
  check(context, report) {
    if (!context.complete) return;
    for (const written of context.rules) {
      const { rule } = written;
      const places = context.tree.places.get(rule) ?? [];
      if (written.overwrite || places.length === 0) continue;
      // The engine itself makes events of category ossec.
      const category =
        rule.id < 10 || rule.category === "ossec" ? undefined : elementsNamed(written, "category").at(-1);
      const types = new Set<string>();
      let unknown = false;
      for (const { decodedAs, conflict } of places) {
        // Without <decoded_as> any decoder will do, so one of them all must make such events.
        const outcomes =
          conflict || (decodedAs === null && category === undefined) ? [] : context.outcomes.named(decodedAs);
        if (outcomes.length === 0) unknown = true;
        for (const { type, opaque } of outcomes) {
          types.add(type);
          if (opaque) unknown = true;
        }
      }
      if (unknown || types.has(rule.category)) continue;
      // A rule above it says so already.
      if (
        places.some(({ parent }) => parent !== null && parent.decodedAs !== null && parent.node.rule.id >= 10)
      )
        continue;
      const element = elementsNamed(written, "decoded_as").at(-1) ?? category;
      const source = places.some(({ decodedAs }) => decodedAs === null) ? "all decoders" : "its decoder";
      report(
        element?.content ?? written.place,
        `rule ${rule.id} is never tried: it is of category ${rule.category}, events of ${source} are of type ${[...types].join(", ")}`,
      );
    }
  },
};
