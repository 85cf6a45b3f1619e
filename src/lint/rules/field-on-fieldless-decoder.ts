import { elementNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";
import { chainOf } from "../tree.js";

export const fieldOnFieldlessDecoder: LintRule = {
  code: "OSSEC-FIELD-ON-FIELDLESS-DECODER",
  trap: "field-on-fieldless-decoder",
  effect: "dangerous",
  title: "A <field> that kills the engine",
  why: "On an event whose decoder has no <order> the engine reads through a null pointer when a rule tests a <field>, and dies. The rule must be reached by such an event; the parent alone, when its child's regex fails, is one.",
  instead:
    "Give every decoder that the rule may see an order, or let the rule ask before for a field that only the right decoder fills (id, action or url, which are tested before).",
  reference: "docs/reference/ossec.md#decoder-fields (NULL read)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><field name="«port»">^22$</field><description>a</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^port (\d+)</regex><order>port</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><field name="port">^22$</field><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const { rule } = written;
      const element = elementNamed(written, "field");
      if (element === undefined || written.overwrite || rule.fields.length === 0) continue;
      if (rule.idPattern !== null || rule.action !== null || rule.url !== null) continue;
      const guarded = (context.tree.places.get(rule) ?? []).every((place) =>
        [...chainOf(place)].some(
          (one) =>
            one !== rule &&
            (one.idPattern !== null ||
              one.action !== null ||
              one.url !== null ||
              one.srcip.length > 0 ||
              one.user !== null ||
              one.extraData !== null ||
              one.status !== null ||
              one.srcport !== null ||
              one.dstport !== null),
        ),
      );
      if (guarded) continue;
      const fatal = context.outcomesOf(rule).find(({ orderless, opaque }) => orderless && !opaque);
      if (fatal === undefined) continue;
      const name = element.attributes[0];
      const who =
        fatal.name === null ? "that no decoder took" : `of decoder "${fatal.decoder?.name ?? fatal.name}"`;
      report(
        name === undefined ? element.content : valuePlace(name),
        `the engine dies when rule ${rule.id} is tried on an event ${who}, which has no order`,
      );
    }
  },
};
