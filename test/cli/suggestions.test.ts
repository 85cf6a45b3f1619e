import { test } from "uvu";
import * as assert from "uvu/assert";
import { withSuggestion } from "../../src/cli/suggestions.js";

test("a misspelt flag, value or command names the one that may be meant", () => {
  assert.is(
    withSuggestion("Nonexistent flag: --formt", { flags: ["format", "output"] }),
    "there is no flag --formt. Did you mean --format?",
  );
  assert.is(
    withSuggestion("Expected --format=jsn to be one of: text, json", {}),
    "Expected --format=jsn to be one of: text, json. Did you mean json?",
  );
  assert.is(
    withSuggestion("command buidl not found", { commands: ["build", "check"] }),
    "there is no command buidl. Did you mean build?",
  );
});

test("what is near nothing gets no suggestion, other messages stay as they are", () => {
  assert.is(withSuggestion("Nonexistent flag: --zzzz", { flags: ["format"] }), "there is no flag --zzzz.");
  assert.is(withSuggestion("Missing 1 required arg", { flags: ["format"] }), "Missing 1 required arg");
});

test.run();
