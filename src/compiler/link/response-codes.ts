import { declareDiagnostic } from "../../diagnostics/diagnostic.js";

/** Diagnostics about responses. */
export const responseCodes = {
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
