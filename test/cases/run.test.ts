/** Which folders are cases. */
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runCases } from "../../src/cases/run.js";
import { showPath } from "../../src/cli/command.js";
import { scratchFolder } from "../scratch-folder.js";

const example = fileURLToPath(new URL("../../examples/zeek-ossec-pf/", import.meta.url));

test("a file or a link that leads round, beside the cases, hides none of them", async () => {
  const folder = scratchFolder("cases");
  cpSync(example, folder, { recursive: true });
  writeFileSync(join(folder, "cases/README.md"), "what the cases are\n");
  symlinkSync("loop", join(folder, "cases/loop"));
  const { cases } = await runCases({
    bundles: [join(folder, "perimeter.zopf.ts")],
    cache: false,
    show: showPath,
  });
  assert.equal(
    cases.map(({ case: name, status }) => [name, status]),
    [
      ["port-scan", "passed"],
      ["quiet-day", "passed"],
    ],
  );
});

test.run();
