import { ACTIONS_BOT } from "../access.ts";
import type { JsonObject } from "../answer.ts";
import { nodeId, timestamp } from "../names.ts";
import { userId } from "../state/records.ts";
import type { World } from "../world.ts";

/** Whether an account is a GitHub App's. */
export function isBot(login: string): boolean {
  return login.endsWith("[bot]");
}

/** An account in the short form that other objects carry (`simple-user`). */
export function simpleUser(world: World, login: string): JsonObject {
  const id = userId(world.records, login);
  const encoded = encodeURIComponent(login);
  const url = `${world.root}/users/${encoded}`;
  return {
    login,
    id,
    node_id: nodeId(isBot(login) ? "Bot" : "User", id),
    avatar_url: `${world.root}/avatars/${id}`,
    gravatar_id: "",
    url,
    html_url: `${world.root}/${encoded}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: isBot(login) ? "Bot" : "User",
    site_admin: false,
  };
}

/** An account in full (`public-user`). */
export function fullUser(world: World, login: string): JsonObject {
  return {
    ...simpleUser(world, login),
    name: login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timestamp(0),
    updated_at: timestamp(0),
  };
}

/** The App behind job tokens and the check runs of jobs. */
export function actionsApp(world: World): JsonObject {
  return {
    id: 15_368,
    slug: "github-actions",
    node_id: nodeId("Integration", 15_368),
    owner: simpleUser(world, "github"),
    name: "GitHub Actions",
    description: "Automate your workflow from idea to production",
    external_url: `${world.root}/features/actions`,
    html_url: `${world.root}/apps/github-actions`,
    created_at: "2018-07-30T09:30:17Z",
    updated_at: "2018-07-30T09:30:17Z",
    permissions: {},
    events: [],
  };
}

/** The App on whose behalf an account acts: GitHub Actions for job tokens, none for people. */
export function appOf(world: World, login: string): JsonObject | null {
  return login === ACTIONS_BOT ? actionsApp(world) : null;
}
