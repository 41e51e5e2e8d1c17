import { buildASTSchema, type DocumentNode, execute, GraphQLError, type GraphQLSchema, parse, validate } from "graphql";
import type { Answer, Json, JsonObject } from "../answer.ts";
import { readExtract } from "../extract.ts";
import type { GraphqlEndpoint } from "../serve.ts";
import { type Context, resolveField, resolveType } from "./carried.ts";
import { mutationRoot, queryRoot } from "./root.ts";

/** GitHub's schema. Checking the schema itself is left to a test, since it takes longer than building it. */
export function loadSchema(): GraphQLSchema {
  return buildASTSchema(parse(readExtract("schema.graphql"), { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
}

function present(error: GraphQLError): Json {
  const { type } = error.extensions as { type?: string };
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path === undefined ? {} : { path: error.path }),
    locations: (error.locations ?? []).map(({ line, column }) => ({ line, column })),
    message: error.message,
  };
}

function failed(errors: readonly GraphQLError[]): Answer {
  return { status: 200, body: { errors: errors.map(present) } };
}

/** A query that is right has a document, one that is not has mistakes. */
interface Read {
  readonly document?: DocumentNode;
  readonly mistakes: readonly GraphQLError[];
}

function readQuery(schema: GraphQLSchema, query: string): Read {
  try {
    const document = parse(query);
    const mistakes = validate(schema, document);
    return mistakes.length > 0 ? { mistakes } : { document, mistakes };
  } catch (error) {
    if (error instanceof GraphQLError) return { mistakes: [error] };
    throw error;
  }
}

/** Answers GraphQL requests; like GitHub with status 200, also where there are errors. */
export function graphqlEndpoint(): GraphqlEndpoint {
  const schema = loadSchema();
  // Clients send the same few texts over and over, and checking one against the schema takes longer than answering it.
  const known = new Map<string, Read>();
  return async (world, caller, body: JsonObject, now) => {
    const { query, variables, operationName } = body;
    if (typeof query !== "string" || query.trim() === "") {
      return {
        status: 200,
        body: { errors: [{ message: "A query attribute must be specified and must be a string." }] },
      };
    }
    const read = known.get(query) ?? readQuery(schema, query);
    known.set(query, read);
    const { document, mistakes } = read;
    if (document === undefined) return failed(mistakes);
    const mutates = document.definitions.some((part) => "operation" in part && part.operation === "mutation");
    const result = await execute({
      schema,
      document,
      rootValue: mutates ? mutationRoot() : queryRoot(world),
      contextValue: { world, caller, now } satisfies Context,
      variableValues: variables as { readonly [name: string]: unknown } | undefined,
      operationName: typeof operationName === "string" ? operationName : undefined,
      fieldResolver: resolveField,
      typeResolver: resolveType,
    } as Parameters<typeof execute>[0]);
    const { data, errors } = result;
    const plain = JSON.parse(JSON.stringify(data ?? null)) as Json;
    return { status: 200, body: errors === undefined ? { data: plain } : { data: plain, errors: errors.map(present) } };
  };
}
