import type { Bound, Check, Limits } from "../pipeline/model.ts";
import { evaluate, render, type TextContext } from "../pipeline/text.ts";

/**
 * The checks with the arithmetic in their limits worked out, so that they can be judged anywhere, also offline.
 * @throws ConfigurationError where a name has no value or the result is no number.
 */
export function resolveLimits(checks: readonly Check[], context: TextContext): readonly Check[] {
  return checks.map((check) => {
    if (check.kind !== "json" && check.kind !== "metric") return check;
    const { min, max } = check.limits;
    const limits: Limits = { ...(min && { min: resolve(min, context) }), ...(max && { max: resolve(max, context) }) };
    return { ...check, limits };
  });
}

function resolve(bound: Bound, context: TextContext): Bound {
  if (!("expression" in bound)) return bound;
  const value = evaluate(bound, context);
  const text = `${value} (${render(bound.expression, context)})`;
  return { value, unit: "", perSecond: false, text };
}
