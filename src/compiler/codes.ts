import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Every diagnostic of a bundle that type-checks and ran, but cannot become a defence. */
export const codes = {
  shape: declareDiagnostic({
    code: "bundle/shape",
    severity: "error",
    title: "A value in the bundle has the wrong shape",
  }),
  unknownProperty: declareDiagnostic({
    code: "bundle/unknown-property",
    severity: "error",
    title: "A property that nothing in zopf reads, as a misspelt one",
  }),
  name: declareDiagnostic({
    code: "bundle/name",
    severity: "error",
    title: "A name that one of the systems cannot hold",
  }),
  duplicate: declareDiagnostic({
    code: "bundle/duplicate",
    severity: "error",
    title: "Two things of the bundle share a name or a number",
  }),
  duration: declareDiagnostic({ code: "bundle/duration", severity: "error", title: "Not a length of time" }),
  network: declareDiagnostic({
    code: "bundle/network",
    severity: "error",
    title: "Not an address or a prefix",
  }),
  hostBits: declareDiagnostic({
    code: "bundle/host-bits",
    severity: "warning",
    title: "A prefix with host bits set",
  }),
  port: declareDiagnostic({ code: "bundle/port", severity: "error", title: "Not a port" }),
  path: declareDiagnostic({
    code: "bundle/path",
    severity: "error",
    title: "Not an absolute path that every system takes",
  }),
  text: declareDiagnostic({
    code: "bundle/text",
    severity: "error",
    title: "Text that one of the systems cannot hold",
  }),
  unsetField: declareDiagnostic({
    code: "bundle/unset-field",
    severity: "error",
    title: "A field that Zeek has not set when the event comes",
  }),
  number: declareDiagnostic({ code: "bundle/number", severity: "error", title: "A number out of range" }),
  bound: declareDiagnostic({
    code: "bundle/bound",
    severity: "error",
    title: "A bound on memory that is none, or that the detection cannot live within",
  }),
  largeBound: declareDiagnostic({
    code: "bundle/large-bound",
    severity: "warning",
    title: "A bound on memory that few hosts hold",
  }),
  slowBound: declareDiagnostic({
    code: "bundle/slow-bound",
    severity: "warning",
    title: "A detection whose events may each take long",
  }),
  idleBound: declareDiagnostic({
    code: "bundle/idle-bound",
    severity: "info",
    title: "A bound that bounds nothing",
  }),
  level: declareDiagnostic({ code: "bundle/level", severity: "error", title: "Not a rule level" }),
  ruleId: declareDiagnostic({
    code: "bundle/rule-id",
    severity: "error",
    title: "A rule id out of range or used twice",
  }),
  table: declareDiagnostic({
    code: "bundle/table",
    severity: "error",
    title: "A table that the packet filter cannot have",
  }),
  neverBlock: declareDiagnostic({
    code: "bundle/never-block",
    severity: "error",
    title: "Something blocks and nothing is protected",
  }),
  suppress: declareDiagnostic({
    code: "bundle/suppress",
    severity: "error",
    title: "A suppression that outlives the block",
  }),
  flipped: declareDiagnostic({
    code: "bundle/flipped",
    severity: "error",
    title: "Turned connections may not lead to a block",
  }),
  innocent: declareDiagnostic({
    code: "bundle/innocent",
    severity: "error",
    title: "A detection that names the victim may not lead to a block",
  }),
  victim: declareDiagnostic({
    code: "bundle/victim",
    severity: "warning",
    title: "A block of the host that is contacted",
  }),
  reference: declareDiagnostic({
    code: "bundle/reference",
    severity: "error",
    title: "A name that nothing in the bundle has",
  }),
  missing: declareDiagnostic({
    code: "bundle/missing",
    severity: "error",
    title: "A part of the bundle that another part needs is missing",
  }),
  stockRules: declareDiagnostic({
    code: "bundle/stock-rules",
    severity: "warning",
    title: "A response by level also arms other people's rules",
  }),
  levelTooLow: declareDiagnostic({
    code: "bundle/response-never-fires",
    severity: "error",
    title: "A response that no rule of the bundle can start",
  }),
  source: declareDiagnostic({
    code: "bundle/source",
    severity: "error",
    title: "A detection whose notices name no address",
  }),
  forgeable: declareDiagnostic({
    code: "bundle/forgeable",
    severity: "warning",
    title: "The address that OSSEC reads could be forged",
  }),
  forgeableSource: declareDiagnostic({
    code: "bundle/forgeable-source",
    severity: "error",
    title: "A block on an address that an attacker can choose",
  }),
  cutLine: declareDiagnostic({
    code: "bundle/cut-line",
    severity: "warning",
    title: "A block on an address that is safe only where lines are not cut",
  }),
  pattern: declareDiagnostic({
    code: "bundle/pattern",
    severity: "error",
    title: "A pattern that OSSEC refuses or reads differently",
  }),
  order: declareDiagnostic({
    code: "bundle/order",
    severity: "error",
    title: "Captures and their names do not fit",
  }),
  sample: declareDiagnostic({
    code: "bundle/sample",
    severity: "error",
    title: "A sample line that does not do what the bundle says",
  }),
  burst: declareDiagnostic({
    code: "bundle/burst",
    severity: "error",
    title: "A burst that OSSEC cannot count",
  }),
  burstGroup: declareDiagnostic({
    code: "bundle/burst-group",
    severity: "warning",
    title: "A burst of a group that counts other groups as well",
  }),
  takesEvent: declareDiagnostic({
    code: "bundle/burst-takes-event",
    severity: "warning",
    title: "The event that fires a burst starts no block",
  }),
  stockDecoder: declareDiagnostic({
    code: "bundle/stock-decoder",
    severity: "warning",
    title: "Lines that OSSEC's own decoders take first",
  }),
  wazuh: declareDiagnostic({
    code: "bundle/wazuh",
    severity: "error",
    title: "Something that Wazuh does otherwise than OSSEC, and that cannot work there",
  }),
  lock: declareDiagnostic({
    code: "bundle/lock",
    severity: "error",
    title: "zopf.lock.json cannot be used",
  }),
  lowLevel: declareDiagnostic({
    code: "bundle/response-level",
    severity: "error",
    title: "A response that starts at too low a level",
  }),
  stockLevel: declareDiagnostic({
    code: "bundle/stock-level",
    severity: "error",
    title: "A response by level that does not say that it arms other people's rules",
  }),
  where: declareDiagnostic({
    code: "bundle/where",
    severity: "error",
    title: "A response at a place that does not exist",
  }),
  noEnd: declareDiagnostic({
    code: "bundle/no-end",
    severity: "error",
    title: "A block without an end",
  }),
  escalate: declareDiagnostic({
    code: "bundle/escalate",
    severity: "error",
    title: "Growing blocks that OSSEC cannot do",
  }),
  prefix: declareDiagnostic({
    code: "bundle/prefix",
    severity: "error",
    title: "A prefix that is not blocked",
  }),
  disagree: declareDiagnostic({
    code: "bundle/responses-disagree",
    severity: "error",
    title: "Two responses that share a script and say different things",
  }),
  overlap: declareDiagnostic({
    code: "bundle/responses-overlap",
    severity: "warning",
    title: "Two blocks that one alert can start",
  }),
  notify: declareDiagnostic({
    code: "bundle/notify",
    severity: "error",
    title: "Something that a notification cannot run",
  }),
  ownAddress: declareDiagnostic({
    code: "bundle/own-address",
    severity: "error",
    title: "An address of the host itself is not protected",
  }),
  ownUnknown: declareDiagnostic({
    code: "bundle/own-addresses",
    severity: "warning",
    title: "The host's own addresses are not known",
  }),
  forgeableBlock: declareDiagnostic({
    code: "bundle/forgeable-block",
    severity: "error",
    title: "A block of an address that could be forged",
  }),
} as const;
