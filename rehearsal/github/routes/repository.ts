import { type Answer, created, type Json, type JsonObject, noContent, notFound, ok, Refusal } from "../answer.ts";
import type { TreeEntry } from "../git/parse.ts";
import { nodeId } from "../names.ts";
import { paginate } from "../pagination.ts";
import { encodePath, presentCommit } from "../present/commits.ts";
import { fullRepository } from "../present/repository.ts";
import { type Call, type Route, route } from "../router.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";
import { commitOf } from "./commits.ts";
import { flag, text } from "./inputs.ts";

/** GitHub's names for what a tree entry is. */
function kindOf(entry: TreeEntry): "dir" | "file" | "symlink" | "submodule" {
  if (entry.type === "tree") return "dir";
  if (entry.type === "commit") return "submodule";
  return entry.mode === "120000" ? "symlink" : "file";
}

function presentEntry(world: World, entry: TreeEntry, ref: string): JsonObject {
  const path = encodePath(entry.path);
  const url = apiUrl(world, `/contents/${path}?ref=${encodeURIComponent(ref)}`);
  const kind = kindOf(entry);
  const git = apiUrl(world, `/git/${kind === "dir" ? "trees" : "blobs"}/${entry.sha}`);
  const html = pageUrl(world, `/${kind === "dir" ? "tree" : "blob"}/${ref}/${path}`);
  return {
    type: kind,
    size: entry.size,
    name: entry.path.split("/").at(-1) ?? entry.path,
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: html,
    download_url: kind === "dir" ? null : pageUrl(world, `/raw/${ref}/${path}`),
    _links: { self: url, git, html },
  };
}

