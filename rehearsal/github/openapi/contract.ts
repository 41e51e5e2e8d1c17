import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { readExtract } from "../extract.ts";
import type { Contract } from "../serve.ts";

type Schema = Readonly<Record<string, unknown>> | null;

interface Operation {
  readonly documentation: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: "path" | "query";
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly body?: { readonly required: boolean; readonly schema: Schema };
  readonly responses: Readonly<Record<string, Schema>>;
}

interface Extract {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const OPTIONS = { strict: false, allErrors: true, logger: false } as const;

/** The mistakes of a request, worded as GitHub words them. */
function wordings(errors: readonly ErrorObject[]): string[] {
  const words = errors.map((error) => {
    const at = error.instancePath.slice(1);
    const { missingProperty } = error.params as { missingProperty?: string };
    if (error.keyword === "required")
      return `"${[at, missingProperty].filter((part) => part !== "").join("/")}" wasn't supplied.`;
    return `For '${at === "" ? "links/0/schema" : `properties/${at}`}', ${error.message ?? "the value is invalid"}.`;
  });
  return [...new Set(words)];
}

/** GitHub's published description of the routes that are carried; validators are compiled when first needed. */
export function loadContract(): Contract {
  const extract = JSON.parse(readExtract("openapi.json")) as Extract;
  const components = { $id: "github", components: extract.components };
  const plain = withFormats(new Ajv({ ...OPTIONS, schemas: [components] }));
  const coercing = withFormats(new Ajv({ ...OPTIONS, coerceTypes: "array", schemas: [components] }));
  const compiled = new Map<string, ValidateFunction | undefined>();

  const validator = (key: string, ajv: Ajv, make: () => Schema | undefined): ValidateFunction | undefined => {
    if (!compiled.has(key)) {
      const schema = make();
      compiled.set(key, schema === undefined || schema === null ? undefined : ajv.compile(local(schema)));
    }
    return compiled.get(key);
  };

  const operationOf = (route: string): Operation => {
    const operation = extract.operations[route];
    if (operation === undefined)
      throw new Error(`api/openapi.json has no ${route}: run node scripts/openapi-extract.ts`);
    return operation;
  };

  const parameters = (operation: Operation, place: "path" | "query"): Schema => {
    const own = operation.parameters.filter((parameter) => parameter.in === place);
    const required = own.filter((parameter) => parameter.required).map((parameter) => parameter.name);
    return { type: "object", properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])), required };
  };

  return {
    documentation: (route) => extract.operations[route]?.documentation ?? "https://docs.github.com/rest",
    request(route, params, query, body) {
      const operation = operationOf(route);
      const checks = [
        { check: validator(`path ${route}`, coercing, () => parameters(operation, "path")), value: { ...params } },
        {
          check: validator(`query ${route}`, coercing, () => parameters(operation, "query")),
          value: Object.fromEntries(query),
        },
        { check: validator(`body ${route}`, plain, () => operation.body?.schema), value: body },
      ];
      return checks.flatMap(({ check, value }) =>
        check === undefined || check(value) ? [] : wordings(check.errors ?? []),
      );
    },
    answer(route, status, body) {
      const operation = operationOf(route);
      const schema = operation.responses[String(status)];
      if (schema === undefined) return `status ${status} is not among ${Object.keys(operation.responses).join(", ")}`;
      if (schema === null) return undefined;
      const check = validator(`${status} ${route}`, plain, () => schema);
      if (check === undefined || check(body)) return undefined;
      return (check.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message ?? ""}`).join("; ");
    },
  };
}

/** The schema with its references pointing into the components. */
function local(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/')) as object;
}

function withFormats(ajv: Ajv): Ajv {
  formats.default(ajv);
  for (const name of ["int64", "int32", "float", "double", "binary", "timestamp", "ssh-key"]) ajv.addFormat(name, true);
  return ajv;
}
