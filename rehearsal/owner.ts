import type { Clock } from "../src/platform/clock.ts";
import type { GitHub } from "../src/platform/github.ts";
import type { EmbeddedGitHub } from "./github/ports.ts";

/**
 * The embedded GitHub as the repository's owner calls it. Not through the actions' client: that takes the API's address
 * and proxies from the environment of its process, and here many GitHubs may live in one process.
 */
export function ownersGitHub(github: EmbeddedGitHub, clock: Clock): GitHub {
  const [owner = "", repo = ""] = github.repository.split("/");
  const headers = {
    authorization: `Bearer ${github.administration.adminToken()}`,
    accept: "application/vnd.github+json",
  };
  const call = async (method: string, path: string, body: unknown): Promise<{ status: number; data: unknown }> => {
    const response = await fetch(`${github.url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const data: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${JSON.stringify(data)}`);
    return { status: response.status, data };
  };
  return {
    owner,
    repo,
    now: () => clock.now(),
    allowance: () => undefined,
    async rest<T>(route: string, parameters: Readonly<Record<string, unknown>>) {
      const [method = "GET", template = ""] = route.split(" ");
      const rest = new Map(Object.entries({ owner, repo, ...parameters }));
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = String(rest.get(name));
        rest.delete(name);
        return encodeURIComponent(value);
      });
      rest.delete("owner");
      rest.delete("repo");
      if (method !== "GET") return (await call(method, path, Object.fromEntries(rest))) as { status: number; data: T };
      const query = new URLSearchParams([...rest].map(([name, value]): [string, string] => [name, String(value)]));
      return (await call(method, `${path}?${query}`, undefined)) as { status: number; data: T };
    },
    async graphql<T>(query: string, variables: Readonly<Record<string, unknown>>) {
      const { data } = await call("POST", "/graphql", { query, variables: { owner, repo, ...variables } });
      const answer = data as { readonly data?: T; readonly errors?: unknown };
      if (answer.errors !== undefined || answer.data === undefined) {
        throw new Error(`the deployments could not be read: ${JSON.stringify(answer.errors)}`);
      }
      return answer.data;
    },
  };
}
