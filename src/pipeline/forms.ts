import * as z from "zod/mini";

/**
 * The parts of which the schemas of files are built. The `error` of a schema is no sentence but the form to write ("a
 * duration such as 90s"); `explain.ts` makes the sentence. That of an unknown key lists the keys, for the nearest one.
 */

/** A key that must be there. */
export function key<S extends z.ZodMiniType>(schema: S, description: string): S {
  return schema.check(z.meta({ description })) as S;
}

function meaningOf(description: string, byDefault: unknown): { description: string; default?: unknown } {
  return byDefault === undefined ? { description } : { description, default: byDefault };
}

/** A key that may be left out. `byDefault` is documentation: `normalise.ts` fills it in. */
export function optional<S extends z.ZodMiniType>(
  schema: S,
  description: string,
  byDefault?: unknown,
): z.ZodMiniOptional<S> {
  // Said of the wrapper: saying it of the schema within would copy that once more, which a cold start feels.
  const wrapper = z.optional(schema);
  z.globalRegistry.add(wrapper, meaningOf(description, byDefault));
  return wrapper;
}

/** A text of a certain form. */
export function matching(pattern: RegExp, form: string) {
  return z.string({ error: form }).check(z.regex(pattern, form));
}

/** A mapping with these keys and no others. */
export function mapping<S extends Record<string, z.ZodMiniType>>(form: string, shape: S) {
  const keys = Object.keys(shape).join(" ");
  return z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? keys : form) });
}

/** A whole number from `least` to a billion. */
export function whole(least: number, form: string) {
  return z.int({ error: form }).check(z.gte(least, form), z.lte(1_000_000_000, form));
}

/** A list of at least one text. */
export function texts(form: string) {
  return z.array(text("a text"), { error: form }).check(z.minLength(1, form));
}

/** A text that is not blank. */
export function text(form: string) {
  return matching(/\S/, form);
}
