// Opens sockets as told: `node offers.mjs WS '[["ws://…", ["a", "b"]], …]'`.

import { createRequire } from "node:module";

const [wsFolder, tasks] = process.argv.slice(2);
const { WebSocket } = createRequire(wsFolder)(wsFolder);

function open([url, offers]) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, offers);
    socket.on("open", () => {
      resolve({ opened: socket.protocol });
      socket.terminate();
    });
    socket.on("unexpected-response", (_, response) => {
      let body = "";
      response.on("data", (piece) => (body += piece));
      response.on("end", () => resolve({ refused: response.statusCode, body }));
    });
    socket.on("error", () => resolve({}));
  });
}

console.log(JSON.stringify(await Promise.all(JSON.parse(tasks).map(open))));
process.exit(0);