async function contents(world: World, call: Call): Promise<Answer> {
  const ref = call.query.get("ref") ?? world.defaultBranch;
  const sha = await commitOf(world, ref);
  const path = (call.params["path"] ?? "").replace(/^\/+|\/+$/g, "");
  if (/[*?[\\]|(^|\/)\.\.?(\/|$)|^:/.test(path)) throw notFound();
  const entry = path === "" ? undefined : (await world.git.tree(sha, path))?.[0];
  if (path !== "" && entry === undefined) throw notFound();
  if (entry === undefined || entry.type === "tree") {
    const children = await world.git.tree(sha, path === "" ? "" : `${path}/`);
    return ok((children ?? []).map((child): Json => presentEntry(world, child, ref)));
  }
  if (entry.type === "commit") throw new Refusal(501, "the embedded GitHub does not carry the contents of submodules");
  const bytes = await world.git.blob(entry.sha);
  if (String(call.headers["accept"]).includes("raw")) {
    return { status: 200, raw: { type: "application/vnd.github.raw+json; charset=utf-8", bytes } };
  }
  const content = bytes.toString("base64").replace(/(.{60})/g, "$1\n");
  return ok({ ...presentEntry(world, entry, ref), type: "file", size: bytes.length, encoding: "base64", content });
}

function presentRef(world: World, name: string, sha: string, type: string): JsonObject {
  const object = { sha, type, url: apiUrl(world, `/git/${type}s/${sha}`) };
  return { ref: name, node_id: nodeId("Ref", name), url: apiUrl(world, `/git/${name}`), object };
}

const named = (call: Call): string => `refs/${(call.params["ref"] ?? "").replace(/^refs\//, "")}`;

async function readRef(world: World, name: string): Promise<JsonObject | undefined> {
  const sha = await world.git.ref(name);
  const type = sha === undefined ? undefined : await world.git.objectType(sha);
  return sha === undefined || type === undefined ? undefined : presentRef(world, name, sha, type);
}

async function getRef(world: World, call: Call): Promise<Answer> {
  const found = await readRef(world, named(call));
  if (found === undefined) throw notFound();
  return ok(found);
}

async function matchingRefs(world: World, call: Call): Promise<Answer> {
  const refs = await world.git.refs(named(call));
  return ok(refs.map(({ name, sha, type }) => presentRef(world, name, sha, type)));
}

async function createRef(world: World, call: Call): Promise<Answer> {
  const name = text(call.body, "ref") ?? "";
  const sha = text(call.body, "sha") ?? "";
  if (!/^refs\/[^/]+\/.+/.test(name)) {
    throw new Refusal(422, "Reference name must start with 'refs/' and have at least two slashes.");
  }
  const type = await world.git.objectType(sha);
  if (type === undefined) throw new Refusal(422, "Object does not exist");
  if (name.startsWith("refs/heads/") && type !== "commit") throw new Refusal(422, "Reference update failed");
  const refused = await world.git.updateRefs([{ name, after: sha, before: "0".repeat(40) }]);
  if (refused !== undefined) {
    const exists = (await world.git.ref(name)) !== undefined;
    throw new Refusal(422, exists ? "Reference already exists" : "Reference update failed");
  }
  return created(presentRef(world, name, sha, type), apiUrl(world, `/git/${name}`));
}

async function updateRef(world: World, call: Call): Promise<Answer> {
  const name = named(call);
  const sha = text(call.body, "sha") ?? "";
  const before = await world.git.ref(name);
  if (before === undefined) throw new Refusal(422, "Reference does not exist");
  const type = await world.git.objectType(sha);
  if (type === undefined) throw new Refusal(422, "Object does not exist");
  if (flag(call.body, "force") !== true && !(await world.git.isAncestor(before, sha))) {
    throw new Refusal(422, "Update is not a fast forward");
  }
  const refused = await world.git.updateRefs([{ name, after: sha, before }]);
  if (refused !== undefined) throw new Refusal(422, "Reference update failed");
  return ok(presentRef(world, name, sha, type));
}

async function deleteRef(world: World, call: Call): Promise<Answer> {
  const name = named(call);
  if ((await world.git.ref(name)) === undefined) throw new Refusal(422, "Reference does not exist");
  const refused = await world.git.updateRefs([{ name, after: "0".repeat(40) }]);
  if (refused !== undefined) throw new Refusal(422, "Reference update failed");
  return noContent;
}

async function tags(world: World, call: Call): Promise<Answer> {
  const all = (await world.git.refs("refs/tags/")).toReversed();
  return paginate(call, world.root, all, ({ name: full, commit }) => {
    const name = full.slice("refs/tags/".length);
    return {
      name,
      zipball_url: apiUrl(world, `/zipball/${encodeURIComponent(full)}`),
      tarball_url: apiUrl(world, `/tarball/${encodeURIComponent(full)}`),
      commit: { sha: commit, url: apiUrl(world, `/commits/${commit}`) },
      node_id: nodeId("Ref", full),
    };
  });
}

async function branches(world: World, call: Call): Promise<Answer> {
  return paginate(call, world.root, await world.git.refs("refs/heads/"), ({ name, sha }) => ({
    name: name.slice("refs/heads/".length),
    commit: { sha, url: apiUrl(world, `/commits/${sha}`) },
    protected: false,
  }));
}

async function branch(world: World, call: Call): Promise<Answer> {
  const name = call.params["branch"] ?? "";
  const sha = await world.git.ref(`refs/heads/${name}`);
  if (sha === undefined) throw notFound();
  const path = encodeURIComponent(name);
  return ok({
    name,
    commit: presentCommit(world, await world.git.commit(sha)),
    _links: { self: apiUrl(world, `/branches/${path}`), html: pageUrl(world, `/tree/${path}`) },
    protected: false,
    protection: { enabled: false, required_status_checks: { enforcement_level: "off", contexts: [], checks: [] } },
    protection_url: apiUrl(world, `/branches/${path}/protection`),
  });
}

const root = "/repos/{owner}/{repo}";

export const repositoryRoutes: readonly Route[] = [
  route(`GET ${root}`, "metadata:read", (world) => ok(fullRepository(world))),
  route(`GET ${root}/contents/{path}`, "contents:read", contents),
  route(`GET ${root}/git/ref/{ref}`, "contents:read", getRef),
  route(`GET ${root}/git/matching-refs/{ref}`, "contents:read", matchingRefs),
  route(`POST ${root}/git/refs`, "contents:write", createRef),
  route(`PATCH ${root}/git/refs/{ref}`, "contents:write", updateRef),
  route(`DELETE ${root}/git/refs/{ref}`, "contents:write", deleteRef),
  route(`GET ${root}/tags`, "metadata:read", tags),
  route(`GET ${root}/branches`, "contents:read", branches),
  route(`GET ${root}/branches/{branch}`, "contents:read", branch),
];
