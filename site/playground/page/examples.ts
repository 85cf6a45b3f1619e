/** What the page begins with. */
import type { PlaygroundInput } from "../core/input.js";

export interface PlaygroundExample {
  readonly title: string;
  readonly input: PlaygroundInput;
}

const guesses = Array.from(
  { length: 6 },
  (_, at) =>
    `Jun 11 10:00:${String(at * 7).padStart(2, "0")} gate portal[311]: login of user carol failed from 192.0.2.${at === 3 ? 99 : 44}`,
).join("\n");

export const examples: readonly [PlaygroundExample, ...PlaygroundExample[]] = [
  {
    title: "A composite: guessed passwords",
    input: {
      engine: "4.3",
      decoders: `<decoder name="portal">
  <program_name>^portal</program_name>
</decoder>

<decoder name="portal-failed">
  <parent>portal</parent>
  <prematch>^login of user </prematch>
  <regex offset="after_prematch">^(\\w+) failed from (\\S+)$</regex>
  <order>user, srcip</order>
</decoder>
`,
      rules: `<group name="portal,">
  <rule id="100100" level="5">
    <decoded_as>portal</decoded_as>
    <match>failed from</match>
    <description>Portal: a login failed.</description>
  </rule>

  <rule id="100101" level="10" frequency="3" timeframe="120">
    <if_matched_sid>100100</if_matched_sid>
    <same_source_ip />
    <description>Portal: somebody guesses passwords.</description>
  </rule>
</group>
`,
      conf: "",
      lines: `Jun 11 09:58:12 gate portal[311]: login of user carol ok from 192.0.2.7\n${guesses}\n`,
    },
  },
  {
    title: "Why does nothing fire?",
    input: {
      engine: "4.3",
      decoders: `<decoder name="vpn">
  <program_name>^vpn-gate</program_name>
  <regex>peer (\\d+.\\d+.\\d+.\\d+): (\\w+)</regex>
  <order>srcip, action</order>
</decoder>
`,
      rules: `<group name="vpn,">
  <rule id="100200" level="7">
    <decoded_as>vpn</decoded_as>
    <match>peer .*rejected</match>
    <description>VPN: a peer was rejected.</description>
  </rule>

  <rule id="100201" level="10" frequency="4" timeframe="60">
    <if_matched_sid>100200</if_matched_sid>
    <description>VPN: many peers were rejected.</description>
  </rule>
</group>
`,
      conf: "",
      lines: `Jun 11 10:00:01 gate vpn-gate[7]: peer 198.51.100.3: rejected
Jun 11 10:00:02 gate vpn-gate[7]: peer 198.51.100.3: rejected
Jun 11 10:00:03 gate vpn-gate[7]: peer 198.51.100.9: accepted
`,
    },
  },
  {
    title: "Wazuh: a JSON log",
    input: {
      engine: "wazuh4",
      decoders: `<decoder name="shop">
  <prematch>^{"app":"shop"</prematch>
  <plugin_decoder>JSON_Decoder</plugin_decoder>
</decoder>

<decoder name="other-program">
  <program_name>^other</program_name>
</decoder>
`,
      rules: `<group name="shop,">
  <rule id="100300" level="3">
    <decoded_as>shop</decoded_as>
    <description>Shop: $(event) by $(customer).</description>
  </rule>

  <rule id="100301" level="8">
    <if_sid>100300</if_sid>
    <field name="event">^refund$</field>
    <field name="amount" type="pcre2">^\\d{4,}$</field>
    <description>Shop: a large refund by $(customer).</description>
  </rule>
</group>
`,
      conf: "",
      lines: `{"app":"shop","event":"order","customer":"dora","amount":"120"}
{"app":"shop","event":"refund","customer":"dora","amount":"90"}
{"app":"shop","event":"refund","customer":"emil","amount":"4200"}
`,
    },
  },
];
