// Loads undici when something of it is asked for.
module.exports = new Proxy({}, { get: (_, name) => require("./undici-whole.js")[name] });
