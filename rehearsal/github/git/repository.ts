import { execFile } from "node:child_process";
import { type Commit, type FileChange, parseChanges, parseCommit, parseTree, type TreeEntry } from "./parse.ts";

/** How one git command ended. */
interface Outcome {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Names that git takes for refs and nothing else: no revision syntax, no options. */
const PLAIN_NAME = /^(?!-)(?!.*(?:\.\.|@\{|\/\/))[^\s~^:?*[\\\p{Cc}]+$/u;

/** Arguments that name nothing but objects by their full SHA: what git answers to them never changes. */
const FIXED = /^(?:-.*|rev-parse|merge-base|rev-list|cat-file|diff-tree|commit|\^?[0-9a-f]{40}(?:\^\{commit\})?)$/;
/** Answers that never change, of all repositories: starting git is what most requests would take their time for. */
const fixed = new Map<string, Outcome>();
const FIXED_LIMIT = 1_000;

const FULL_SHA = /^[0-9a-f]{40}$/;

/** What git said of full SHAs, by directory: it cannot change while the objects are there, and asking costs a process. */
const settled = new Map<string, Map<string, Promise<Outcome>>>();

/** Reads, and where the API writes refs writes, the git repository on this machine. */
export class GitRepository {
  readonly #directory: string;
  readonly #settled: Map<string, Promise<Outcome>>;

  constructor(directory: string) {
    this.#directory = directory;
    this.#settled = settled.get(directory) ?? new Map();
    settled.set(directory, this.#settled);
  }

  /** As `#git`, but a success is remembered: only for what names objects by full SHAs and nothing by a ref. */
  #immutable(...args: readonly string[]): Promise<Outcome> {
    const key = args.join("\0");
    const known = this.#settled.get(key);
    if (known !== undefined) return known;
    const asked = this.#git(args);
    this.#settled.set(key, asked);
    asked.then(
      ({ status }) => status === 0 || this.#settled.delete(key),
      () => this.#settled.delete(key),
    );
    return asked;
  }

  async #git(
    args: readonly string[],
    options: { readonly input?: string; readonly env?: Record<string, string> } = {},
  ) {
    const key = [this.#directory, ...args].join("\0");
    const known = fixed.get(key);
    if (known) return known;
    const outcome = await this.#spawn(args, options);
    if (outcome.status === 0 && fixed.size < FIXED_LIMIT && args.every((arg) => FIXED.test(arg)))
      fixed.set(key, outcome);
    return outcome;
  }

  #spawn(args: readonly string[], options: { readonly input?: string; readonly env?: Record<string, string> }) {
    return new Promise<Outcome>((resolve, reject) => {
      const child = execFile(
        "git",
        ["-C", this.#directory, ...args],
        { encoding: "buffer", maxBuffer: 256 * 1024 * 1024, env: { ...process.env, LC_ALL: "C", ...options.env } },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : error.code;
          if (typeof status !== "number") reject(error);
          else resolve({ status, stdout, stderr: stderr.toString() });
        },
      );
      // A git that ends without reading its input says why by its status.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(options.input);
    });
  }

  async #text(outcome: Promise<Outcome>): Promise<string> {
    const { status, stdout, stderr } = await outcome;
    if (status !== 0) throw new Error(`git: ${stderr.trim()}`);
    return stdout.toString();
  }

  async #revision(expression: string): Promise<string | undefined> {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", expression];
    const { status, stdout } = await (FULL_SHA.test(expression.split("^")[0] ?? "")
      ? this.#immutable(...args)
      : this.#git(args));
    const sha = stdout.toString().trim();
    return status === 0 && /^[0-9a-f]{40,64}$/.test(sha) ? sha : undefined;
  }

  /** The object that a full ref name points at. */
  async ref(name: string): Promise<string | undefined> {
    return PLAIN_NAME.test(name) ? this.#revision(name) : undefined;
  }

  /** The commit of a branch, tag, full or shortened SHA, or full ref name, tried in this order. */
  async commitOf(name: string): Promise<{ readonly sha: string; readonly branch: string | undefined } | undefined> {
    if (!PLAIN_NAME.test(name)) return undefined;
    if (/^[0-9a-f]{40}$/.test(name)) {
      const sha = await this.#revision(`${name}^{commit}`);
      return sha === undefined ? undefined : { sha, branch: undefined };
    }
    const short = name.replace(/^(refs\/)?(?=heads\/|tags\/)/, "");
    const candidates = short.startsWith("heads/") || short.startsWith("tags/") ? [`refs/${short}`] : [];
    for (const full of [`refs/heads/${name}`, `refs/tags/${name}`, ...candidates]) {
      const sha = await this.#revision(`${full}^{commit}`);
      if (sha !== undefined) {
        return { sha, branch: full.startsWith("refs/heads/") ? full.slice("refs/heads/".length) : undefined };
      }
    }
    const sha = /^[0-9a-f]{7,39}$/.test(name) ? await this.#revision(`${name}^{commit}`) : undefined;
    return sha === undefined ? undefined : { sha, branch: undefined };
  }

  /** A commit's data; throws for a SHA that is none. */
  async commit(sha: string): Promise<Commit> {
    return parseCommit(sha, await this.#text(this.#immutable("cat-file", "commit", sha)));
  }

  /** Commits reachable from a SHA, newest first. */
  async log(
    sha: string,
    filter: { readonly path?: string; readonly author?: string; readonly since?: string; readonly until?: string } = {},
  ): Promise<string[]> {
    const args = ["rev-list", sha];
    if (filter.since !== undefined) args.push(`--since=${filter.since}`);
    if (filter.until !== undefined) args.push(`--until=${filter.until}`);
    if (filter.author !== undefined) args.push("--fixed-strings", `--author=${filter.author}`);
    if (filter.path !== undefined) args.push("--", `:(literal)${filter.path}`);
    return (await this.#text(this.#git(args))).split("\n").filter((line) => line !== "");
  }

  /** The best common ancestor; undefined for histories that have none. */
  async mergeBase(a: string, b: string): Promise<string | undefined> {
    const { status, stdout } = await this.#immutable("merge-base", a, b);
    return status === 0 ? stdout.toString().trim() : undefined;
  }

  /** Commits that `to` has and `from` has not, oldest first. */
  async range(from: string, to: string): Promise<string[]> {
    return (await this.#text(this.#immutable("rev-list", "--reverse", "--topo-order", to, `^${from}`)))
      .split("\n")
      .filter((l) => l !== "");
  }

  /** What changed between two commits, or in a commit against its first parent (`from` undefined: everything). */
  async changes(from: string | undefined, to: string): Promise<FileChange[]> {
    const range = from === undefined ? ["--root", to] : [from, to];
    const args = ["diff-tree", "-r", "-M", "-z", "--no-commit-id", "--raw", "--numstat", "--no-abbrev", ...range];
    return parseChanges(await this.#text(this.#immutable(...args)));
  }

  /** The entries of a directory, or the one entry of a file; undefined where the path does not exist. */
  async tree(sha: string, path: string): Promise<readonly TreeEntry[] | undefined> {
    const args = ["ls-tree", "-z", "-l", "--full-tree", sha, ...(path === "" ? [] : ["--", path])];
    const { status, stdout } = await this.#immutable(...args);
    if (status !== 0) return undefined;
    const entries = parseTree(stdout.toString());
    return path !== "" && entries.length === 0 ? undefined : entries;
  }

  async blob(sha: string): Promise<Buffer> {
    const { status, stdout, stderr } = await this.#immutable("cat-file", "blob", sha);
    if (status !== 0) throw new Error(`git cat-file: ${stderr.trim()}`);
    return stdout;
  }

  /** All refs below a prefix (`refs/tags/`), with the object they point at and, for annotated tags, their commit. */
  async refs(prefix: string): Promise<{ name: string; sha: string; type: string; commit: string }[]> {
    const format = "%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)";
    const lines = (await this.#text(this.#git(["for-each-ref", `--format=${format}`]))).split("\n");
    return lines.flatMap((line) => {
      const [name = "", sha = "", type = "", peeled = ""] = line.split("\0");
      return name.startsWith(prefix) && name !== "" ? [{ name, sha, type, commit: peeled === "" ? sha : peeled }] : [];
    });
  }

  /** The type of an object; undefined where there is none. */
  async objectType(sha: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
    const { status, stdout } = await this.#immutable("cat-file", "-t", sha);
    return status === 0 ? stdout.toString().trim() : undefined;
  }

  /**
   * Changes refs all together or not at all. `before` is what a ref must point at now: a SHA, 40 zeros for "must not
   * exist", undefined for anything. `after` of 40 zeros deletes. Answers why git refused, undefined when done.
   */
  async updateRefs(
    changes: readonly { readonly name: string; readonly after: string; readonly before?: string }[],
  ): Promise<string | undefined> {
    for (const change of changes) {
      const legal = PLAIN_NAME.test(change.name) && (await this.#git(["check-ref-format", change.name])).status === 0;
      if (!legal) return `invalid ref name ${change.name}`;
    }
    const lines = changes.map(({ name, after, before }) =>
      /^0+$/.test(after)
        ? `delete ${name}${before === undefined ? "" : ` ${before}`}\n`
        : `update ${name} ${after}${before === undefined ? "" : ` ${before}`}\n`,
    );
    const input = `start\n${lines.join("")}prepare\ncommit\n`;
    const { status, stderr } = await this.#git(["update-ref", "--stdin"], { input });
    return status === 0 ? undefined : stderr.trim();
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return (await this.#immutable("merge-base", "--is-ancestor", ancestor, descendant)).status === 0;
  }

  /** Merges `from` into a branch and moves the branch; undefined when there are conflicts. */
  async merge(branch: string, from: string, message: string, who: string, now: number): Promise<string | undefined> {
    const head = await this.ref(`refs/heads/${branch}`);
    if (head === undefined) return undefined;
    const merged = await this.#git(["merge-tree", "--write-tree", head, from]);
    if (merged.status !== 0) return undefined;
    const tree = merged.stdout.toString().trim();
    const date = `${Math.floor(now / 1000)} +0000`;
    const email = `${who}@users.noreply.github.com`;
    const env = {
      GIT_AUTHOR_NAME: who,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: who,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    };
    const made = await this.#git(["commit-tree", tree, "-p", head, "-p", from, "-m", message], { env });
    const sha = made.stdout.toString().trim();
    if (made.status !== 0) throw new Error(`git commit-tree: ${made.stderr.trim()}`);
    const refused = await this.updateRefs([{ name: `refs/heads/${branch}`, after: sha, before: head }]);
    return refused === undefined ? sha : undefined;
  }
}
