// Makes a client for an address: `node make_client.mjs LIBRARY URL`.

import { pathToFileURL } from "node:url";

const [library, url] = process.argv.slice(2);
const { Client } = await import(pathToFileURL(library));
let opened = 0;
class WebSocket {
  constructor() {
    opened += 1;
  }
}
let why = null;
try {
  new Client({ url, device: "d", WebSocket, storage: null });
} catch (error) {
  why = error.message;
}
console.log(JSON.stringify({ made: why === null, why, opened }));
