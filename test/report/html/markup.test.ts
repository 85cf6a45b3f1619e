import "../../seed.js";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { html, htmlText, jsonMarkup } from "../../../src/report/html/markup.js";
import { hostileText } from "./hostile.js";

/** What turns the direction of text, or is there unseen. */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

test("values of a template are text, in elements and in attributes", () => {
  assert.is(html`<p title="${'a"b'}">${"<i>"}</p>`.text, '<p title="a&quot;b">&lt;i&gt;</p>');
  assert.is(html`<p>${html`<i>${"&"}</i>`}${[1, null, "x"]}</p>`.text, "<p><i>&amp;</i>1x</p>");
});

test("no text becomes markup, ends an attribute, turns its direction or hides", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const escaped = htmlText(text);
      assert.not.match(escaped, /[<>"'`]/);
      assert.not.match(escaped, unseen);
      assert.not.match(escaped.replaceAll(/&(?:amp|lt|gt|quot|#39|#96);/g, ""), /&/);
    }),
    { numRuns: 2000 },
  );
});

test("what is unseen is shown by its number", () => {
  assert.is(htmlText("a\u202eb\u0007\u2066"), "a\\u202eb\\x07\\u2066");
});

test("data for scripts holds nothing that ends its element, and comes back as it was", () => {
  fc.assert(
    fc.property(fc.array(hostileText), (texts) => {
      const { text } = jsonMarkup({ texts });
      assert.not.match(text, /[<>&\u2028\u2029]/);
      assert.equal(JSON.parse(text), { texts });
    }),
    { numRuns: 1000 },
  );
});

test.run();
