import { attributeNamed, elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhListInverted: LintRule = {
  code: "WAZUH-LIST-INVERTED",
  trap: "address-match-key-value-inverted",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "A look-up that is true when it should be false",
  why: "address_match_key_value is true when the address is not in the list, or its value does not match: the opposite of match_key_value.",
  instead: "Use address_match_key, with a list for each value.",
  reference: "docs/reference/wazuh.md#lists-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><list field="srcip" lookup="«address_match_key_value»" check_value="^bad">etc/lists/nets</list><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><list field="srcip" lookup="address_match_key">etc/lists/nets</list><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of elementsNamed(written, "list")) {
        const lookup = attributeNamed(element, "lookup");
        if (lookup !== undefined && /^address_match_key_value$/i.test(lookup.value))
          report(
            lookup.valuePlace,
            `rule ${written.rule.id} matches addresses that are not in the list, or have another value there`,
          );
      }
    }
  },
};
