/** What an editor shows for a bundle's properties: their TSDoc, also where functions stand beside them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../../", import.meta.url));
const options: ts.CompilerOptions = {
  strict: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  paths: { zopf: [join(root, "src/index.ts")] },
};

function service(files: readonly string[]): ts.LanguageService {
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...files],
    getScriptVersion: () => "1",
    getScriptSnapshot: (file) => {
      const text = ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}

/** Names that the user chose: hosts, fields of a decoder, columns of a log. */
const ownNames = new Set(["targets", "fields", "columns"]);
/**
 * Where TypeScript cannot tell which of two types is meant: a version without a dialect, the list of a bundle
 * without `firewall` and `targets`. It shows none of the two texts then.
 */
const undecided = new Set([
  "fleet.zopf.ts version",
  "packets.zopf.ts detections",
  "local.zopf.ts detections",
  // Conditions on fields that an order names, which are the user's.
  "local.zopf.ts status",
  "local.zopf.ts action",
]);

test("every property of the examples' bundles shows its documentation", () => {
  const files = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".zopf.ts"))
    .map((name) => join(root, "examples", name));
  assert.ok(files.length >= 10);
  const editor = service(files);
  const bare: string[] = [];
  let asked = 0;
  for (const file of files) {
    assert.equal(editor.getSemanticDiagnostics(file), [], file);
    const source = editor.getProgram()?.getSourceFile(file);
    const visit = (node: ts.Node, owner: string): void => {
      let inside = owner;
      if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
        const name = node.name.getText();
        inside = name;
        const { documentation = [] } = editor.getQuickInfoAtPosition(file, node.name.getStart()) ?? {};
        if (!ownNames.has(owner)) asked++;
        if (documentation.length === 0 && !ownNames.has(owner))
          bare.push(`${file.split("/").at(-1)} ${name}`);
      }
      ts.forEachChild(node, (child) => visit(child, inside));
    };
    if (source !== undefined) visit(source, "");
  }
  assert.ok(asked > 200, `${asked}`);
  assert.equal(
    bare.filter((one) => !undecided.has(one)),
    [],
  );
});

test("every property of the public types has TSDoc", () => {
  const folder = join(root, "src/dsl");
  const files = readdirSync(folder).map((name) => join(folder, name));
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const entry = readFileSync(join(root, "src/index.ts"), "utf8");
  const bare: string[] = [];
  for (const file of files) {
    const visit = (node: ts.Node, owner: string): void => {
      const declared =
        ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isFunctionDeclaration(node);
      const within = declared ? (node.name?.text ?? owner) : owner;
      if (ts.isPropertySignature(node)) {
        const symbol = checker.getSymbolAtLocation(node.name);
        if (symbol !== undefined && symbol.getDocumentationComment(checker).length === 0)
          bare.push(`${within}.${node.name.getText()}`);
      }
      ts.forEachChild(node, (child) => visit(child, within));
    };
    const source = program.getSourceFile(file);
    if (source !== undefined) visit(source, "");
  }
  // The marks of values, the scalars of a column: nobody writes them.
  const inner = /^(?:Addr|Subnet|Port|Time|Interval|Scalars|ZeekMark|Marked|RowOf)\./;
  assert.equal(
    bare.filter((name) => !inner.test(name)),
    [],
  );
  assert.match(entry, /zeek-types/);
});

test("conn_state is a closed set: another word is an error", () => {
  const file = join(root, "examples", "hover-test.zopf.ts");
  const text = (state: string): string =>
    `import type { Connection } from "zopf";\nexport const f = (c: Connection): boolean => c.conn?.conn_state === "${state}";\n`;
  const wrong = (state: string): number => {
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile.bind(host);
    const program = ts.createProgram([file], options, {
      ...host,
      fileExists: (name) => name === file || host.fileExists(name),
      getSourceFile: (name, version) =>
        name === file ? ts.createSourceFile(name, text(state), version, true) : read(name, version),
    });
    return program.getSemanticDiagnostics(program.getSourceFile(file)).length;
  };
  assert.is(wrong("S0"), 0);
  assert.is(wrong("RSTOS0"), 0);
  assert.is(wrong("S00"), 1);
});

test.run();
