/** Wazuh 4 (docs/reference/wazuh.md), where it is not OSSEC 4.3. */
import type { ComparedField } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import { ossecDialects } from "../ossec/dialects.js";
import { wazuhAddressesHold } from "./addresses.js";
import { fieldComparisons } from "./comparisons.js";
import { describe } from "./description.js";
import { decodeJson } from "./json-decoder.js";
import { readWazuhList } from "./lists.js";
import { wazuhConf } from "./load/conf.js";
import { wazuhDecoders } from "./load/decoders.js";
import { wazuhRules } from "./load/rules.js";
import { compileWazuhPattern, knownWazuhPatterns, learnWazuhPatterns } from "./patterns/index.js";
import { readWazuhPattern } from "./patterns/tree.js";
import { cutLine } from "./predecode/predecode.js";
import { shownFields } from "./shown-fields.js";

const ossec = ossecDialects["4.3"];

export const wazuh4: Dialect = {
  ...ossec,
  name: "wazuh4",
  product: "Wazuh",
  compilePattern: compileWazuhPattern,
  readPattern: readWazuhPattern,
  knownPatterns: knownWazuhPatterns,
  learnPatterns: learnWazuhPatterns,
  conf: wazuhConf,
  rules: wazuhRules,
  decoders: wazuhDecoders,
  loading: {
    ...ossec.loading,
    readList: readWazuhList,
    options: { ...ossec.loading.options, sidHistory: Number.POSITIVE_INFINITY, orderSize: 256 },
    optionRanges: [
      { option: "orderSize", name: "decoder_order_size", least: 32, most: 1024 },
      ...ossec.loading.optionRanges.filter(({ option }) => option !== "orderSize" && option !== "sidHistory"),
    ],
    patternLimit: 20480,
    // `ruleset/` of a home, or of the repository.
    isShipped: (file) =>
      /(?:^|\/)(?:rules|decoders)\/\d{4}-[^/]*\.xml$/.test(file) && !/(?:^|\/)etc\/[^/]*\/[^/]*$/.test(file),
    emptyPcre2: "compiled",
  },
  // An older state of OSSEC's reader (docs/reference/wazuh.md#xml-reader).
  xml: {
    declaration: "text",
    tooDeep: "error",
    sizeLimit: 20480,
    attributeLimit: 49,
    parenthesis: "text",
    backslash: "unpaired",
  },
  engine: {
    ...ossec.engine,
    controlBytes: "kept",
    shortestLine: 1,
    cutLine,
    agentLocation: "numbered",
    frequencyOffset: 2,
    mostCaptures: 256,
    decodedBy: "prematch",
    afterFailedRegex: "regex",
    chainedPlugins: true,
    fieldsByName: true,
    keepsCaptures: true,
    dataField: "data",
    decodeJson,
    shownFields,
    describe,
    addressesHold: wazuhAddressesHold,
    fieldComparisons,
    marksOfCompared: true,
    dropsRepeatedLines: false,
    ignoredReportsParent: true,
    sessionAlertsByLevel: true,
    ownEarlierLines: true,
    simpleRequestIsGet: false,
    comparesDifferent: new Set<ComparedField>([
      "srcip",
      "dstip",
      "srcport",
      "dstport",
      "srcuser",
      "dstuser",
      "id",
      "protocol",
      "action",
      "url",
      "data",
      "extradata",
      "status",
      "systemname",
      "srcgeoip",
      "dstgeoip",
      "location",
    ]),
  },
  responses: {
    takesSrcuser: false,
    looksAt: "what is there",
    hostPattern: (text) => ({ language: "osmatch", text }),
    isOfAgent: ({ agentId }) => agentId !== "000",
  },
};
