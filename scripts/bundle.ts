// Makes dist/: one bundle that the four actions share. Everything is written anew, so that what is committed can be held to it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const ncc = createRequire(import.meta.url)("@vercel/ncc") as (
  input: string,
  options: Record<string, unknown>,
) => Promise<{ code: string; assets: Record<string, { source: string | Buffer }> }>;

const root = new URL("../", import.meta.url).pathname;
const { code, assets } = await ncc(`${root}build/src/actions/main.js`, {
  cache: false,
  quiet: true,
  license: "licenses.txt",
  target: "es2024",
});
rmSync(`${root}dist`, { recursive: true, force: true });
mkdirSync(`${root}dist`, { recursive: true });
writeFileSync(`${root}dist/index.js`, code);
for (const [name, { source }] of Object.entries(assets)) writeFileSync(`${root}dist/${name}`, source);
