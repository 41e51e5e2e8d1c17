import { writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { inventorySchema } from "../src/fleet/inventory.ts";
import { pipelineSchema } from "../src/pipeline/schema.ts";

/** The JSON Schemas for editors, by path from the repository's root, made from the schemas by which the files are parsed. */
export function schemaFiles(): Record<string, string> {
  const text = (schema: z.ZodMiniType, title: string) => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
    return `${JSON.stringify({ $schema, title, ...rest }, undefined, 2)}\n`;
  };
  return {
    "schema/pipeline.schema.json": text(pipelineSchema, "Rocksolid's pipeline file"),
    "schema/fleet.schema.json": text(inventorySchema, "Rocksolid's inventory of a fleet"),
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(schemaFiles())) writeFileSync(new URL(`../${path}`, import.meta.url), text);
}
