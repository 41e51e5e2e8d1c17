import type { Clock } from "../../src/platform/clock.ts";
import {
  type Allowance,
  type GitHub,
  NotFound,
  Refused,
  readAllowance,
  Unanswered,
} from "../../src/platform/github.ts";

/**
 * The same port as `connectGitHub`, without its retries and waits: a thousand plays fit into a minute by it. The real
 * client stands in the tests that start real processes.
 */
export function plainGitHub(url: string, token: string, clock: Clock): GitHub {
  let allowance: Allowance | undefined;
  const send = async (method: string, path: string, body: unknown, doing: string) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `token ${token}`, "user-agent": "house", "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    allowance = readAllowance(Object.fromEntries(response.headers)) ?? allowance;
    const text = await response.text();
    const data: unknown = text === "" ? undefined : JSON.parse(text);
    const said = `could not ${doing}: ${response.status}: ${text.slice(0, 300)}`;
    if (response.status === 404) throw new NotFound(said);
    if (response.status >= 500) throw new Unanswered(said);
    if (response.status >= 400) throw new Refused(said, response.status);
    return { status: response.status, data };
  };
  return {
    owner: "demo",
    repo: "storage-node",
    now: () => clock.now(),
    allowance: () => (allowance && allowance.fullAt > clock.now() ? allowance : undefined),
    async rest(route, parameters, { doing }) {
      const [method = "GET", template = ""] = route.split(" ");
      const rest = new Map(Object.entries({ owner: "demo", repo: "storage-node", ...parameters }));
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = String(rest.get(name));
        rest.delete(name);
        return encodeURIComponent(value);
      });
      for (const name of ["owner", "repo"]) rest.delete(name);
      if (method !== "GET") return (await send(method, path, Object.fromEntries(rest), doing)) as never;
      const query = new URLSearchParams(Object.fromEntries([...rest].map(([name, value]) => [name, String(value)])));
      return (await send(method, `${path}?${query}`, undefined, doing)) as never;
    },
    async graphql(query, variables, { doing }) {
      const body = { query, variables: { owner: "demo", repo: "storage-node", ...variables } };
      const { data } = (await send("POST", "/graphql", body, doing)) as {
        data: { data?: unknown; errors?: { message: string }[] };
      };
      if (data.errors) throw new Refused(`could not ${doing}: ${data.errors[0]?.message}`, 400);
      return data.data as never;
    },
  };
}
