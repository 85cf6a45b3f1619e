/** OSSEC's versions (docs/reference/ossec.md#versions). */
import type { EngineVersion } from "../model/model.js";
import type { ComparedField, PatternDefinition } from "./definitions.js";
import type { Dialect } from "./dialect.js";
import { matchesAddressList } from "./engine/address-list.js";
import { fieldComparisons } from "./engine/comparisons.js";
import { printedFields } from "./engine/event.js";
import { ossecConf } from "./load/conf-ossec.js";
import { readKeyValueList } from "./load/lists.js";
import { ossecDecoders } from "./load/ossec-decoders.js";
import { ossecRules } from "./load/ossec-rules.js";
import { compilePattern, knownPatterns, learnPatterns } from "./patterns/index.js";
import { readOssecPattern } from "./patterns/tree.js";
import { cutLine } from "./predecode/predecode.js";

const comparesDifferent: ReadonlySet<ComparedField> = new Set<ComparedField>(["url", "srcgeoip"]);

const xml = {
  sizeLimit: 8192,
  attributeLimit: Number.POSITIVE_INFINITY,
  parenthesis: "variable",
  backslash: "any",
} as const;

const responses = {
  looksAt: "what is expected",
  hostPattern: (text: string): PatternDefinition => ({ language: "osmatch", text: `^${text}` }),
  isOfAgent: ({ location }: { readonly location: string }) => location.startsWith("("),
} as const;

const version37: Dialect = {
  name: "3.7",
  product: "OSSEC",
  compilePattern: (pattern) => compilePattern(pattern, "unchecked"),
  readPattern: readOssecPattern,
  knownPatterns,
  learnPatterns,
  rules: ossecRules,
  decoders: ossecDecoders,
  xml: { ...xml, declaration: "text", tooDeep: "crash" },
  loading: {
    options: {
      defaultTimeframe: 360,
      sidHistory: Number.POSITIVE_INFINITY,
      orderSize: 10,
      ftsListSize: 32,
      ftsPrefix: 14,
      logFirewall: 1,
    },
    optionRanges: [
      { option: "orderSize", name: "decoder_order_size", least: 8, most: 20 },
      { option: "defaultTimeframe", name: "default_timeframe", least: 60, most: 3600 },
      { option: "ftsListSize", name: "fts_list_size", least: 12, most: 512 },
      { option: "ftsPrefix", name: "fts_min_size_for_str", least: 6, most: 128 },
      { option: "logFirewall", name: "log_fw", least: 0, most: 1 },
    ],
    patternLimit: 2048,
    emptyPcre2: "refused",
    isShipped: () => false,
    readList: readKeyValueList,
  },
  conf: ossecConf.earlier,
  engine: {
    controlBytes: "kept",
    shortestLine: 2,
    cutLine,
    agentLocation: "named",
    frequencyOffset: 0,
    uncountedEvents: 1,
    mostCaptures: Number.POSITIVE_INFINITY,
    decodedBy: "regex",
    afterFailedRegex: "prematch",
    chainedPlugins: false,
    fieldsByName: false,
    keepsCaptures: false,
    dataField: "extradata",
    decodeJson: null,
    shownFields: printedFields,
    describe: (description) => description,
    printedDecoder: "top",
    addressesHold: matchesAddressList,
    missingList: "empty",
    comparesDifferent,
    fieldComparisons,
    marksOfCompared: false,
    dropsRepeatedLines: true,
    ignoredReportsParent: false,
    sessionAlertsByLevel: false,
    ownEarlierLines: false,
    simpleRequestIsGet: false,
    forwardedNamesLocationOnly: true,
  },
  responses: { ...responses, takesSrcuser: false },
};

const version38: Dialect = {
  ...version37,
  name: "3.8",
  engine: { ...version37.engine, controlBytes: "deleted" },
};

const version43: Dialect = {
  name: "4.3",
  product: "OSSEC",
  compilePattern: (pattern) => compilePattern(pattern, "checked"),
  readPattern: readOssecPattern,
  knownPatterns,
  learnPatterns,
  rules: ossecRules,
  decoders: ossecDecoders,
  xml: { ...xml, declaration: "skipped", tooDeep: "error" },
  loading: {
    options: { ...version37.loading.options, sidHistory: 128, orderSize: 256 },
    optionRanges: [
      { option: "orderSize", name: "decoder_order_size", least: 8, most: 1024 },
      ...version37.loading.optionRanges.slice(1),
      { option: "sidHistory", name: "sid_prev_matched_max", least: 16, most: 65536 },
    ],
    patternLimit: 2048,
    emptyPcre2: "refused",
    isShipped: () => false,
    readList: readKeyValueList,
  },
  conf: ossecConf.latest,
  engine: {
    ...version37.engine,
    controlBytes: "deleted",
    uncountedEvents: 0,
    mostCaptures: 64,
    printedDecoder: "reported",
    missingList: "never-met",
    comparesDifferent,
    simpleRequestIsGet: true,
    forwardedNamesLocationOnly: false,
  },
  responses: { ...responses, takesSrcuser: true },
};

export const ossecDialects: Readonly<Record<EngineVersion, Dialect>> = {
  "3.7": version37,
  "3.8": version38,
  "4.3": version43,
};
