/**
 * The conditions of a rule that are one pattern each: the member of a definition by the element that asks for it. Loading
 * reads them by this table, the engine tests them by it; a dialect says which of the elements it has.
 */
export const patternMembers = {
  program_name: "programName",
  id: "idPattern",
  system_name: "systemName",
  protocol: "protocol",
  match: "match",
  regex: "regex",
  url: "url",
  location: "location",
  srcport: "srcport",
  dstport: "dstport",
  user: "user",
  srcgeoip: "srcgeoip",
  dstgeoip: "dstgeoip",
  data: "data",
  extra_data: "extraData",
  hostname: "hostname",
  status: "status",
} as const;

/** An element that asks for a pattern. */
export type PatternName = keyof typeof patternMembers;

/** Where a definition keeps it. */
export type PatternMember = (typeof patternMembers)[PatternName];
