import type { Target } from "../pipeline/model.ts";
import { render, type TextContext } from "../pipeline/text.ts";
import type { Place, Scope } from "./reader.ts";

/** The stage of the scope, or a target, as a place to read: the target's own names are added to the scope's. */
export function placeOf(scope: Scope, target?: Target): Place {
  const names = { ...scope.context.names, ...(target && targetNames(target)) };
  const context: TextContext = { ...scope.context, names };
  return { scope, ...(target && { target }), context, fill: (text) => render(text, context) };
}

function targetNames({ name, address, ring, region, zone }: Target): Record<string, string> {
  return {
    target: name,
    address,
    ...(ring !== undefined && { ring }),
    ...(region !== undefined && { region }),
    ...(zone !== undefined && { zone }),
  };
}
