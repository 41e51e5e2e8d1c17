import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type ASTNode, parse, print, stripIgnoredCharacters, visit } from "graphql";

/**
 * GitHub's GraphQL schema without its descriptions, a quarter of the size and twice as fast to read.
 * Run `node scripts/graphql-extract.ts` after a new version of `@octokit/graphql-schema`; a test compares the two.
 */
export function extractGraphql(): string {
  const entry = import.meta.resolve("@octokit/graphql-schema");
  const source = readFileSync(new URL("schema.graphql", entry), "utf8");
  const { version } = JSON.parse(readFileSync(new URL("package.json", entry), "utf8")) as { version: string };
  const bare = visit(parse(source, { noLocation: true }), {
    enter: (node: ASTNode) => ("description" in node ? { ...node, description: undefined } : undefined),
  });
  return `# @octokit/graphql-schema ${version}, by scripts/graphql-extract.ts\n${stripIgnoredCharacters(print(bare))}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(new URL("../rehearsal/github/api/schema.graphql", import.meta.url), extractGraphql());
}
