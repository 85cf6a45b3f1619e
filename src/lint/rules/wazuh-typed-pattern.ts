import { compilePattern } from "../../ossec/patterns/index.js";
import type { LintRule } from "../model.js";
import { declaredLanguage, typedElements } from "../wazuh.js";

export const wazuhTypedPattern: LintRule = {
  code: "WAZUH-TYPED-PATTERN",
  effect: "refused",
  dialects: ["wazuh"],
  title: "A pattern that does not compile in the language of its type",
  why: 'With type="pcre2" a pattern is PCRE2, with osregex it is OS_Regex, whatever the element is called.',
  instead: "Write the pattern in that language, or name another type.",
  reference: "docs/reference/wazuh.md#in-short (pattern elements), docs/reference/ossec.md#pattern-languages",
  bad: {
    rules: `<rule id="100100" level="5"><match type="pcre2">«log(in»</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match type="pcre2">log(in)?</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const element of typedElements(context.loaded)) {
      const language = declaredLanguage(element);
      const compiled = language === null ? null : compilePattern({ language, text: element.value });
      if (compiled === null || compiled.ok || compiled.engineMessage === undefined) continue;
      report(
        element.content,
        `<${element.name}> cannot be compiled as ${language ?? ""}: ${compiled.reason}`,
      );
    }
  },
};
