/** Filters as fail2ban ships them, on the lines that its users annotated: the same matches, the same addresses. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { haveLines, judge } from "./annotated.js";

/** Filters that are quick to take apart, of every kind. `npm run conformance` runs all of them. */
const files = [
  "apache-badbots",
  "apache-fakegooglebot",
  "apache-modsecurity",
  "bitwarden",
  "centreon",
  "directadmin",
  "domino-smtp",
  "froxlor-auth",
  "gitlab",
  "horde",
  "kerio",
  "lighttpd-auth",
  "mssql-auth",
  "nginx-bad-request",
  "nginx-botsearch",
  "openhab",
  "openwebmail",
  "pam-generic",
  "php-url-fopen",
  "portsentry",
  "scanlogd",
  "selinux-ssh",
  "sogo-auth",
  "squid",
  "stunnel",
  "xrdp",
  "znc-adminlog",
] as const;

/** Wazuh takes patterns of 1,023 bytes, which those of a few filters are longer than: such a bundle does not compile. */
const mostTooLong = 5;

function judged(file: string, dialect: "ossec" | "wazuh"): ReturnType<typeof judge> | null {
  try {
    return judge(file, dialect);
  } catch (error) {
    if (dialect === "wazuh" && error instanceof Error && error.message.includes("Wazuh takes 1023"))
      return null;
    throw error;
  }
}

const run = haveLines ? test : test.skip;
if (!haveLines) console.log("annotated lines: skipped, there is no ../shared");

for (const dialect of ["ossec", "wazuh"] as const)
  run(`${files.length} filters in ${dialect} say of each line what fail2ban says`, () => {
    const outcomes = files.map((file) => judged(file, dialect));
    assert.ok(outcomes.filter((one) => one === null).length <= (dialect === "ossec" ? 0 : mostTooLong));
    const wrong = outcomes.flatMap((one) =>
      (one ?? [])
        // A client that is known by a name alone has no address that could be blocked.
        .filter(({ verdict }) => verdict !== "same" && verdict !== "name")
        .map(({ file, verdict, expected, found, line }) => `${file} ${verdict} ${expected} ${found} ${line}`),
    );
    assert.equal(wrong, []);
  });

run("several lines together are refused by their name", () => {
  const verdicts = new Set(judge("mongodb-auth", "ossec").map(({ verdict }) => verdict));
  assert.equal([...verdicts].sort(), ["refused", "same"]);
});

test.run();
