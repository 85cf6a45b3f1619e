import { test } from "uvu";
import * as assert from "uvu/assert";
import { responsesOf, scriptArguments } from "../../../src/ossec/response/index.js";
import { analysed, engineOn, load } from "../engine/tree.js";

const command = (expect: string) =>
  `<command><name>drop</name><executable>drop.sh</executable><expect>${expect}</expect><timeout_allowed>yes</timeout_allowed></command>`;
const response = (more = "") =>
  `<active-response><command>drop</command><location>local</location><level>6</level><timeout>600</timeout>${more}</active-response>`;
const rules =
  '<rule id="100" level="3"><decoded_as>d</decoded_as><description>b</description></rule>' +
  '<rule id="101" level="7"><if_sid>100</if_sid><match>bad</match><description>m</description></rule>';

function outcomes(conf: string, line: string, engine: "4.3" | "3.8" = "4.3", decoders?: string): unknown[] {
  const loaded = load({ rules, conf, engine, ...(decoders === undefined ? {} : { decoders }) });
  const event = analysed(engineOn(loaded).process(line, 1700000000));
  return responsesOf(event, loaded, 7).map((outcome) =>
    outcome.kind === "run" ? scriptArguments(outcome) : outcome.reason,
  );
}

const bad = (ip: string) => `D ${ip} bob bad /a 1 2`;

test("a response bound by level runs with the arguments that the script gets", () => {
  assert.equal(outcomes(command("srcip") + response(), bad("192.0.2.1")), [
    ["-", "192.0.2.1", "1700000000.7", "101", "stdin", "-"],
  ]);
  assert.equal(outcomes(command("srcip") + response(), "D 192.0.2.1 bob good /a 1 2"), []);
});

test("only what the command expects is passed on", () => {
  assert.equal(outcomes(command("user") + response(), bad("192.0.2.1")), [
    ["bob", "-", "1700000000.7", "101", "stdin", "-"],
  ]);
  assert.equal(outcomes(command("") + response(), bad("192.0.2.1")), [
    ["-", "-", "1700000000.7", "101", "stdin", "-"],
  ]);
});

test("srcip must be set and harmless; a mapped address is cut", () => {
  const conf = command("srcip") + response();
  assert.equal(outcomes(conf, bad("$(id)")), ["crafted-srcip"]);
  assert.equal(outcomes(conf, bad("::ffff:192.0.2.1")), [
    ["-", "192.0.2.1", "1700000000.7", "101", "stdin", "-"],
  ]);
  const noFields = '<decoder name="d"><prematch>^D </prematch></decoder>';
  assert.equal(outcomes(conf, bad("192.0.2.1"), "4.3", noFields), ["no-srcip"]);
});

test("white list: addresses, prefixes, and host texts that the address begins with", () => {
  const listed = (entry: string) =>
    `<global><white_list>${entry}</white_list></global>${command("srcip")}${response()}`;
  assert.equal(outcomes(listed("192.0.2.1"), bad("192.0.2.1")), ["white-list"]);
  assert.equal(outcomes(listed("192.0.2.0/24"), bad("192.0.2.9")), ["white-list"]);
  assert.equal(outcomes(listed("host"), bad("host.example")), ["white-list"]);
  assert.equal(outcomes(listed("192.0.3.0/24"), bad("192.0.2.9")).length, 1);
  const users = `<global><white_list>192.0.2.1</white_list></global>${command("user")}${response()}`;
  assert.equal(outcomes(users, bad("192.0.2.1")), [["bob", "-", "1700000000.7", "101", "stdin", "-"]]);
});

test("4.3 takes srcuser where a user is expected, 3.8 does not", () => {
  const decoders =
    '<decoder name="d"><prematch>^D </prematch></decoder><decoder name="d1"><parent>d</parent><regex offset="after_parent">^\\S+ (\\S+)</regex><order>srcuser</order></decoder>';
  const conf = command("user") + response();
  assert.equal(outcomes(conf, bad("192.0.2.1"), "4.3", decoders), [
    ["bob", "-", "1700000000.7", "101", "stdin", "-"],
  ]);
  assert.equal(outcomes(conf, bad("192.0.2.1"), "3.8", decoders), ["no-user"]);
});

test("a later disabled block switches off the responses before it", () => {
  const conf = `${command("srcip")}${response()}<active-response><disabled>yes</disabled></active-response>`;
  assert.equal(outcomes(conf, bad("192.0.2.1")), ["switched-off"]);
});

test.run();
