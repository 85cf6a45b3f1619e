import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAddressEntry } from "../../../src/ossec/addresses/address.js";
import { matchesAddressList } from "../../../src/ossec/engine/address-list.js";

/** Each entry sets the polarity anew; when nothing is hit the last one decides (docs/reference/ossec.md#corner-cases-of-analysis). */
for (const [entries, inside, outside] of [
  [["!10.1.1.1", "10.0.0.0/8"], ["10.2.2.2"], ["192.0.2.1", "10.1.1.1"]],
  [["10.0.0.0/8", "!10.1.1.1"], ["10.2.2.2", "10.1.1.1", "192.0.2.1"], []],
  [["!10.1.1.1", "!10.2.2.2"], ["192.0.2.1"], ["10.1.1.1", "10.2.2.2"]],
  [["10.1.1.1", "10.2.2.2"], ["10.1.1.1", "10.2.2.2"], ["192.0.2.1"]],
  [["!10.0.0.0/8"], ["192.0.2.1"], ["10.2.2.2", "no address"]],
] as const) {
  test(`srcip ${entries.join(", ")}`, () => {
    const list = entries.flatMap((text) => {
      const entry = parseAddressEntry(text);
      return entry === null ? [] : [entry];
    });
    for (const text of inside) assert.ok(matchesAddressList(list, text), text);
    for (const text of outside) assert.not(matchesAddressList(list, text), text);
  });
}

test.run();
