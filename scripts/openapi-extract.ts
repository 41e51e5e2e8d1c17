import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routes } from "../rehearsal/github/routes/index.ts";

/**
 * Writes rehearsal/github/api/openapi.json: of GitHub's OpenAPI description only the routes that the embedded GitHub
 * carries, as plain JSON Schema, without descriptions and examples. The package that publishes the description is large
 * (385 MB), so it is fetched into a temporary folder and not a dependency:
 *
 *     node scripts/openapi-extract.ts [FOLDER-WITH-NODE_MODULES]
 */
const PACKAGE = "@octokit/openapi";
const VERSION = "23.0.2";

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
type Document = { [key: string]: Value };

const DROPPED: ReadonlySet<string> = new Set([
  "description",
  "example",
  "examples",
  "title",
  "deprecated",
  "default",
  "externalDocs",
  "xml",
]);
/** Keys whose values map names to schemas: the names must be kept whatever they are. */
const MAPS: ReadonlySet<string> = new Set(["properties", "patternProperties"]);

function isDocument(value: Value | undefined): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, words for people are dropped. */
export function toJsonSchema(schema: Value): Value {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (!isDocument(schema)) return schema;
  const result: Document = {};
  for (const key of Object.keys(schema).sort()) {
    const value = schema[key] ?? null;
    // GitHub answers "" for an address that was not given, and says so by the default: no format fits that.
    if (key === "format" && schema["default"] === "") continue;
    if (DROPPED.has(key) || key.startsWith("x-") || key === "nullable") continue;
    if (MAPS.has(key) && isDocument(value)) {
      result[key] = Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((name) => [name, toJsonSchema(value[name] ?? null)]),
      );
    } else result[key] = key === "enum" || key === "required" ? value : toJsonSchema(value);
  }
  if (schema["nullable"] !== true) return result;
  if (typeof result["type"] === "string" && result["enum"] === undefined)
    return { ...result, type: [result["type"], "null"] };
  return { anyOf: [result, { type: "null" }] };
}

function follow(document: Document, value: Value | undefined): Value | undefined {
  if (!isDocument(value) || typeof value["$ref"] !== "string") return value;
  let found: Value | undefined = document;
  for (const part of value["$ref"].slice(2).split("/")) found = isDocument(found) ? found[part] : undefined;
  return found;
}

function jsonContent(value: Value | undefined): Value | undefined {
  const content = isDocument(value) ? value["content"] : undefined;
  const json = isDocument(content) ? (content["application/json"] ?? content["application/scim+json"]) : undefined;
  return isDocument(json) && json["schema"] !== undefined ? toJsonSchema(json["schema"]) : undefined;
}

function operation(document: Document, name: string): Document {
  const [method = "", path = ""] = name.split(" ");
  const paths = document["paths"];
  const entry = isDocument(paths) ? paths[path] : undefined;
  const found = isDocument(entry) ? entry[method.toLowerCase()] : undefined;
  if (!isDocument(found)) throw new Error(`${PACKAGE} ${VERSION} has no ${name}`);
  const shared = isDocument(entry) && Array.isArray(entry["parameters"]) ? entry["parameters"] : [];
  const own = Array.isArray(found["parameters"]) ? found["parameters"] : [];
  const parameters = [...shared, ...own].flatMap((given) => {
    const parameter = follow(document, given);
    if (!isDocument(parameter) || parameter["in"] === "header") return [];
    return [
      {
        name: parameter["name"] ?? "",
        in: parameter["in"] ?? "",
        required: parameter["required"] ?? false,
        schema: toJsonSchema(parameter["schema"] ?? {}),
      },
    ];
  });
  const body = follow(document, found["requestBody"]);
  const bodySchema = jsonContent(body);
  const responses: Document = {};
  const given = isDocument(found["responses"]) ? found["responses"] : {};
  for (const status of Object.keys(given).sort())
    responses[status] = jsonContent(follow(document, given[status])) ?? null;
  const docs = found["externalDocs"];
  return {
    documentation: isDocument(docs) ? (docs["url"] ?? "") : "",
    parameters,
    ...(bodySchema === undefined
      ? {}
      : { body: { required: isDocument(body) && body["required"] === true, schema: bodySchema } }),
    responses,
  };
}

/** The names of component schemas that a value refers to, and through them. */
function referenced(document: Document, value: Value, found = new Map<string, Value>()): Map<string, Value> {
  if (Array.isArray(value)) for (const item of value) referenced(document, item, found);
  else if (isDocument(value)) {
    const name =
      typeof value["$ref"] === "string" ? /^#\/components\/schemas\/(.+)$/.exec(value["$ref"])?.[1] : undefined;
    if (name !== undefined && !found.has(name)) {
      const schema = toJsonSchema(follow(document, value) ?? {});
      found.set(name, schema);
      referenced(document, schema, found);
    }
    for (const item of Object.values(value)) referenced(document, item, found);
  }
  return found;
}

/** The extract of a whole description for the routes of these names. */
export function extract(document: Document, names: readonly string[]): Document {
  const operations = Object.fromEntries([...names].sort().map((name) => [name, operation(document, name)]));
  const schemas = [...referenced(document, operations)].sort(([a], [b]) => (a < b ? -1 : 1));
  return { source: `${PACKAGE} ${VERSION}`, operations, components: { schemas: Object.fromEntries(schemas) } };
}

function main(folder: string | undefined): void {
  const work = folder ?? mkdtempSync(join(tmpdir(), "openapi-"));
  try {
    if (folder === undefined) {
      const options = ["--prefix", work, "--ignore-scripts", "--no-audit", "--no-fund"];
      execFileSync("npm", ["install", ...options, `${PACKAGE}@${VERSION}`], { stdio: "inherit" });
    }
    const root = join(work, "node_modules", PACKAGE);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    if (version !== VERSION) throw new Error(`${root} has version ${version}, not ${VERSION}`);
    const whole = JSON.parse(readFileSync(join(root, "generated/api.github.com.json"), "utf8")) as Document;
    const text = JSON.stringify(
      extract(
        whole,
        routes.map((route) => route.name),
      ),
    );
    writeFileSync(new URL("../rehearsal/github/api/openapi.json", import.meta.url), `${text}\n`);
  } finally {
    if (folder === undefined) rmSync(work, { recursive: true });
  }
}

if (import.meta.main) main(process.argv[2]);
