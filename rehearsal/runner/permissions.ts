import type { MappingToken, TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import type { Permissions } from "../github/ports.ts";

type Level = Permissions[string];

const SCOPES = (
  "actions artifact-metadata attestations checks code-quality contents copilot-requests deployments discussions drives id-token issues models " +
  "packages pages pull-requests repository-projects security-events statuses vulnerability-alerts"
).split(" ");

/** What a token may do where a workflow has no `permissions:` and the repository keeps GitHub's restricted default. */
export const DEFAULT_PERMISSIONS: Permissions = { contents: "read", metadata: "read", packages: "read" };

/** The permissions that `permissions:` asks for: a mapping, `read-all` or `write-all`; what is not named is `none`. */
export function readPermissions(token: TemplateToken): Permissions {
  const shorthand = token.isScalar ? token.toString() : undefined;
  if (shorthand !== undefined) {
    const level: Level = shorthand === "write-all" ? "write" : "read";
    // GitHub gives no identity token by a shorthand for reading: that scope has no level to read.
    const scopes = SCOPES.filter(
      (scope) => level === "write" || (scope !== "id-token" && scope !== "copilot-requests"),
    );
    return { metadata: "read", ...Object.fromEntries(scopes.map((scope) => [scope, level])) };
  }
  const result: Record<string, Level> = { metadata: "read" };
  for (const { key, value } of token as MappingToken) {
    const level = value.toString();
    result[key.toString()] = level === "write" ? "write" : level === "read" ? "read" : "none";
  }
  return result;
}

const ORDER: readonly Level[] = ["none", "read", "write"];

/** The scopes in which `asked` goes beyond `allowed`, as `contents: write`; a called workflow that has any is refused. */
export function beyond(
  asked: Permissions,
  allowed: Permissions,
): { readonly asked: string; readonly allowed: string }[] {
  return Object.entries(asked).flatMap(([scope, level]) => {
    const limit = allowed[scope] ?? "none";
    if (ORDER.indexOf(level) <= ORDER.indexOf(limit)) return [];
    return [{ asked: `${scope}: ${level}`, allowed: `${scope}: ${limit}` }];
  });
}
