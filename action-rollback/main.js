import { start } from "../dist/start.mjs";

await start("rollback");
