import type { Caller, Need } from "./access.ts";
import type { Answer, JsonObject } from "./answer.ts";
import type { World } from "./world.ts";

/** What a route's handler is given. The body has passed the schema of its route, query values are texts. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly caller: Caller;
  /** Path and query as they were asked for: the base of Link headers. */
  readonly target: string;
  /** Milliseconds since the epoch, from the server's clock. */
  readonly now: number;
}

export interface Route {
  /** `POST /repos/{owner}/{repo}/deployments`, as in GitHub's OpenAPI description. */
  readonly name: string;
  readonly method: string;
  readonly need: Need;
  readonly handler: (world: World, call: Call) => Answer | Promise<Answer>;
}

/** One line of the route table: the route's name, what a token needs for it (`deployments:write`), and what it does. */
export function route(name: string, need: string, handler: Route["handler"]): Route {
  const [scope = "", access] = need.split(":");
  return {
    name,
    method: name.slice(0, name.indexOf(" ")),
    need: access === "read" || access === "write" ? { scope, access } : need === "user" ? "user" : "any",
    handler,
  };
}

/** Parameters that may hold slashes: clients may send those encoded or not. */
const GREEDY: ReadonlySet<string> = new Set(["ref", "path", "basehead", "branch"]);

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly literals: number;
}

function compile(entry: Route): Compiled {
  const segments = entry.name
    .slice(entry.name.indexOf(" ") + 1)
    .split("/")
    .slice(1);
  const pattern = segments.map((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) return segment.replace(/[.*+?^$()[\]\\|{}]/g, "\\$&");
    return `(?<${name}>${GREEDY.has(name) ? ".+" : "[^/]+"})`;
  });
  return {
    route: entry,
    pattern: new RegExp(`^/${pattern.join("/")}$`),
    literals: segments.filter((segment) => !segment.startsWith("{")).length,
  };
}

export type Match = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

/** Finds the route of a request; the most literal one where several fit. Undefined for a path that is not carried. */
export function router(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map(compile).sort((a, b) => b.literals - a.literals);
  return (method, path) => {
    for (const { route: entry, pattern } of compiled) {
      const match = entry.method === method ? pattern.exec(path) : null;
      if (match === null) continue;
      const params: Record<string, string> = {};
      for (const [name, value] of Object.entries(match.groups ?? {})) {
        try {
          params[name] = decodeURIComponent(value);
        } catch {
          return undefined;
        }
      }
      return { route: entry, params };
    }
    return undefined;
  };
}
