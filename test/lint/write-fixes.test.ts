/** What is on the disk after `--fix`: links, modes, owners, other people's changes. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FixedFile } from "../../src/lint/fixes.js";
import { writeFixes } from "../../src/lint/host/write-fixes.js";
import { scratchFolder } from "../scratch-folder.js";

const writing = suite("write-fixes");

const before = `<group name="local">\r\n<rule id="100100" level="5"><match>b\xe9</match><description>a</description></rule>\r\n</group>`;
const after = before.replace('"local"', '"local,"');
const isRoot = process.getuid?.() === 0;

function inFolder(work: (folder: string, name: string) => void): void {
  const folder = scratchFolder("fix");
  const name = path.join(folder, "local_rules.xml");
  writeFileSync(name, before, "latin1");
  try {
    work(folder, name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fixed = (name: string): readonly FixedFile[] => [{ path: name, before, after, count: 1 }];
const read = (name: string): string => readFileSync(name, "latin1");

writing("a symbolic link stays one; what it leads to is fixed", () => {
  inFolder((folder, name) => {
    const link = path.join(folder, "link.xml");
    symlinkSync("local_rules.xml", link);
    const { written, diagnostics } = writeFixes(fixed(link), true);
    assert.equal([written.length, diagnostics], [1, []]);
    assert.is(readlinkSync(link), "local_rules.xml");
    assert.is(read(name), after);
    assert.is(read(`${name}.orig`), before);
  });
});

writing("mode and owner stay, whatever the umask is; so does a second name of the file", () => {
  inFolder((folder, name) => {
    chmodSync(name, 0o664);
    if (isRoot) chownSync(name, 1234, 4321);
    const old = process.umask(0o077);
    try {
      assert.equal(writeFixes(fixed(name), true).diagnostics, []);
    } finally {
      process.umask(old);
    }
    for (const file of [name, `${name}.orig`]) {
      assert.is(statSync(file).mode & 0o7777, 0o664);
      if (isRoot) assert.equal([statSync(file).uid, statSync(file).gid], [1234, 4321]);
    }
    const other = path.join(folder, "other.xml");
    writeFileSync(name, before, "latin1");
    linkSync(name, other);
    assert.equal(writeFixes(fixed(name), false).diagnostics, []);
    assert.is(read(other), after);
  });
});

writing("a file that is read-only, gone, or changed meanwhile stays as it is, and that is told", () => {
  inFolder((folder, name) => {
    chmodSync(name, 0o444);
    assert.match(writeFixes(fixed(name), true).diagnostics[0]?.message ?? "", "is read-only");
    assert.is(read(name), before);
    chmodSync(name, 0o644);
    writeFileSync(name, `${before}\n<!-- mine -->\n`, "latin1");
    const changed = writeFixes(fixed(name), true);
    assert.equal(changed.written, []);
    assert.match(changed.diagnostics[0]?.message ?? "", "was changed");
    assert.match(read(name), "mine");
    const gone = writeFixes(fixed(path.join(folder, "gone.xml")), true).diagnostics;
    assert.equal(
      gone.map(({ code, severity, message }) => [code, severity, message]),
      [["LINT-FIX", "error", "cannot be written: there is no such file or folder"]],
    );
    assert.equal(readdirSync(folder), ["local_rules.xml"]);
  });
});

writing("what lies beside the file is not written through", () => {
  inFolder((folder, name) => {
    const victim = path.join(folder, "victim");
    // A link that leads nowhere would be followed, and a file made at its end.
    symlinkSync(victim, `${name}.orig`);
    assert.equal(writeFixes(fixed(name), true).diagnostics, []);
    assert.not(existsSync(victim));
    assert.ok(lstatSync(`${name}.orig`).isSymbolicLink());
    assert.is(read(name), after);
  });
});

writing("the command mends the other files where one cannot be written", () => {
  inFolder((folder, name) => {
    const fixedPart = path.join(folder, "z_rules.xml");
    writeFileSync(fixedPart, before.replace("100100", "100200"), "latin1");
    chmodSync(name, 0o444);
    const run = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [run, "lint", "--fix", "--format", "json", folder],
      { encoding: "utf8" },
    );
    assert.is(status, 2);
    const { findings, diagnostics } = JSON.parse(stdout);
    const commas = findings.filter(({ code }: { code: string }) => code === "OSSEC-GROUP-TRAILING-COMMA");
    assert.equal(
      commas.map(({ file }: { file: string }) => path.basename(file)),
      ["local_rules.xml"],
    );
    assert.is(diagnostics.length, 1);
    assert.match(stderr, "fixed ");
    assert.match(read(fixedPart), '"local,"');
  });
});

writing.run();
