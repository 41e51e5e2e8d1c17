import * as z from "zod/mini";

/**
 * The parts of which the schemas of files are built. The `error` of a schema is no sentence but the form to write ("a
 * duration such as 90s"); `explain.ts` makes the sentence. That of an unknown key lists the keys, for the nearest one.
 */

/** What documentation needs beside the type: the meaning, the default as the user would write it, and the form in words. */
interface Meaning {
  readonly description: string;
  readonly default?: unknown;
}

/** A key that must be there. */
export function key<S extends z.ZodMiniType>(schema: S, description: string, byDefault?: unknown): S {
  const meaning: Meaning = byDefault === undefined ? { description } : { description, default: byDefault };
  return schema.check(z.meta({ ...meaning })) as S;
}

/** A key that may be left out. `byDefault` is documentation: `normalise.ts` fills it in. */
export function optional<S extends z.ZodMiniType>(
  schema: S,
  description: string,
  byDefault?: unknown,
): z.ZodMiniOptional<S> {
  return z.optional(key(schema, description, byDefault));
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
