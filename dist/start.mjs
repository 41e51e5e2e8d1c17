// Loads the bundle with V8's code cache. A file of its own in dist/, with nothing but Node's own modules: it runs before all else.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
/** The bundle's SHA-256, which `scripts/bundle.ts` puts here: V8 itself compares only the length of the code. */
const DIGEST = "ddea5f72aacdc98880fa30374a46e27dd8c44c456f44666c9fc9155c73451a01";
/** Milliseconds after which everything that a start needs was compiled, and V8 has not yet thrown any of it away. */
const SAVE_AFTER = 2_000;
/**
 * Starts an action. Where the runner has a tool cache, what V8 compiled is kept there for the next start: Node's own
 * compile cache keeps no function that was compiled when first called, which are most of those that a start needs.
 */
export async function start(action) {
    const bundle = fileURLToPath(new URL("./index.js", import.meta.url));
    const cache = cacheFile(process.env["RUNNER_TOOL_CACHE"], action);
    const cachedData = cache === undefined ? undefined : read(cache);
    // The bundle is ASCII.
    const script = new Script(Module.wrap(readFileSync(bundle, "latin1")), {
        filename: bundle,
        ...(cachedData && { cachedData }),
    });
    if (cache !== undefined && (cachedData === undefined || script.cachedDataRejected))
        saveLater(script, cache);
    const module = { exports: {} };
    script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
    await module.exports.run(action);
}
/** Where the compiled code of an action is kept; undefined where nothing is, or where somebody else could have written it. */
export function cacheFile(toolCache, action) {
    if (!toolCache)
        return undefined;
    const directory = join(toolCache, "rocksolid-start");
    try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        const { uid, mode } = statSync(directory);
        if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0))
            return undefined;
    }
    catch {
        return undefined; // A tool cache that cannot be written to: the start is slower, and right.
    }
    return join(directory, `${action}-${process.version}-${process.arch}-${DIGEST}`);
}
function read(file) {
    try {
        return readFileSync(file);
    }
    catch {
        return undefined; // The first start on this machine.
    }
}
function saveLater(script, file) {
    let saved = false;
    const save = () => {
        if (saved)
            return;
        saved = true;
        try {
            const directory = dirname(file);
            const [action = ""] = file.slice(directory.length + 1).split("-");
            const older = readdirSync(directory).filter((name) => name.startsWith(`${action}-`));
            const whole = `${file}.${process.pid}`;
            writeFileSync(whole, script.createCachedData(), { mode: 0o600 });
            for (const name of older)
                rmSync(join(directory, name), { force: true });
            renameSync(whole, file);
        }
        catch {
            // A full disk: the next start compiles again.
        }
    };
    setTimeout(save, SAVE_AFTER).unref();
    process.once("exit", save);
}
