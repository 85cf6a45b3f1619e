import { attributeNamed, elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhListField: LintRule = {
  code: "WAZUH-LIST-FIELD",
  trap: "list-on-missing-field",
  effect: "dead",
  dialects: ["wazuh"],
  title: "A list of a field that lists do not know",
  why: "srcuser, dstuser and location are no fields of a list: a dynamic field of that name is looked for, which decoders do not fill. A missing value is false, for not_match_key as well.",
  instead: 'Write field="user" (srcuser, else dstuser).',
  reference: "docs/reference/wazuh.md#lists-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><list field="«srcuser»">etc/lists/users</list><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><list field="user">etc/lists/users</list><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of elementsNamed(written, "list")) {
        const field = attributeNamed(element, "field");
        if (field !== undefined && /^(?:srcuser|dstuser)$/i.test(field.value.trim()))
          report(
            field.valuePlace,
            `rule ${written.rule.id} never matches: ${field.value.trim()} is no field of a list`,
          );
      }
    }
  },
};
