import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const stock = fileURLToPath(new URL("../../../shared/ossec-ruleset", import.meta.url));

export const stockIsHere = existsSync(stock);

/** OSSEC's decoders that are loaded before others: the default pair, or the bundle's first. */
export type DecoderOrder = "stock" | "own first";

/** Files of an OSSEC home below a root with the stock decoders and rules, in the order of the stock ossec.conf. */
export function stockFiles(order: DecoderOrder, home = "var/ossec"): Readonly<Record<string, string>> {
  const names = readFileSync(join(stock, "rules.txt"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => basename(line.trim()));
  const rules = [...new Set([...names, "local_rules.xml"])].map((name) => `<include>${name}</include>`);
  const decoders =
    order === "stock" ? [] : ["<decoder>etc/local_decoder.xml</decoder><decoder>etc/decoder.xml</decoder>"];
  return {
    [`${home}/etc/ossec.conf`]: `<ossec_config>\n<rules>\n${[...decoders, ...rules].join("\n")}\n</rules>\n</ossec_config>\n`,
    [`${home}/etc/decoder.xml`]: readFileSync(join(stock, "decoder.xml"), "latin1"),
    [`${home}/rules/local_rules.xml`]: "<!-- Local rules. -->\n",
    ...Object.fromEntries(
      readdirSync(join(stock, "rules"))
        .filter((name) => name.endsWith(".xml") && name !== "local_rules.xml")
        .map((name) => [`${home}/rules/${name}`, readFileSync(join(stock, "rules", name), "latin1")]),
    ),
  };
}
