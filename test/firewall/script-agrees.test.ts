import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { guard, type Protected, parseAddress } from "../../src/firewall/index.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { scratchFolder } from "../scratch-folder.js";
import { perimeter } from "../targets/models.js";
import { shells } from "../targets/shells.js";
import { addressTexts } from "./generate.js";

const test = suite("the script's and the replay's guard");

const lists: readonly (readonly Protected[])[] = [
  perimeter().neverBlock,
  ["10.0.0.0/9", "172.16.0.0/12", "192.0.2.128/25", "198.51.100.7", "200.0.0.0/5", "100.64.0.0/10"]
    .concat(["2001:db8:8000::/33", "fe80::/10", "2001:db8::1", "abcd::/15", "2001::/127"])
    .map((network) => ({ network, name: null })),
  [{ network: "0.0.0.0/0", name: null }],
  [{ network: "::/0", name: null }],
];

/** The script up to its log, and a loop that judges the lines of its standard input. */
function judge(neverBlock: readonly Protected[]): string {
  const content = emitScript(perimeter(undefined, { neverBlock }))[0]?.content ?? "";
  const functions = content.slice(0, content.indexOf("\n# ---- the log"));
  return `${functions.replace("exec </dev/null", ":")}
while IFS= read -r text; do
	if ! address "$text"; then
		printf '%s\\n' invalid
	elif numbers_before=$numbers && protected; then
		printf '%s\\n' "protected $protecting"
	else
		printf '%s\\n' "valid $numbers_before"
	fi
done
`;
}

function expected(neverBlock: readonly Protected[], texts: readonly string[]): readonly string[] {
  const check = guard(neverBlock);
  return texts.map((text) => {
    const verdict = check(text);
    if (verdict.kind === "protected") return `protected ${verdict.network}`;
    return verdict.kind === "invalid" ? "invalid" : `valid ${parseAddress(text)?.numbers.join(" ")} `;
  });
}

for (const shell of shells) {
  const count = shell[0] === "dash" ? 10_000 : 800;
  test(`${shell[0]}: ${count} texts`, () => {
    const folder = scratchFolder("judge");
    try {
      for (const [index, neverBlock] of lists.entries()) {
        const file = path.join(folder, "judge.sh");
        writeFileSync(file, judge(neverBlock));
        const few = index === 0 ? count : Math.floor(count / 5);
        // yash cannot read what is no text of its locale, and the script's own is C.
        const texts = addressTexts(few, 1000 + index).filter(
          (text) => shell[0] !== "yash" || /^[ -~]*$/.test(text),
        );
        const [program = "", ...rest] = [...shell, file];
        const done = spawnSync(program, rest, {
          input: texts.map((text) => `${text}\n`).join(""),
          encoding: "utf8",
        });
        const seen = done.stdout.split("\n").slice(0, -1);
        const wanted = expected(neverBlock, texts);
        assert.is(seen.length, wanted.length, done.stderr);
        const differing = wanted.findIndex((verdict, place) => verdict !== seen[place]);
        if (differing !== -1)
          assert.is(
            `${JSON.stringify(texts[differing])} ${seen[differing]}`,
            `${JSON.stringify(texts[differing])} ${wanted[differing]}`,
          );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test("the generated texts are of every kind", () => {
  const kinds = new Set(
    expected(perimeter().neverBlock, addressTexts(2000, 1)).map((verdict) => verdict.split(" ")[0]),
  );
  assert.equal([...kinds].sort(), ["invalid", "protected", "valid"]);
});

test.run();
