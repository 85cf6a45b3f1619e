import { type DiagnosticFactory, declareDiagnostic, type Severity } from "../diagnostics/diagnostic.js";

const declare =
  (severity: Severity) =>
  (code: string, title: string): DiagnosticFactory =>
    declareDiagnostic({ code, severity, title });

const error = declare("error");
const warning = declare("warning");
const info = declare("info");

/** Every diagnostic of a bundle that type-checks and ran, but cannot become a defence. */
export const codes = {
  shape: error("bundle/shape", "A value in the bundle has the wrong shape"),
  unknownProperty: error(
    "bundle/unknown-property",
    "A property that nothing in zopf reads, as a misspelt one",
  ),
  name: error("bundle/name", "A name that one of the systems cannot hold"),
  duplicate: error("bundle/duplicate", "Two things of the bundle share a name or a number"),
  duration: error("bundle/duration", "Not a length of time"),
  time: error("bundle/time", "Not a time of the day"),
  network: error("bundle/network", "Not an address or a prefix"),
  hostBits: warning("bundle/host-bits", "A prefix with host bits set"),
  port: error("bundle/port", "Not a port"),
  path: error("bundle/path", "Not an absolute path that every system takes"),
  text: error("bundle/text", "Text that one of the systems cannot hold"),
  unsetField: error("bundle/unset-field", "A field that Zeek has not set when the event comes"),
  number: error("bundle/number", "A number out of range"),
  bound: error("bundle/bound", "A bound on memory that is none, or that the detection cannot live within"),
  largeBound: warning("bundle/large-bound", "A bound on memory that few hosts hold"),
  slowBound: warning("bundle/slow-bound", "A detection whose events may each take long"),
  idleBound: info("bundle/idle-bound", "A bound that bounds nothing"),
  level: error("bundle/level", "Not a rule level"),
  ruleId: error("bundle/rule-id", "A rule id out of range or used twice"),
  table: error("bundle/table", "A table that the packet filter cannot have"),
  neverBlock: error("bundle/never-block", "Something blocks and nothing is protected"),
  suppress: error("bundle/suppress", "A suppression that outlives the block"),
  flipped: error("bundle/flipped", "Turned connections may not lead to a block"),
  innocent: error("bundle/innocent", "A detection that names the victim may not lead to a block"),
  victim: warning("bundle/victim", "A block of the host that is contacted"),
  reference: error("bundle/reference", "A name that nothing in the bundle has"),
  missing: error("bundle/missing", "A part of the bundle that another part needs is missing"),
  stockRules: warning("bundle/stock-rules", "A response by level also arms other people's rules"),
  levelTooLow: error("bundle/response-never-fires", "A response that no rule of the bundle can start"),
  source: error("bundle/source", "A detection whose notices name no address"),
  forgeable: warning("bundle/forgeable", "The address that OSSEC reads could be forged"),
  forgeableSource: error("bundle/forgeable-source", "A block on an address that an attacker can choose"),
  cutLine: warning("bundle/cut-line", "A block on an address that is safe only where lines are not cut"),
  pattern: error("bundle/pattern", "A pattern that OSSEC refuses or reads differently"),
  raw: error("bundle/raw", "Raw XML that the engine would refuse, or that would change others' entries"),
  list: error("bundle/list", "A list that the engine cannot hold, or look that up in"),
  order: error("bundle/order", "Captures and their names do not fit"),
  sample: error("bundle/sample", "A sample line that does not do what the bundle says"),
  burst: error("bundle/burst", "A burst that OSSEC cannot count"),
  sequence: error("bundle/sequence", "A sequence that OSSEC cannot see"),
  burstGroup: warning("bundle/burst-group", "A burst of a group that counts other groups as well"),
  takesEvent: warning("bundle/burst-takes-event", "The event that fires a burst starts no block"),
  ruleEffect: error("bundle/rule-effect", "A rule that does not do to the level what it says"),
  starves: warning("bundle/starves", "A rule that takes events from what counts them"),
  ignored: error("bundle/ignored", "A rule that falls silent for everybody, and something that waits for it"),
  nightWeekdays: warning("bundle/night-weekdays", "A night that is asked for by its day"),
  stockDecoder: warning("bundle/stock-decoder", "Lines that OSSEC's own decoders take first"),
  unsent: warning("bundle/unsent", "A response that Wazuh does not send for every alert"),
  stockLines: info("bundle/stock-lines", "Lines that the engine's own decoders and rules no longer see"),
  onlyWazuh: error("bundle/only-wazuh", "Something that Wazuh's rules can ask for, and OSSEC's cannot"),
  wazuh: error("bundle/wazuh", "Something that Wazuh does otherwise than OSSEC, and that cannot work there"),
  lock: error("bundle/lock", "zopf.lock.json cannot be used"),
  lowLevel: error("bundle/response-level", "A response that starts at too low a level"),
  stockLevel: error(
    "bundle/stock-level",
    "A response by level that does not say that it arms other people's rules",
  ),
  where: error("bundle/where", "A response at a place that does not exist"),
  noEnd: error("bundle/no-end", "A block without an end"),
  escalate: error("bundle/escalate", "Growing blocks that OSSEC cannot do"),
  prefix: error("bundle/prefix", "A prefix that is not blocked"),
  disagree: error("bundle/responses-disagree", "Two responses that share a script and say different things"),
  overlap: warning("bundle/responses-overlap", "Two blocks that one alert can start"),
  notify: error("bundle/notify", "Something that a notification cannot run"),
  ownAddress: error("bundle/own-address", "An address of the host itself is not protected"),
  ownUnknown: warning("bundle/own-addresses", "The host's own addresses are not known"),
  forgeableBlock: error("bundle/forgeable-block", "A block of an address that could be forged"),
} as const;
