/** Names that each packet filter takes, and words that mean something else to it. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly taken: (name: string) => boolean;
  /** What it is the name of, `a pf table`. */
  readonly what: string;
  readonly help: string;
}

/** Words of pf's grammar and of the two systems' own tables that would not be read as our table. */
const pfTaken = new Set([
  "self",
  "any",
  "all",
  "bruteforce",
  "spamd",
  "spamd-white",
  "urpf-failed",
  "no-route",
]);

/** pf takes 31 characters (docs/reference/firewall.md#pf). */
export const pfTable: NameRule = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]{0,30}$/,
  taken: (name) => pfTaken.has(name),
  what: "a pf table",
  help: "use letters, digits, _ and -, starting with a letter, at most 31 characters",
};

/** ipfw takes 63; names come with FreeBSD 11. `all` and numbers mean something else. */
export const ipfwTable: NameRule = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]{0,62}$/,
  taken: (name) => name === "all",
  what: "an ipfw table",
  help: "use a number from 1 to 127, or letters, digits, _ and - starting with a letter, at most 63 characters",
};

/**
 * Words of nft's language, which no table may be called: found by offering nft 1.0.6 every word of its manual
 * and of its library, and words that later versions added. None of them holds an underscore.
 */
const nftWords = new Set(
  (
    "accept add ah all and arp auto-merge bridge cgroup chain comment comp constant continue counter cpu create " +
    "ct day dccp define delete describe destroy device devices dnat drop dst dup dynamic ecn element elements " +
    "esp ether exists expires exthdr fib flags flow flowtable flush frag fwd gc-interval geneve get goto gre " +
    "gretap handle hbh hook hour ibriport ibrname icmp icmpv6 igmp iif iifgroup iifname iiftype include index " +
    "inet insert interval ip ip6 ipsec jhash jump last limit list log lt map mark masquerade meta meter meters " +
    "mh missing monitor nat netdev nftrace not notrack numgen obriport obrname offload oif oifgroup oifname " +
    "oiftype or osf pkttype policy position priority queue quota random raw redefine redirect reject rename " +
    "replace reset return rt rt0 rt2 rtclassid rule ruleset rules sctp secmark set sets size skgid skuid snat " +
    "socket srh symhash synproxy table tables tcp th time timeout tproxy type typeof udp udplite undefine update " +
    "vlan vmap vxlan xor xt"
  ).split(" "),
);

/** Tables that distributions and other programs make: ours would be mixed up with theirs, or flushed by them. */
const nftOthers =
  /^(?:filter|mangle|security|firewalld|fw4|f2b-table|crowdsec6?|sshguard|docker.*|libvirt.*)$/;

/** Kernels before 4.14 take 31 characters. */
export const nftTable: NameRule = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]{0,30}$/,
  taken: (name) => nftWords.has(name) || nftOthers.test(name),
  what: "an nftables table",
  help: "use letters, digits, _ and -, starting with a letter, at most 31 characters: ossec_blocked",
};

/** Chains and targets that iptables knows: a chain of that name could not be made, or would not be jumped to. */
const iptablesTargets = new Set(
  (
    "ACCEPT DROP RETURN QUEUE NFQUEUE REJECT LOG NFLOG MARK CONNMARK SECMARK CONNSECMARK CLASSIFY CT DNAT SNAT " +
    "MASQUERADE REDIRECT NETMAP TPROXY TRACE NOTRACK TEE TTL HL TOS DSCP ECN TCPMSS TCPOPTSTRIP AUDIT CHECKSUM " +
    "CLUSTERIP HMARK IDLETIMER LED RATEEST SET SYNPROXY DPT INPUT OUTPUT FORWARD PREROUTING POSTROUTING"
  ).split(" "),
);

/** Sets and chains of programs that make and flush their own. */
const iptablesOthers = /^(?:f2b-|crowdsec|sshguard|ufw|KUBE-|DOCKER|cali|ipsum)/;

/**
 * ipset takes 31 characters, a chain 28, a log prefix 29 with its blank, and the set's name gets a 4 or 6 at
 * its end.
 */
export const ipsetName: NameRule = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]{0,26}$/,
  taken: (name) => iptablesTargets.has(name) || iptablesOthers.test(name),
  what: "an ipset",
  help: "use letters, digits, _ and -, starting with a letter, at most 27 characters: ossec_blocked",
};
