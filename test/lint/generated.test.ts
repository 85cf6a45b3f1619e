import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { forgeable } from "../../src/ossec/forgeable-source.js";
import { loadLoose } from "../../src/ossec/load/index.js";

const generated = fileURLToPath(new URL("../../generated", import.meta.url));

test("the decoders that zopf writes cannot be forged, and the linter sees it", () => {
  for (const bundle of ["perimeter", "scanning", "iplog-sensor", "sshd-burst"]) {
    const file = join(generated, bundle, "ossec", "local_decoder.xml");
    const loaded = loadLoose(
      { decoders: [{ file, bytes: readFileSync(file) }], rules: [] },
      { engine: "4.3" },
    );
    for (const decoder of loaded.decoders.all)
      assert.is(forgeable(decoder), null, `${bundle} ${decoder.name}`);
  }
});

test("free text before the address is free text, whatever the language", () => {
  const decoder = (pattern: string): string =>
    `<decoder name="d"><prematch>^d</prematch>${pattern}<order>srcip</order></decoder>`;
  const reason = (pattern: string): string | null => {
    const bytes = Buffer.from(decoder(pattern));
    const [first] = loadLoose({ decoders: [{ file: "d.xml", bytes }], rules: [] }, { engine: "4.3" }).decoders
      .all;
    return first === undefined ? null : forgeable(first);
  };
  assert.match(reason("<pcre2>^d .* from (\\S+)</pcre2>") ?? "", /free text/);
  assert.match(reason("<regex>^d \\.+ from (\\S+)</regex>") ?? "", /free text/);
  assert.is(reason("<pcre2>^d [.+*]+ from (\\S+)</pcre2>"), null);
  assert.is(reason("<pcre2>^d\\.+ from (\\S+)</pcre2>"), null);
  // The last word of the line is certain; a word that may be followed by others is not.
  assert.is(reason("<regex>login from (\\S+)$</regex>"), null);
  assert.is(reason("<pcre2>, ip=\\[(\\S+)\\]$</pcre2>"), null);
  assert.match(reason("<regex>login from (\\S+)</regex>") ?? "", /anchored/);
  assert.match(reason("<pcre2>ip=\\[(\\S+)\\]$</pcre2>") ?? "", /anchored/);
});

test.run();
