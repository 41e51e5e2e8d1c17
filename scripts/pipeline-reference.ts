// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is the notation that the reference explains
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { inventorySchema } from "../src/fleet/inventory.ts";
import { checkKinds, pipelineSchema, sourceKinds } from "../src/pipeline/schema.ts";
import { textNames } from "../src/pipeline/text.ts";
import { unsupported } from "../src/pipeline/unsupported.ts";

/** What the reference needs of a JSON Schema, with the form in words that the parser's messages use. */
interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly form?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}

function nodeOf(schema: z.ZodMiniType): Node {
  return z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const error = (zodSchema._zod.def as unknown as { error?: (issue: { code: string }) => unknown }).error;
      const form = error?.({ code: "invalid_type" });
      if (typeof form === "string") (jsonSchema as { form?: string }).form = form;
    },
  }) as Node;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function table(node: Node): string {
  const rows = Object.entries(node.properties ?? {}).map(([key, value]) => {
    const required = node.required?.includes(key) ?? false;
    const byDefault = required ? "required" : value.default === undefined ? "" : `\`${String(value.default)}\``;
    return `| \`${key}\` | ${cell(value.form ?? "")} | ${byDefault} | ${cell(value.description ?? "")} |`;
  });
  return ["| key | what to write | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** The tables of the mappings inside a node, each under the path of its key. */
function inner(node: Node, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const nested = [value, ...(value.anyOf ?? [])].find((one) => one.properties !== undefined);
    return nested === undefined ? [] : [`#### \`${path}${key}\``, table(nested), ...inner(nested, `${path}${key}.`)];
  });
}

function kinds(of: Readonly<Record<string, z.ZodMiniType>>, common: readonly string[]): string[] {
  return Object.entries(of).flatMap(([kind, schema]) => {
    const node = nodeOf(schema);
    const own = Object.entries(node.properties ?? {}).filter(([key]) => !common.includes(key));
    const shown: Node = { ...node, properties: Object.fromEntries(own) };
    return [`### \`${kind}\``, table(shown), ...inner(shown, "")];
  });
}

function property(node: Node, key: string): Node {
  const found = node.properties?.[key];
  if (found === undefined) throw new Error(`the schema has no key ${key}`);
  return found;
}

function entryOf(node: Node): Node {
  const { additionalProperties } = node;
  if (typeof additionalProperties !== "object") throw new Error("the schema is no mapping of names");
  return additionalProperties;
}

const COMMON = ["no-data", "dry-run", "tolerate"];

/** `docs/pipeline-file.md`: the reference of every key, made from the schema by which the file is parsed. */
export function reference(): string {
  const file = nodeOf(pipelineSchema);
  const stage = property(file, "stages").items;
  const freeze = property(file, "freezes").items;
  const target = property(nodeOf(inventorySchema), "targets").items;
  if (stage === undefined || freeze === undefined || target === undefined) throw new Error("the schema has no lists");
  const junit = nodeOf(checkKinds.junit);
  const common: Node = {
    properties: Object.fromEntries(COMMON.map((key) => [key, property(junit, key)])),
  };
  const example = readFileSync(new URL("../test/pipeline/example.yml", import.meta.url), "utf8");
  const names = Object.entries(textNames).map(([name, kind]) => `\`${name}\`${kind === "target" ? "¹" : ""}`);
  const later = unsupported.map(({ feature, where }) => `- ${feature} (\`${where.replace(/[:=]/, ": ")}\`)`);
  return `${[
    "<!-- Made by scripts/pipeline-reference.ts from src/pipeline/schema.ts. Change the descriptions there. -->",
    "# The pipeline file",
    "One file, `.github/pipeline.yml`, says everything about a release. `npx rocksolid validate` checks it and reports every mistake with its place; editors check it by `schema/pipeline.schema.json`.",
    `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``,
    "## How values are written",
    "- **Duration:** `500ms`, `90s`, `5m`, `12h`, `2d`.",
    "- **Quantity:** a number with or without a unit: `80`, `80%`, `500ms`, `64KiB`, `2GB`; with `per second`, `per minute`, `per hour` or `per day` it is a rate: `1MiB per hour`. Values are compared in base units: shares as fractions (1% is 0.01), times in seconds, sizes in bytes, rates per second.",
    "- **Text:** `${name}` is filled in URLs, headers, paths and queries. The names are " +
      `${names.join(", ")}, and those of \`values:\`. \`\${env:NAME}\` takes an environment variable, in headers and URLs only. An unknown name is a mistake. ` +
      "`since` and `until` are Unix times in seconds; `hosts` and `prod_hosts` count the targets of the stage and of the last stage.",
    "  ¹ only where the stage has targets: the check is then read once for each.",
    "- **Arithmetic:** `min` and `max` may be calculated from numbers and `${names}` with `+ - * / ( )`.",
    '- **Command:** nothing is pasted into a command. It gets every name that has a value as an environment variable: `version` is `"$ROCKSOLID_VERSION"`. Other `${…}` are the shell\'s own.',
    "- **YAML:** anchors and aliases may be used, merge keys (`<<`) may not. A key that stands twice is a mistake.",
    "## The file",
    table(file),
    "## Sources",
    "The first key names the kind.",
    ...kinds(sourceKinds, []),
    "## Checks",
    "The first key names the kind. Every check may also have:",
    table(common),
    ...kinds(checkKinds, COMMON),
    "## Windows",
    table(entryOf(property(file, "windows"))),
    "## Freezes",
    table(freeze),
    "## Stages",
    table(stage),
    ...inner(stage, ""),
    "## The fleet's inventory",
    "The file that `fleet` names, `.github/fleet.yml`, holds a list `targets`:",
    table(target),
    "## Not supported yet",
    "These parts belong to the grammar and are refused until they work:",
    later.join("\n"),
  ].join("\n\n")}\n`;
}

if (import.meta.main) writeFileSync(new URL("../docs/pipeline-file.md", import.meta.url), reference());
