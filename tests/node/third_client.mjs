// The golden path from Node: `node third_client.mjs LIBRARY WS URL NAME PASSWORD`.
//
// The library as an application would use it, with the `ws` package for the sockets
// that Node 20 does not have. Prints what it saw as JSON; judging that is the test's.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [library, wsFolder, url, name, password] = process.argv.slice(2);
const { answerText, Client, Transcript } = await import(pathToFileURL(library));
const { WebSocket } = createRequire(wsFolder)(wsFolder);

/** Ask over HTTP, as a page of the server's own origin would. */
async function ask(method, path, body) {
  const headers = { "Content-Type": "application/json", Origin: url, Cookie: cookie };
  const response = await fetch(`${url}/${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

let cookie = "";
const login = await ask("POST", "login", { name, password });
cookie = login.headers.get("set-cookie").split(";")[0];

const opened = [];
class Socket extends WebSocket {
  constructor(url_, protocols) {
    // No cookie: a ticket says who it is, and that is bound to the origin.
    super(url_, protocols, { origin: url });
    opened.push(this);
  }
}

const kept = new Map();
const storage = {
  get length() {
    return kept.size;
  },
  key: (index) => [...kept.keys()][index] ?? null,
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};

const client = new Client({
  url: `${url.replace("http", "ws")}/ws`,
  device: "node",
  WebSocket: Socket,
  storage,
  isTicketed: true,
  ticket: async () => (await (await ask("POST", "ws/ticket", {})).json()).ticket,
});
const states = [];

/** Wait until something holds; looked at after every change. */
function until(isTrue) {
  return new Promise((resolve) => {
    const look = () => {
      if (states.at(-1) !== client.state) states.push(client.state);
      if (!isTrue()) return;
      client.unwatch(look);
      resolve();
    };
    client.watch(look);
    look();
  });
}

client.start();
await until(() => client.state === "live");
const first = client.send("What is 15% of 240?");
await until(() => client.placeOf(first) !== null);
const { thread } = client.placeOf(first);
const replica = client.follow(thread);
const runs = () => replica.transcript.items.filter((item) => item.kind === "run");
await until(() => runs()[0]?.state === "completed");

const second = client.send("/slow 2", { thread });
await until(() => runs()[1] !== undefined && answerText(runs()[1]) !== "");
const before = answerText(runs()[1]);
opened.at(-1).terminate();
await until(() => client.state !== "live");
const third = client.send("What is 6 * 7?", { thread });
await until(() => runs()[2]?.state === "completed");
client.stop();

const history = await (await ask("GET", `threads/${thread}/history`)).json();
const stored = new Transcript();
for (const event of history.events) stored.apply(event);
console.log(
  JSON.stringify({
    user: client.user.name,
    states,
    sockets: opened.length,
    subprotocols: [...new Set(opened.map((socket) => socket.protocol))],
    answers: runs().map(answerText),
    grewFrom: before,
    unsent: kept.size,
    places: [first, second, third].map((id) => client.placeOf(id).thread === thread),
    items: replica.transcript.items,
    stored: stored.items,
  }),
);
process.exit(0);
