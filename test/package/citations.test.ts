import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { rules } from "../../src/lint/rules/index.js";

/** What sources, tests and docs cite lies in the repository: the file and its anchor. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

const textual = new Set(["", ".ts", ".js", ".md", ".hbs", ".sh", ".xml", ".zeek"]);
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && textual.has(extname(entry.name)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const ownPages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
const files = [
  ...ownPages,
  ...["src", "test", "docs", "examples", "templates", "bench", "bin", "ci"].flatMap(filesBelow),
];
const pages = files.filter((file) => file.endsWith(".md") && !file.startsWith("test/"));

/** Anchors of a page as GitHub makes them of headings, and those that are written out. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const prose = read(page).replaceAll(/^```.*?^```$/gms, "");
  for (const [, heading = ""] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  for (const [, id = ""] of prose.matchAll(/<a id="([^"]+)">/g)) anchors.add(id);
  return anchors;
}

const known = new Map<string, ReadonlySet<string>>();
function hasAnchor(page: string, anchor: string): boolean {
  const anchors = known.get(page) ?? anchorsOf(page);
  known.set(page, anchors);
  return anchors.has(anchor);
}

/** `docs/reference/ossec.md#xml (Variables), #decoders and #addresses`: anchors belong to the file before them. */
const citation = /docs\/reference\/([a-z]+\.md)((?:(?:, | and )?#[a-z0-9_-]+(?: \([^()]*\))?)*)/g;

function brokenCitations(text: string): readonly string[] {
  return [...text.matchAll(citation)].flatMap(([, name = "", tail = ""]) => {
    const page = `docs/reference/${name}`;
    if (!existsSync(join(root, page))) return [page];
    return [...tail.matchAll(/(?<=^|[ ,])#([a-z0-9_-]+)/g)]
      .map(([, anchor = ""]) => anchor)
      .filter((anchor) => !hasAnchor(page, anchor))
      .map((anchor) => `${page}#${anchor}`);
  });
}

test("the check of citations finds what is wrong", () => {
  const page = "docs/reference/ossec.md";
  assert.equal(brokenCitations(`${page}#xml (Variables), #no-such and #decoders`), [`${page}#no-such`]);
  assert.equal(brokenCitations(`${page}#nowhere`), [`${page}#nowhere`]);
  assert.equal(brokenCitations(["docs/reference", "none.md#xml"].join("/")), ["docs/reference/none.md"]);
});

test("every citation of docs/reference points to a file and an anchor that are there", () => {
  let count = 0;
  const broken = files
    .filter((file) => file !== "test/package/citations.test.ts")
    .flatMap((file) => {
      const text = read(file);
      count += [...text.matchAll(citation)].length;
      return brokenCitations(text).map((wrong) => `${file}: ${wrong}`);
    });
  assert.equal(broken, []);
  assert.ok(count > 400, `${count} citations`);
});

test("every lint rule cites docs/reference", () => {
  const without = rules.filter(({ reference }) => !/^docs\/reference\/[a-z]+\.md#[a-z]/.test(reference));
  assert.equal(
    without.map(({ code, reference }) => `${code}: ${reference}`),
    [],
  );
});

test("nothing cites the specification beside the repository", () => {
  const outside = /\bspec\/[a-z]+\.md|\.\.\/shared\/spec\b/i;
  assert.equal(
    files.filter((file) => outside.test(read(file))),
    [],
  );
});

test("links of the docs stay in the repository and lead to what is there", () => {
  const broken = pages.flatMap((page) => {
    const prose = read(page)
      .replaceAll(/^ *```.*?^ *```$/gms, "")
      .replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : relative(root, join(root, dirname(page), path));
      if (file.startsWith("..") || !existsSync(join(root, file))) return [`${page}: ${target}`];
      return anchor === undefined || !file.endsWith(".md") || hasAnchor(file, anchor)
        ? []
        : [`${page}: ${target}`];
    });
  });
  assert.equal(broken, []);
});

test.run();
