import { existsSync } from "node:fs";
import path from "node:path";
import { ConfigurationError } from "../../src/platform/errors.ts";
import { Repository } from "./git.ts";
import type { Source } from "./model.ts";

/** Where the files of repositories come from: the user's own from git at any commit, others from checkouts on this machine. */
export class Sources {
  readonly repository: string;
  readonly own: Repository;
  readonly #others: ReadonlyMap<string, string>;
  readonly #folder: string;
  readonly #exports = new Map<string, Promise<string>>();

  constructor(repository: string, directory: string, others: Readonly<Record<string, string>>, folder: string) {
    this.repository = repository;
    this.own = new Repository(directory);
    this.#others = new Map(Object.entries(others).map(([name, root]) => [name.toLowerCase(), root]));
    this.#folder = folder;
  }

  /** The user's repository at a commit. */
  async at(sha: string, ref: string): Promise<Source> {
    let root = this.#exports.get(sha);
    if (root === undefined) {
      const folder = path.join(this.#folder, sha);
      root = this.own.export(sha, folder).then(() => folder);
      this.#exports.set(sha, root);
    }
    return { repository: this.repository, ref, sha, root: await root, prefix: "" };
  }

  /** The repository `owner/name` at a ref; undefined where this machine has none of it. */
  async of(repository: string, ref: string): Promise<Source | undefined> {
    const root = this.#others.get(repository.toLowerCase());
    if (root !== undefined) {
      if (!existsSync(root)) throw new ConfigurationError(`${root}, given for ${repository}, does not exist`);
      return { repository, ref, sha: ref, root, prefix: `${repository}/` };
    }
    if (repository.toLowerCase() !== this.repository.toLowerCase()) return undefined;
    return this.at(await this.own.commit(ref), ref);
  }
}
