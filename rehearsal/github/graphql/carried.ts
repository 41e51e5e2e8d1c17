import { GraphQLError, type GraphQLFieldResolver, type GraphQLTypeResolver } from "graphql";
import { type Caller, permits } from "../access.ts";
import type { World } from "../world.ts";

/** What every resolver is given. */
export interface Context {
  readonly world: World;
  readonly caller: Caller;
  readonly now: number;
}

type Resolver = (args: Readonly<Record<string, unknown>>, context: Context) => unknown;

/** An object of the graph: a value or a function for each field that is carried, and the name of its type. */
export type GraphObject = { readonly __typename: string } & { readonly [field: string]: unknown };

/** Resolves the fields that are carried; any other field of GitHub's schema is an error that names it, never a null. */
export const resolveField: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const object = source as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(object, info.fieldName)) {
    const field = `${info.parentType.name}.${info.fieldName}`;
    throw new GraphQLError(`The embedded GitHub does not carry the field ${field}, which exists in GitHub's schema.`);
  }
  const value = object[info.fieldName];
  return typeof value === "function" ? (value as Resolver)(args, context) : value;
};

export const resolveType: GraphQLTypeResolver<unknown, Context> = (value) => (value as GraphObject).__typename;

/** Throws GitHub's error where the caller's permissions do not carry a field. */
export function need(context: Context, scope: string, access: "read" | "write" = "read"): void {
  if (permits(context.caller, { scope, access })) return;
  throw typed("FORBIDDEN", "Resource not accessible by integration");
}

/** An error with GitHub's `type`. */
export function typed(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** GitHub's limit on `first` and `last`. */
const LARGEST_PAGE = 100;

function boundary(args: Readonly<Record<string, unknown>>, name: string): { first?: number; last?: number } {
  const first = typeof args["first"] === "number" ? args["first"] : undefined;
  const last = typeof args["last"] === "number" ? args["last"] : undefined;
  if (first === undefined && last === undefined) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
    throw typed("MISSING_PAGINATION_BOUNDARIES", message);
  }
  if (first !== undefined && last !== undefined) {
    throw typed(
      "ARGUMENT_LIMIT",
      `Passing both \`first\` and \`last\` to paginate the \`${name}\` connection is not supported.`,
    );
  }
  const size = first ?? last ?? 0;
  const word = first === undefined ? "last" : "first";
  if (size < 0)
    throw typed("INVALID_PAGINATION", `\`${word}\` on the \`${name}\` connection cannot be less than zero.`);
  if (size > LARGEST_PAGE) {
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`${word}\` limit of ${LARGEST_PAGE} records.`;
    throw typed("EXCESSIVE_PAGINATION", message);
  }
  return first === undefined ? { last: size } : { first: size };
}

const cursorOf = (id: number): string => Buffer.from(`cursor:v2:${id}`).toString("base64");

function indexOfCursor(ids: readonly number[], cursor: unknown): number | undefined {
  if (typeof cursor !== "string") return undefined;
  const id = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, "base64").toString())?.[1];
  const index = id === undefined ? -1 : ids.indexOf(Number(id));
  if (index < 0) throw typed("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
  return index;
}

/** The part of a list that `first`, `last`, `after` and `before` ask for, as a connection. Items keep their order. */
export function connection<T extends { readonly id: number }>(
  type: string,
  field: string,
  items: readonly T[],
  args: Readonly<Record<string, unknown>>,
  node: (item: T) => GraphObject,
): GraphObject {
  const ids = items.map((item) => item.id);
  const { first, last } = boundary(args, field);
  const after = indexOfCursor(ids, args["after"]);
  const before = indexOfCursor(ids, args["before"]);
  let start = after === undefined ? 0 : after + 1;
  let end = Math.max(start, before ?? items.length);
  if (first !== undefined) end = Math.min(end, start + first);
  if (last !== undefined) start = Math.max(start, end - last);
  const shown = items.slice(start, end);
  const nodes = shown.map(node);
  const ends = { first: shown[0], last: shown.at(-1) };
  return {
    __typename: `${type}Connection`,
    totalCount: items.length,
    nodes,
    edges: shown.map((item, index) => ({ __typename: `${type}Edge`, cursor: cursorOf(item.id), node: nodes[index] })),
    pageInfo: {
      __typename: "PageInfo",
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: ends.first === undefined ? null : cursorOf(ends.first.id),
      endCursor: ends.last === undefined ? null : cursorOf(ends.last.id),
    },
  };
}
