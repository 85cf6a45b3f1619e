/** Every rule, in the order of its file's name. */
import type { LintRule } from "../model.js";
import { accuracyZeroLast } from "./accuracy-zero-last.js";
import { activeResponse } from "./active-response.js";
import { address } from "./address.js";
import { alertLevel8Bits } from "./alert-level-8-bits.js";
import { alternationAnchor } from "./alternation-anchor.js";
import { arDisabledLast } from "./ar-disabled-last.js";
import { arExecdDisabled } from "./ar-execd-disabled.js";
import { arLevel1 } from "./ar-level-1.js";
import { arLevel0Rule } from "./ar-level0-rule.js";
import { arLocationAllOnLocal } from "./ar-location-all-on-local.js";
import { arLocationPattern } from "./ar-location-pattern.js";
import { arNeverBound } from "./ar-never-bound.js";
import { arNoTimeout } from "./ar-no-timeout.js";
import { arOnForgeableRule } from "./ar-on-forgeable-rule.js";
import { arTimeoutUnit } from "./ar-timeout-unit.js";
import { arTimeoutWord } from "./ar-timeout-word.js";
import { arUnknownRule } from "./ar-unknown-rule.js";
import { arWithoutSrcip } from "./ar-without-srcip.js";
import { attributeCaseDuplicate } from "./attribute-case-duplicate.js";
import { attributeIgnored } from "./attribute-ignored.js";
import { backtracking } from "./backtracking.js";
import { categoryInChildIgnored } from "./category-in-child-ignored.js";
import { categoryMismatch } from "./category-mismatch.js";
import { childDecoderProgramName } from "./child-decoder-program-name.js";
import { childLowerLevelWins } from "./child-lower-level-wins.js";
import { childStarvesComposite } from "./child-starves-composite.js";
import { command } from "./command.js";
import { commandExpectUnknown } from "./command-expect-unknown.js";
import { commandUnused } from "./command-unused.js";
import { compositeParentLevel0 } from "./composite-parent-level0.js";
import { compositeParentNoalert } from "./composite-parent-noalert.js";
import { compositeWithoutSame } from "./composite-without-same.js";
import { conditionOnLastEvent } from "./condition-on-last-event.js";
import { conditionOnMissingField } from "./condition-on-missing-field.js";
import { confElement } from "./conf-element.js";
import { confValue } from "./conf-value.js";
import { contentNotTrimmed } from "./content-not-trimmed.js";
import { countedTwice } from "./counted-twice.js";
import { decodedAsChildName } from "./decoded-as-child-name.js";
import { decodedAsConflict } from "./decoded-as-conflict.js";
import { decodedAsTwo } from "./decoded-as-two.js";
import { decoderCaptures } from "./decoder-captures.js";
import { decoderElement } from "./decoder-element.js";
import { decoderLists } from "./decoder-lists.js";
import { decoderNearMiss } from "./decoder-near-miss.js";
import { decoderOffset } from "./decoder-offset.js";
import { decoderParent } from "./decoder-parent.js";
import { decoderShadowed } from "./decoder-shadowed.js";
import { decoderShape } from "./decoder-shape.js";
import { decoderValue } from "./decoder-value.js";
import { descriptionNewline } from "./description-newline.js";
import { differentSrcipIgnored } from "./different-srcip-ignored.js";
import { emptyAlternative } from "./empty-alternative.js";
import { emptyFile } from "./empty-file.js";
import { entityInText } from "./entity-in-text.js";
import { fieldCrash } from "./field-crash.js";
import { fieldOnFieldlessDecoder } from "./field-on-fieldless-decoder.js";
import { fileMissing } from "./file-missing.js";
import { firewallActionRewritten } from "./firewall-action-rewritten.js";
import { firewallEventDropped } from "./firewall-event-dropped.js";
import { firingResetsOtherSources } from "./firing-resets-other-sources.js";
import { frequencyOffByTwo } from "./frequency-off-by-two.js";
import { frequencyOverSidHistory } from "./frequency-over-sid-history.js";
import { frequencyTruncated } from "./frequency-truncated.js";
import { frequencyZero } from "./frequency-zero.js";
import { groupMemberAfterComposite } from "./group-member-after-composite.js";
import { groupTrailingComma } from "./group-trailing-comma.js";
import { groupWithoutComma } from "./group-without-comma.js";
import { headerLosesProgram } from "./header-loses-program.js";
import { hostnameOfAgents } from "./hostname-of-agents.js";
import { idOutsideLocalRange } from "./id-outside-local-range.js";
import { idTruncated } from "./id-truncated.js";
import { ifFtsWithoutFts } from "./if-fts-without-fts.js";
import { ifGroupSubstring } from "./if-group-substring.js";
import { ifLevelHuge } from "./if-level-huge.js";
import { ifLevelZeroDropped } from "./if-level-zero-dropped.js";
import { ifMatchedGroupNobody } from "./if-matched-group-nobody.js";
import { ifMatchedSidMissing } from "./if-matched-sid-missing.js";
import { ignoreIsGlobal } from "./ignore-is-global.js";
import { ignoredBaseStarvesComposite } from "./ignored-base-starves-composite.js";
import { infoHang } from "./info-hang.js";
import { ipv4OnlyPattern } from "./ipv4-only-pattern.js";
import { isoZDate } from "./iso-z-date.js";
import { joinedIfSid } from "./joined-if-sid.js";
import { level99IsZero } from "./level-99-is-zero.js";
import { levelOver15 } from "./level-over-15.js";
import { levelTruncated } from "./level-truncated.js";
import { lineKillsEngine } from "./line-kills-engine.js";
import { listNotLoaded } from "./list-not-loaded.js";
import { localfile } from "./localfile.js";
import { localfileZeekFormat } from "./localfile-zeek-format.js";
import { localfileZeekTabs } from "./localfile-zeek-tabs.js";
import { logAlertLevel } from "./log-alert-level.js";
import { matchBang } from "./match-bang.js";
import { matchCaretInside } from "./match-caret-inside.js";
import { matchEscapedLessThan } from "./match-escaped-less-than.js";
import { matchHidesMatchPcre2 } from "./match-hides-match-pcre2.js";
import { matchIsNotRegex } from "./match-is-not-regex.js";
import { maxsizeIsMinimum } from "./maxsize-is-minimum.js";
import { memorySizeRaised } from "./memory-size-raised.js";
import { minuteNotChecked } from "./minute-not-checked.js";
import { missingDescription } from "./missing-description.js";
import { negatedSrcipWithoutIp } from "./negated-srcip-without-ip.js";
import { nestedElementTextLost } from "./nested-element-text-lost.js";
import { noWhiteList } from "./no-white-list.js";
import { noalertAnyValue } from "./noalert-any-value.js";
import { noalertFallsThrough } from "./noalert-falls-through.js";
import { notSameAgentIgnored } from "./not-same-agent-ignored.js";
import { notSameIdClearsSame } from "./not-same-id-clears-same.js";
import { notSameSourceIpClears } from "./not-same-source-ip-clears.js";
import { notSameSourceIpIgnored } from "./not-same-source-ip-ignored.js";
import { notSameUserIgnored } from "./not-same-user-ignored.js";
import { numberTruncated } from "./number-truncated.js";
import { optionalCaptureShift } from "./optional-capture-shift.js";
import { optionsNoLog } from "./options-no-log.js";
import { orderBlankSeparator } from "./order-blank-separator.js";
import { orderCase } from "./order-case.js";
import { orderCount } from "./order-count.js";
import { orderNewline } from "./order-newline.js";
import { orderUnknownName } from "./order-unknown-name.js";
import { overwriteIfSidIgnored } from "./overwrite-if-sid-ignored.js";
import { overwriteKeepsOldPlace } from "./overwrite-keeps-old-place.js";
import { overwritePcre2Ignored } from "./overwrite-pcre2-ignored.js";
import { pattern } from "./pattern.js";
import { patternControlByte } from "./pattern-control-byte.js";
import { patternCrash } from "./pattern-crash.js";
import { patternUnsupported } from "./pattern-unsupported.js";
import { plainHidesPcre2 } from "./plain-hides-pcre2.js";
import { prematchDecoderSkippedWithProgram } from "./prematch-decoder-skipped-with-program.js";
import { prematchOnProgramName } from "./prematch-on-program-name.js";
import { prematchOnStrippedDate } from "./prematch-on-stripped-date.js";
import { priPrefix } from "./pri-prefix.js";
import { programDecoderWithoutHeader } from "./program-decoder-without-header.js";
import { regexBraces } from "./regex-braces.js";
import { regexBrackets } from "./regex-brackets.js";
import { regexDotStar } from "./regex-dot-star.js";
import { regexHidesPcre2 } from "./regex-hides-pcre2.js";
import { regexLiteralQuantifier } from "./regex-literal-quantifier.js";
import { regexQuestionMark } from "./regex-question-mark.js";
import { repeatedElementLastWins } from "./repeated-element-last-wins.js";
import { repeatedOffendersIgnored } from "./repeated-offenders-ignored.js";
import { ruleAttribute } from "./rule-attribute.js";
import { ruleComposite } from "./rule-composite.js";
import { ruleDuplicate } from "./rule-duplicate.js";
import { ruleElement } from "./rule-element.js";
import { ruleReference } from "./rule-reference.js";
import { ruleRoot } from "./rule-root.js";
import { ruleTreeSize } from "./rule-tree-size.js";
import { ruleValue } from "./rule-value.js";
import { ruleWithoutCondition } from "./rule-without-condition.js";
import { sameFieldMissing } from "./same-field-missing.js";
import { sameSourceIpTextCompare } from "./same-source-ip-text-compare.js";
import { sameSourceIpWithoutSrcip } from "./same-source-ip-without-srcip.js";
import { sameThenNotSame } from "./same-then-not-same.js";
import { sameUserReadsDstuser } from "./same-user-reads-dstuser.js";
import { secondChildNeverTried } from "./second-child-never-tried.js";
import { secondParentIgnored } from "./second-parent-ignored.js";
import { siblingHigherLevelFirst } from "./sibling-higher-level-first.js";
import { siblingLevel0First } from "./sibling-level0-first.js";
import { siblingTakesAll } from "./sibling-takes-all.js";
import { sidTargetStarvesGroup } from "./sid-target-starves-group.js";
import { solarisProgram } from "./solaris-program.js";
import { spoofableSrcip } from "./spoofable-srcip.js";
import { srcipMixedPolarity } from "./srcip-mixed-polarity.js";
import { tabInPrematch } from "./tab-in-prematch.js";
import { tabSeparatedFieldsGlued } from "./tab-separated-fields-glued.js";
import { timeIsReceiveTime } from "./time-is-receive-time.js";
import { timeTwelveAm } from "./time-twelve-am.js";
import { timeframeTruncated } from "./timeframe-truncated.js";
import { timeframeWithoutComposite } from "./timeframe-without-composite.js";
import { twoMatchConcatenated } from "./two-match-concatenated.js";
import { typeNotInherited } from "./type-not-inherited.js";
import { unanchoredPrematch } from "./unanchored-prematch.js";
import { useOwnNameValue } from "./use-own-name-value.js";
import { userPrefersDstuser } from "./user-prefers-dstuser.js";
import { valueTooLongMatchesAll } from "./value-too-long-matches-all.js";
import { variable } from "./variable.js";
import { variableInAttribute } from "./variable-in-attribute.js";
import { variableRedefined } from "./variable-redefined.js";
import { wazuhAccuracyLevel } from "./wazuh-accuracy-level.js";
import { wazuhArLevelAndGroup } from "./wazuh-ar-level-and-group.js";
import { wazuhArTimeoutDropped } from "./wazuh-ar-timeout-dropped.js";
import { wazuhArUser } from "./wazuh-ar-user.js";
import { wazuhAttributeCase } from "./wazuh-attribute-case.js";
import { wazuhCaptureOrder } from "./wazuh-capture-order.js";
import { wazuhChainCut } from "./wazuh-chain-cut.js";
import { wazuhChildKeepsParent } from "./wazuh-child-keeps-parent.js";
import { wazuhCountsOneAgent } from "./wazuh-counts-one-agent.js";
import { wazuhDifferentCurrent } from "./wazuh-different-current.js";
import { wazuhEmptyPrematch } from "./wazuh-empty-prematch.js";
import { wazuhExpectDeprecated } from "./wazuh-expect-deprecated.js";
import { wazuhFileOrder } from "./wazuh-file-order.js";
import { wazuhFrequencyForOssec } from "./wazuh-frequency-for-ossec.js";
import { wazuhFrequencyRange } from "./wazuh-frequency-range.js";
import { wazuhFrequencyTwo } from "./wazuh-frequency-two.js";
import { wazuhIfLevelRoots } from "./wazuh-if-level-roots.js";
import { wazuhIfMatchedRegex } from "./wazuh-if-matched-regex.js";
import { wazuhIfSidSeparator } from "./wazuh-if-sid-separator.js";
import { wazuhIpv6MatchesIpv4 } from "./wazuh-ipv6-matches-ipv4.js";
import { wazuhIsoDate } from "./wazuh-iso-date.js";
import { wazuhLevelRange } from "./wazuh-level-range.js";
import { wazuhListField } from "./wazuh-list-field.js";
import { wazuhListInverted } from "./wazuh-list-inverted.js";
import { wazuhListLost } from "./wazuh-list-lost.js";
import { wazuhNonAscii } from "./wazuh-non-ascii.js";
import { wazuhOverwriteComposite } from "./wazuh-overwrite-composite.js";
import { wazuhPatternAttribute } from "./wazuh-pattern-attribute.js";
import { wazuhPcre2Case } from "./wazuh-pcre2-case.js";
import { wazuhPcre2Element } from "./wazuh-pcre2-element.js";
import { wazuhRegexWithoutGroup } from "./wazuh-regex-without-group.js";
import { wazuhSameFieldStatic } from "./wazuh-same-field-static.js";
import { wazuhSrcipBang } from "./wazuh-srcip-bang.js";
import { wazuhStaleCaptures } from "./wazuh-stale-captures.js";
import { wazuhWhiteListIpv6 } from "./wazuh-white-list-ipv6.js";
import { whiteListEverything } from "./white-list-everything.js";
import { whiteListHostName } from "./white-list-host-name.js";
import { xml } from "./xml.js";
import { xmlEntity } from "./xml-entity.js";

