/** A site as administrators write it: nothing in it is refused, dead or dangerous, and lint says so. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findInputs } from "../../src/lint/host/find-inputs.js";
import type { InputFile } from "../../src/lint/input.js";
import { lintFiles } from "../../src/lint/lint.js";
import { stockFolder, stockIsHere } from "./stock.js";

const good = suite("a good site");

const read = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
const serious = new Set(["refused", "dead", "dangerous"]);

function site(included: readonly string[]): readonly InputFile[] {
  const includes = included.map((name) => `    <include>${name}</include>`).join("\n");
  const file = (name: string, kind: InputFile["kind"], text: string): InputFile => ({
    path: `ossec/${name}`,
    kind,
    bytes: Buffer.from(text),
  });
  return [
    file("etc/ossec.conf", "conf", read("ossec.conf").replace("RULES", includes)),
    file("etc/local_decoder.xml", "decoders", read("local_decoder.xml")),
    file("rules/local_rules.xml", "rules", read("local_rules.xml")),
  ];
}

good("its own files alone", () => {
  const options = { engine: "4.3", dialect: "ossec", closed: false, order: null, glob: null } as const;
  const { findings } = lintFiles(site(["rules_config.xml"]), options);
  assert.equal(
    findings.filter(({ effect }) => serious.has(effect)).map(({ code, message }) => `${code} ${message}`),
    [],
  );
});

if (stockIsHere) {
  for (const engine of ["4.3", "3.8", "3.7"] as const) {
    good(`with the stock rules, ${engine}`, () => {
      const names = readFileSync(path.join(stockFolder, "rules.txt"), "utf8").trim().split("\n");
      const given = findInputs([stockFolder]).files.filter(
        ({ path: name }) => !name.endsWith("local_rules.xml"),
      );
      const stock = given.map((file) => {
        const name = path.basename(file.path);
        return { ...file, path: name === "decoder.xml" ? "ossec/etc/decoder.xml" : `ossec/rules/${name}` };
      });
      const included = names.map((name) => path.basename(name));
      const files = [...site(included.filter((name) => name !== "local_rules.xml")), ...stock];
      const options = { engine, dialect: "ossec", closed: true, order: null, glob: null } as const;
      const own = lintFiles(files, { ...options, homes: ["ossec"] }).findings.filter(({ file }) =>
        /local_|ossec\.conf/.test(file),
      );
      assert.equal(
        own.filter(({ effect }) => serious.has(effect)).map(({ code, message }) => `${code} ${message}`),
        [],
      );
    });
  }
} else console.log("skipped: shared/ossec-ruleset is not here");

good.run();
