import type { Expression, ZeekType } from "../../model/expression.js";
import { childrenOf, walk } from "../../model/walk.js";
import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";
import type { LinkContext } from "./context.js";

/**
 * Bytes of a message. OSSEC reads 6,135 bytes of a line (docs/reference/ossec.md#life-of-an-event), Zeek writes a byte as up to five
 * characters, six in 8.1 and 8.2 (docs/reference/zeek.md#escaping), and the address stands behind the message: a longer one
 * would push it out of sight, which is what somebody who chooses a long name or URI would want.
 */
const longest = 900;

/** Types whose text can be as long as somebody on the network likes. */
const unbounded = new Set<ZeekType["kind"]>(["string", "set", "vector", "pattern", "record"]);

/** The message as it is emitted: cut where somebody else's text is in it; null where its own text is too long. */
export function boundMessage(
  context: LinkContext,
  place: SourceRange,
  message: Expression,
): Expression | null {
  const own = ownBytes(message);
  let foreign = false;
  for (const node of walk(message))
    if ((node.kind === "field" || node.kind === "index") && unbounded.has(node.type.kind)) foreign = true;
  if (own > longest)
    return context.report(
      codes.text(
        place.span(),
        `${place.label} has ${own} bytes of text of its own; ${longest} is the most`,
        "OSSEC reads about 6,000 bytes of a line, and the address stands behind the message",
      ),
    );
  if (!foreign) return message;
  const { span } = message;
  const count = (value: number): Expression => ({ kind: "literal", type: { kind: "count" }, value, span });
  return {
    kind: "call",
    function: "sub_bytes",
    arguments: [message, count(1), count(longest)],
    type: { kind: "string" },
    span,
  };
}

/** The most bytes of a message that its own literals can give: of two branches, the longer one. */
function ownBytes(node: Expression): number {
  switch (node.kind) {
    case "literal":
      return node.type.kind === "string" ? String(node.value).length : 20;
    case "conditional":
      return Math.max(ownBytes(node.whenTrue), ownBytes(node.whenFalse));
    default:
      return childrenOf(node).reduce((sum, inner) => sum + ownBytes(inner), 0);
  }
}
