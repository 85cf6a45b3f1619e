import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readXml } from "../../src/ossec/xml/read.js";
import { sourceText } from "../../src/ossec/xml/source.js";
import { wazuh4 } from "../../src/wazuh/dialect.js";

function read(text: string) {
  return readXml(sourceText("x.xml", text), { dialect: wazuh4, variables: true });
}

/** Why the reader gives up; null: it does not. */
const refusal = (text: string): string | null => read(text).problem?.reason ?? null;

const values = (text: string): readonly string[] => read(text).roots.map(({ value }) => value);

const reader = suite("Wazuh's reader of XML");

reader("a declaration is refused wherever it stands, a BOM is text", () => {
  assert.match(refusal("<?xml version='1.0'?><a>x</a>") ?? "", /follows the attribute version/);
  assert.match(refusal("\n<?xml version='1.0'?><a>x</a>") ?? "", /follows the attribute version/);
  assert.match(refusal("\xef\xbb\xbf<?xml version='1.0'?><a>x</a>") ?? "", /follows the attribute version/);
  assert.equal(values("\xef\xbb\xbf<a>x</a>"), ["x"]);
});

reader("texts and attributes of up to 20479 bytes", () => {
  assert.is(refusal(`<a>${"x".repeat(20479)}</a>`), null);
  assert.match(refusal(`<a>${"x".repeat(20480)}</a>`) ?? "", /longer than the reader's 20479 bytes/);
  assert.is(refusal(`<a b="${"x".repeat(20479)}"/>`), null);
  assert.match(refusal(`<a b="${"x".repeat(20480)}"/>`) ?? "", /longer than the reader's 20479 bytes/);
});

reader("49 attributes, 1024 levels", () => {
  const attributes = (count: number) =>
    `<a ${Array.from({ length: count }, (_, index) => `b${index}="x"`).join(" ")}/>`;
  assert.is(refusal(attributes(49)), null);
  assert.match(refusal(attributes(50)) ?? "", /more than the reader's 49 attributes/);
  const levels = (count: number) => "<a>".repeat(count) + "</a>".repeat(count);
  assert.is(refusal(levels(1024)), null);
  const deep = read(levels(1025)).problem;
  assert.is(deep?.outcome, "error");
});

reader("$(name) is no variable, $name is", () => {
  const variable = '<var name="A">1</var>';
  assert.equal(values(`${variable}<a>$(srcip) $A.</a>`), ["$(srcip) 1."]);
  assert.match(refusal(`${variable}<a>(abc$)</a>`) ?? "", /no variable "\)"/);
  assert.match(refusal(`${variable}<a>$5 now</a>`) ?? "", /no variable "5"/);
});

reader("of two backslashes none escapes what follows", () => {
  assert.equal(values("<a>x\\<y</a>"), ["x\\<y"]);
  assert.equal(values("<a>x\\\\</a>"), ["x\\\\"]);
  assert.equal(values("<a>x\\\\\\</a></a>"), ["x\\\\\\</a>"]);
});

reader.run();
