import type { ts } from "ts-morph";
import { propertyOf, textOf, unwrapped } from "./nodes-at.js";
import { typescript } from "./typescript.js";

/** How a person calls the object: `detection "Port_Scan"`, `rule of detection "Port_Scan"`, `pf(…)`. */
export function subjectOf(object: ts.ObjectLiteralExpression): string {
  const ts = typescript();
  const name = textOf(propertyOf(object, "name")?.initializer);
  const kind = textOf(propertyOf(object, "kind")?.initializer);
  let value: ts.Node = object;
  while (unwrapped(value.parent) === object) value = value.parent;
  const { parent } = value;
  if (ts.isCallExpression(parent)) {
    const called = textOf(parent.expression);
    if (called === "defineBundle") return name === null ? "the bundle" : `the bundle "${name}"`;
    if (called === "onLog" || called === "logDetection")
      return name === null ? `${called}(…)` : `detection "${name}"`;
    return `${called ?? "the call"}(…)`;
  }
  if (ts.isArrayLiteralExpression(parent)) {
    const list = ts.isPropertyAssignment(parent.parent) ? textOf(parent.parent.name) : null;
    const number = parent.elements.findIndex((element) => unwrapped(element) === object) + 1;
    if (list === "detections" && name !== null) return `detection "${name}"`;
    if (list === "detections") return `detection ${number} of the list`;
    if (list === "responses") {
      const when = propertyOf(object, "when")?.initializer;
      const to =
        when !== undefined && ts.isObjectLiteralExpression(when)
          ? textOf(propertyOf(when, "detection")?.initializer)
          : null;
      return `${kind ?? "response"} ${to === null ? `${number} of responses` : `of "${to}"`}`;
    }
    return `entry ${number} of ${list ?? "the list"}`;
  }
  if (ts.isPropertyAssignment(parent) && ts.isObjectLiteralExpression(parent.parent))
    return `${textOf(parent.name) ?? "a value"} of ${subjectOf(parent.parent)}`;
  if (name !== null && kind !== null) return `detection "${name}"`;
  if (ts.isVariableDeclaration(parent)) return textOf(parent.name) ?? "this object";
  return "this object";
}
