import { test } from "uvu";
import * as assert from "uvu/assert";
import { threshold } from "../../../src/compiler/decode/zeek-detection.js";
import { read } from "./read.js";

test("a threshold that nothing reaches is not said to be below 0", () => {
  const said = (value: number) => read(threshold, value).diagnostics.map(({ message }) => message);
  for (const value of [1e300, Number.POSITIVE_INFINITY])
    assert.match(said(value)[0] ?? "", /a number up to 9007199254740991$/);
  for (const value of [0, -5, Number.NaN]) assert.match(said(value)[0] ?? "", /a number above 0$/);
  assert.equal(said(0.5), []);
});

test.run();