export const rules: readonly LintRule[] = [
  accuracyZeroLast,
  activeResponse,
  address,
  alertLevel8Bits,
  alternationAnchor,
  arDisabledLast,
  arExecdDisabled,
  arLevel1,
  arLevel0Rule,
  arLocationAllOnLocal,
  arLocationPattern,
  arNeverBound,
  arNoTimeout,
  arOnForgeableRule,
  arTimeoutUnit,
  arTimeoutWord,
  arUnknownRule,
  arWithoutSrcip,
  attributeCaseDuplicate,
  attributeIgnored,
  backtracking,
  categoryInChildIgnored,
  categoryMismatch,
  childDecoderProgramName,
  childLowerLevelWins,
  childStarvesComposite,
  command,
  commandExpectUnknown,
  commandUnused,
  compositeParentLevel0,
  compositeParentNoalert,
  compositeWithoutSame,
  conditionOnLastEvent,
  conditionOnMissingField,
  confElement,
  confValue,
  contentNotTrimmed,
  countedTwice,
  decodedAsChildName,
  decodedAsConflict,
  decodedAsTwo,
  decoderCaptures,
  decoderElement,
  decoderLists,
  decoderNearMiss,
  decoderOffset,
  decoderParent,
  decoderShadowed,
  decoderShape,
  decoderValue,
  descriptionNewline,
  differentSrcipIgnored,
  emptyAlternative,
  emptyFile,
  entityInText,
  fieldCrash,
  fieldOnFieldlessDecoder,
  fileMissing,
  firewallActionRewritten,
  firewallEventDropped,
  firingResetsOtherSources,
  frequencyOffByTwo,
  frequencyOverSidHistory,
  frequencyTruncated,
  frequencyZero,
  groupMemberAfterComposite,
  groupTrailingComma,
  groupWithoutComma,
  headerLosesProgram,
  hostnameOfAgents,
  idOutsideLocalRange,
  idTruncated,
  ifFtsWithoutFts,
  ifGroupSubstring,
  ifLevelHuge,
  ifLevelZeroDropped,
  ifMatchedGroupNobody,
  ifMatchedSidMissing,
  ignoreIsGlobal,
  ignoredBaseStarvesComposite,
  infoHang,
  ipv4OnlyPattern,
  isoZDate,
  joinedIfSid,
  level99IsZero,
  levelOver15,
  levelTruncated,
  lineKillsEngine,
  listNotLoaded,
  localfile,
  localfileZeekFormat,
  localfileZeekTabs,
  logAlertLevel,
  matchBang,
  matchCaretInside,
  matchEscapedLessThan,
  matchHidesMatchPcre2,
  matchIsNotRegex,
  maxsizeIsMinimum,
  memorySizeRaised,
  minuteNotChecked,
  missingDescription,
  negatedSrcipWithoutIp,
  nestedElementTextLost,
  noWhiteList,
  noalertAnyValue,
  noalertFallsThrough,
  notSameAgentIgnored,
  notSameIdClearsSame,
  notSameSourceIpClears,
  notSameSourceIpIgnored,
  notSameUserIgnored,
  numberTruncated,
  optionalCaptureShift,
  optionsNoLog,
  orderBlankSeparator,
  orderCase,
  orderCount,
  orderNewline,
  orderUnknownName,
  overwriteIfSidIgnored,
  overwriteKeepsOldPlace,
  overwritePcre2Ignored,
  pattern,
  patternControlByte,
  patternCrash,
  patternUnsupported,
  plainHidesPcre2,
  prematchDecoderSkippedWithProgram,
  prematchOnProgramName,
  prematchOnStrippedDate,
  priPrefix,
  programDecoderWithoutHeader,
  regexBraces,
  regexBrackets,
  regexDotStar,
  regexHidesPcre2,
  regexLiteralQuantifier,
  regexQuestionMark,
  repeatedElementLastWins,
  repeatedOffendersIgnored,
  ruleAttribute,
  ruleComposite,
  ruleDuplicate,
  ruleElement,
  ruleReference,
  ruleRoot,
  ruleTreeSize,
  ruleValue,
  ruleWithoutCondition,
  sameFieldMissing,
  sameSourceIpTextCompare,
  sameSourceIpWithoutSrcip,
  sameThenNotSame,
  sameUserReadsDstuser,
  secondChildNeverTried,
  secondParentIgnored,
  siblingHigherLevelFirst,
  siblingLevel0First,
  siblingTakesAll,
  sidTargetStarvesGroup,
  solarisProgram,
  spoofableSrcip,
  srcipMixedPolarity,
  tabInPrematch,
  tabSeparatedFieldsGlued,
  timeIsReceiveTime,
  timeTwelveAm,
  timeframeTruncated,
  timeframeWithoutComposite,
  twoMatchConcatenated,
  typeNotInherited,
  unanchoredPrematch,
  useOwnNameValue,
  userPrefersDstuser,
  valueTooLongMatchesAll,
  variable,
  variableInAttribute,
  variableRedefined,
  wazuhSrcipBang,
  wazuhIfSidSeparator,
  wazuhIfLevelRoots,
  wazuhListInverted,
  wazuhListLost,
  wazuhListField,
  wazuhFrequencyTwo,
  wazuhDifferentCurrent,
  wazuhSameFieldStatic,
  wazuhNonAscii,
  wazuhPcre2Case,
  wazuhChildKeepsParent,
  wazuhRegexWithoutGroup,
  wazuhCaptureOrder,
  wazuhStaleCaptures,
  wazuhAccuracyLevel,
  wazuhOverwriteComposite,
  wazuhFileOrder,
  wazuhWhiteListIpv6,
  wazuhIpv6MatchesIpv4,
  wazuhChainCut,
  wazuhAttributeCase,
  wazuhIfMatchedRegex,
  wazuhCountsOneAgent,
  wazuhArUser,
  wazuhArTimeoutDropped,
  wazuhArLevelAndGroup,
  wazuhEmptyPrematch,
  wazuhIsoDate,
  wazuhExpectDeprecated,
  wazuhFrequencyForOssec,
  wazuhFrequencyRange,
  wazuhLevelRange,
  wazuhPatternAttribute,
  wazuhPcre2Element,
  whiteListEverything,
  whiteListHostName,
  xml,
  xmlEntity,
];

const byCode = new Map(rules.map((rule) => [rule.code, rule]));

export function ruleByCode(code: string): LintRule | undefined {
  return byCode.get(code);
}
