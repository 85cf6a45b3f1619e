import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readInput, unread } from "../../src/files/input.js";
import { readBytes } from "../../src/files/streamed-input.js";

for (const device of ["/dev/zero", "/dev/urandom"]) {
  test(`${device}: reading it ends and says why`, async () => {
    if (!existsSync(device)) return;
    const state = unread();
    let bytes = 0;
    for await (const chunk of readBytes(device, state)) bytes += chunk.length;
    assert.is(state.unreadable, "it is larger than 16 MiB, or has no end");
    assert.is(bytes, 16 << 20);
    const input = readInput(device);
    for await (const _ of input.chunks);
    assert.is(input.state.unreadable, "it is larger than 16 MiB, or has no end");
  });
}

test("a device that ends is an empty file", async () => {
  if (!existsSync("/dev/null")) return;
  const state = unread();
  for await (const _ of readBytes("/dev/null", state)) assert.unreachable();
  assert.is(state.unreadable, undefined);
});

test.run();
