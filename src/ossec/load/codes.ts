import { declareDiagnostic } from "../../diagnostics/diagnostic.js";

/** What the loader has to say, one code a kind of trouble. */
export const codes = {
  missingFile: declareDiagnostic({
    code: "OSSEC-FILE-MISSING",
    severity: "error",
    title: "a file that the configuration needs is not there or cannot be read",
  }),
  xml: declareDiagnostic({
    code: "OSSEC-XML",
    severity: "error",
    title: "the reader of OSSEC gives up on this file",
  }),
  variable: declareDiagnostic({
    code: "OSSEC-VARIABLE",
    severity: "error",
    title: "a $variable that is not defined, or a <var> without a name",
  }),
  emptyFile: declareDiagnostic({
    code: "OSSEC-EMPTY-FILE",
    severity: "error",
    title: "a file without any element",
  }),
  pattern: declareDiagnostic({
    code: "OSSEC-PATTERN",
    severity: "error",
    title: "a pattern that the engine cannot compile",
  }),
  patternUnsupported: declareDiagnostic({
    code: "OSSEC-PATTERN-UNSUPPORTED",
    severity: "warning",
    title: "a PCRE2 construct that the engine knows and zopf cannot run",
  }),
  patternCrash: declareDiagnostic({
    code: "OSSEC-PATTERN-CRASH",
    severity: "error",
    title: "a broken port pattern, on which the loader dies",
  }),
  valueDropped: declareDiagnostic({
    code: "OSSEC-VALUE-DROPPED",
    severity: "warning",
    title: "a value that is too long is dropped together with its condition",
  }),
  decoderElement: declareDiagnostic({
    code: "OSSEC-DECODER-ELEMENT",
    severity: "error",
    title: "an element or attribute that decoders do not have",
  }),
  decoderValue: declareDiagnostic({
    code: "OSSEC-DECODER-VALUE",
    severity: "error",
    title: "a value that a decoder's element does not take",
  }),
  decoderShape: declareDiagnostic({
    code: "OSSEC-DECODER-SHAPE",
    severity: "error",
    title: "parts of a decoder that need or exclude one another",
  }),
  decoderOffset: declareDiagnostic({
    code: "OSSEC-DECODER-OFFSET",
    severity: "error",
    title: "an offset that cannot be used here",
  }),
  decoderParent: declareDiagnostic({
    code: "OSSEC-DECODER-PARENT",
    severity: "error",
    title: "a parent that is no top-level decoder loaded before",
  }),
  decoderCaptures: declareDiagnostic({
    code: "OSSEC-DECODER-CAPTURES",
    severity: "error",
    title: "a decoder's regex for which the engine keeps no captures",
  }),
  decoderLists: declareDiagnostic({
    code: "OSSEC-DECODER-LISTS",
    severity: "warning",
    title: "no decoder for lines with, or without, a program name",
  }),
  ruleRoot: declareDiagnostic({
    code: "OSSEC-RULE-ROOT",
    severity: "error",
    title: "something else than a <group> with a name and rules",
  }),
  ruleAttribute: declareDiagnostic({
    code: "OSSEC-RULE-ATTRIBUTE",
    severity: "error",
    title: "an attribute of a rule that is missing, unknown or has a wrong value",
  }),
  ruleElement: declareDiagnostic({
    code: "OSSEC-RULE-ELEMENT",
    severity: "error",
    title: "an element that rules do not have, or a rule without any",
  }),
  ruleValue: declareDiagnostic({
    code: "OSSEC-RULE-VALUE",
    severity: "error",
    title: "a value that a rule's element does not take",
  }),
  ruleAddress: declareDiagnostic({
    code: "OSSEC-ADDRESS",
    severity: "error",
    title: "a text that is no address or prefix",
  }),
  ruleInfoHang: declareDiagnostic({
    code: "OSSEC-INFO-HANG",
    severity: "error",
    title: "an <info> on which the loader hangs for ever",
  }),
  ruleFieldCrash: declareDiagnostic({
    code: "OSSEC-FIELD-CRASH",
    severity: "error",
    title: "a <field> on which the loader dies",
  }),
  ruleDuplicate: declareDiagnostic({
    code: "OSSEC-RULE-DUPLICATE",
    severity: "error",
    title: "a rule id that is already taken",
  }),
  ruleReference: declareDiagnostic({
    code: "OSSEC-RULE-REFERENCE",
    severity: "error",
    title: "a rule, group, category or decoder that is not loaded before this rule",
  }),
  ruleComposite: declareDiagnostic({
    code: "OSSEC-RULE-COMPOSITE",
    severity: "error",
    title: "frequency, same_* or different_* without an if_matched_*",
  }),
  ruleLevelZero: declareDiagnostic({
    code: "OSSEC-IF-LEVEL-ZERO",
    severity: "warning",
    title: "if_level 0: the rule is in no tree at all",
  }),
  ruleTreeSize: declareDiagnostic({
    code: "OSSEC-RULE-TREE-SIZE",
    severity: "error",
    title: "a rule that is attached at so many places that loading does not end",
  }),
  confElement: declareDiagnostic({
    code: "OSSEC-CONF-ELEMENT",
    severity: "error",
    title: "a section or element that ossec.conf does not have, or an empty section",
  }),
  confValue: declareDiagnostic({
    code: "OSSEC-CONF-VALUE",
    severity: "error",
    title: "a value that an option of ossec.conf does not take",
  }),
  command: declareDiagnostic({
    code: "OSSEC-COMMAND",
    severity: "error",
    title: "a command without name, executable or expect",
  }),
  activeResponse: declareDiagnostic({
    code: "OSSEC-ACTIVE-RESPONSE",
    severity: "error",
    title: "an active response that cannot be set up",
  }),
  localfile: declareDiagnostic({
    code: "OSSEC-LOCALFILE",
    severity: "error",
    title: "a localfile without location or format, or with a wrong one",
  }),
  list: declareDiagnostic({
    code: "OSSEC-LIST",
    severity: "warning",
    title: "a list that a rule names and that is not loaded",
  }),
} as const;
