import { quotaOf } from "../access.ts";
import { type Answer, notFound, ok } from "../answer.ts";
import { fullUser } from "../present/people.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

function rateLimit(world: World, call: Call): Answer {
  const core = quotaOf(world.limits.look(call.caller, "core", call.now));
  const graphql = quotaOf(world.limits.look(call.caller, "graphql", call.now));
  const search = { ...core, limit: 30, remaining: 30, used: 0 };
  return ok({ resources: { core, graphql, search }, rate: core });
}

function user(world: World, call: Call): Answer {
  const login = call.params["username"] ?? "";
  if (!/^[a-z\d](?:[a-z\d-]{0,38})(?:\[bot\])?$/i.test(login)) throw notFound();
  return ok(fullUser(world, login));
}

export const metaRoutes: readonly Route[] = [
  route("GET /rate_limit", "any", rateLimit),
  route("GET /user", "user", (world, call) => ok(fullUser(world, call.caller.login))),
  route("GET /users/{username}", "any", user),
];
