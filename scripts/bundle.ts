// Makes dist/: one bundle that the four actions share. Everything is written anew, so that what is committed can be held to it.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
interface Built {
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
  readonly stats: { readonly compilation: { readonly modules: Iterable<WebpackModule> } };
}
interface WebpackModule {
  readonly resource?: string;
  readonly modules?: Iterable<WebpackModule>;
}
const ncc = require("@vercel/ncc") as (input: string, options: Record<string, unknown>) => Promise<Built>;

const root = new URL("../", import.meta.url).pathname;
const options = { esm: false, cache: false, quiet: true, target: "es2024" };
const main = await ncc(`${root}build/src/actions/main.js`, {
  ...options,
  externals: { undici: "./undici.js", "@octokit/plugin-rest-endpoint-methods": "./rest-endpoint-methods.js" },
});
const undici = await ncc(require.resolve("undici"), options);
const thread = await ncc(`${root}build/src/logs/worker.js`, options);
const index = ascii(main.code);

const files: Record<string, string | Buffer> = {
  ...Object.fromEntries(Object.entries(main.assets).map(([name, { source }]) => [name, source])),
  "package.json": '{ "type": "commonjs" }\n',
  "index.js": index,
  "start.mjs": replaceOnce(
    readFileSync(`${root}build/src/actions/start.js`, "utf8"),
    '"the bundle\'s digest"',
    `"${createHash("sha256").update(index).digest("hex")}"`,
  ),
  // Only a large log starts one, so the start of an action does not pay for it.
  "scan-thread.js": ascii(thread.code),
  // Half of all code and a third of a start, and only a job behind a proxy needs it.
  "undici.js":
    '// Loads undici when something of it is asked for.\nmodule.exports = new Proxy({}, { get: (_, name) => require("./undici-whole.js")[name] });\n',
  "undici-whole.js": undici.code,
  "rest-endpoint-methods.js":
    "// Left out: a method for each of GitHub's routes takes a tenth of a start to prepare, and our calls name their route.\nexports.restEndpointMethods = () => ({});\n",
  "licenses.txt": licenses([main, undici, thread]),
};
rmSync(`${root}dist`, { recursive: true, force: true });
mkdirSync(`${root}dist`, { recursive: true });
for (const [name, content] of Object.entries(files)) writeFileSync(`${root}dist/${name}`, content);

/** The licenses of all packages whose code is in the bundles. ncc's own list forgets all but those of one file. */
function licenses(built: readonly Built[]): string {
  const directories = new Set<string>();
  const visit = (modules: Iterable<WebpackModule>) => {
    for (const { resource, modules: inner } of modules) {
      const [, directory] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(resource ?? "") ?? [];
      if (directory !== undefined) directories.add(directory);
      if (inner) visit(inner);
    }
  };
  for (const { stats } of built) visit(stats.compilation.modules);
  const texts = [...directories].map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(`${directory}/package.json`, "utf8"));
    const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(`${directory}/${file}`, "utf8").trim() : "The package holds no license text."}\n`;
  });
  if (texts.length < 20) throw new Error(`the bundle names only ${texts.length} packages`);
  return [...new Set(texts)].sort().join(`\n${"-".repeat(80)}\n\n`);
}

function replaceOnce(code: string, text: string, by: string): string {
  const parts = code.split(text);
  if (parts.length !== 2) throw new Error(`found ${parts.length - 1} times instead of once: ${text}`);
  return parts.join(by);
}

/** Escapes what is not ASCII: such a text takes half the memory, and half the time to read. */
function ascii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
