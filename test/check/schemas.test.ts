import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check } from "../../src/check/check.js";
import { showPath } from "../../src/cli/command.js";
import { diffDeployed } from "../../src/diff/diff.js";
import { checkJson } from "../../src/report/check.js";
import { deployJson } from "../../src/report/deploy.js";
import { diffJson } from "../../src/report/diff.js";
import { compiled, deployTo, host } from "../deploy/host.js";

function valid(name: string, text: string): void {
  const path = fileURLToPath(new URL(`../../src/schemas/${name}.schema.json`, import.meta.url));
  const schema: object = JSON.parse(readFileSync(path, "utf8"));
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
}

test("what is printed fits the schemas of the package", async () => {
  const bundle = await compiled();
  const there = host();
  valid("diff", diffJson({ reports: [diffDeployed(bundle, there.root, showPath)], diagnostics: [] }, true));
  valid("diff", diffJson({ reports: [diffDeployed(bundle, "/nowhere", showPath)], diagnostics: [] }, false));
  valid("deploy", deployJson(await deployTo(there.root, bundle)));
  valid("deploy", deployJson(await deployTo("/nowhere", bundle)));
  const report = await check({
    files: ["/nowhere/x.zopf.ts"],
    out: "/nowhere/generated",
    with: null,
    target: null,
    requireEngines: [],
    enginePaths: new Map(),
    only: [],
    since: null,
    failOn: "dangerous",
    cache: false,
    show: showPath,
  });
  valid("check", checkJson(report));
  assert.is(report.parts[0]?.status, "invalid");
});

test.run();
