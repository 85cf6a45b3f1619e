/** Texts as an attacker would have them in a log, for pages and Markdown. */
import fc from "fast-check";

export const hostileTexts: readonly string[] = [
  "<script>pwned()</script>",
  "</script><script>pwned()</script>",
  "--><img src=x onerror=pwned()>",
  '"><svg onload=pwned()>',
  "' onmouseover='pwned()' x='",
  "</title></style></textarea><iframe srcdoc='<script>pwned()</script>'>",
  "javascript:pwned()",
  "&lt;script&gt; &amp;#60;",
  "<!--<script>",
  "]]><script>pwned()</script>",
  "\u2028pwned()\u2029",
  "\u202egpj.exe\u202c \u2066x\u2069 \u200f \u061c \u200b \ufeff",
  "\u0000\u0007\u001b]0;title\u0007\u009b31m",
  "`${pwned()}` {{pwned()}} ${pwned()}",
  "| a | b |\n| --- |\n# head\n- [x](javascript:pwned()) ![y](http://example.org/z.png)\n```\n",
  "http://example.org/ <http://example.org/> @everyone #1 **b** _i_ ~~s~~ `c`",
  "\ud800 \udfff",
];

const pieces = [
  "<",
  ">",
  '"',
  "'",
  "`",
  "&",
  "</script",
  "<!--",
  "-->",
  "\u202e",
  "\u2066",
  "\n",
  "|",
  "\\",
  "x=",
  " ",
];

/** Any text, and texts put together from what ends elements, attributes, comments and cells. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 4 })), {
      maxLength: 12,
    })
    .map((some) => some.join("")),
);
