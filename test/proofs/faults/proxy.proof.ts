/** The cloud through proxies that refuse, break or hang. One at a time, since an environment variable names the proxy. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { CemmAccount, CemmClient, type CemmErrorCode } from "../../../src/lib/index.js";
import { eventually, failure, KEY, portOf, UID } from "../../support/server.js";
import { rowsHold } from "../support/rows.js";

/** Seconds that an answer may take. */
const TIMEOUT = 3;

const sends = (text: string) => (socket: Socket) => void socket.end(text);
const hangs = () => {};

interface ProxyFault {
  it: string;
  onConnect: (socket: Socket) => void;
  code: CemmErrorCode;
}

const PROXIES: ProxyFault[] = [
  { it: "a proxy that forbids the cloud", onConnect: sends("HTTP/1.1 403 No\r\n\r\n"), code: "CEMM_UNREACHABLE" },
  { it: "a proxy that cannot reach the cloud", onConnect: sends("HTTP/1.1 502 No\r\n\r\n"), code: "CEMM_UNREACHABLE" },
  { it: "a proxy that asks for a password", onConnect: sends("HTTP/1.1 407 No\r\n\r\n"), code: "CEMM_UNREACHABLE" },
  { it: "a proxy that closes at CONNECT", onConnect: sends(""), code: "CEMM_UNREACHABLE" },
  { it: "a proxy that resets", onConnect: (socket) => void socket.resetAndDestroy(), code: "CEMM_UNREACHABLE" },
  { it: "a proxy that hangs on CONNECT", onConnect: hangs, code: "CEMM_TIMEOUT" },
  {
    it: "a proxy that connects to a server without TLS",
    onConnect: sends("HTTP/1.1 200 OK\r\n\r\nSSH-2.0-dropbear\r\n"),
    code: "CEMM_UNREACHABLE",
  },
];

const open: (() => Promise<void>)[] = [];
const saved = process.env.HTTPS_PROXY;

async function closeAll(): Promise<void> {
  for (const close of open.splice(0)) await close();
  if (saved === undefined) delete process.env.HTTPS_PROXY;
  else process.env.HTTPS_PROXY = saved;
}

describe("the cloud through a proxy", () => {
  after(closeAll);

  rowsHold(
    PROXIES.map((row) => ({ ...row, it: `${row.it}: ${row.code}` })),
    async ({ onConnect, code }) => {
      const { proxy, cloud } = await cloudBehind(onConnect);
      const began = performance.now();
      const error = await failure(cloud.realtime("p1"));
      const asked = proxy.connects;
      assert.ok(asked >= 1 && asked <= 3, `the proxy was asked ${asked} times, not 1 to 3`);
      assert.equal(error.code, code, error.message);
      assert.ok(performance.now() - began < TIMEOUT * 1000 + 500, "in time");
    },
    { atOnce: 1 },
  );
});

describe("the cloud through a proxy that hung", () => {
  after(closeAll);

  rowsHold([{ it: "uses a recovered proxy within one deadline, and close() leaves no socket" }], async () => {
    let onConnect: (socket: Socket) => void = hangs;
    const { proxy, cloud, close } = await cloudBehind((socket) => onConnect(socket));
    const hung = await Promise.all(ALIASES.map((alias) => failure(cloud.realtime(alias))));
    assert.deepEqual(new Set(hung.map(({ code }) => code)), new Set(["CEMM_TIMEOUT"]));
    onConnect = sends("HTTP/1.1 407 No\r\n\r\n");
    const { code, message } = await failure(cloud.realtime("p1"));
    assert.equal(code, "CEMM_UNREACHABLE", `the recovered proxy was not asked within ${TIMEOUT} s: ${message}`);
    await close();
    await eventually(() => proxy.sockets.size === 0, "a socket to the proxy survives close()");
  });
});

/** More than the account requests at the same time. */
const ALIASES = ["p1", "s01", "s02", "s03", "han", "mb1"];

async function cloudBehind(onConnect: (socket: Socket) => void) {
  const proxy = await proxyThat(onConnect);
  process.env.HTTPS_PROXY = proxy.url;
  const account = new CemmAccount({ apiKey: KEY, baseUrl: "https://cemm.invalid/v1/" });
  const cloud = new CemmClient({ access: "cloud", account, uid: UID, timeout: TIMEOUT });
  const close = async () => {
    cloud.close();
    await account.close();
  };
  open.push(close, proxy.close);
  return { proxy: proxy.seen, cloud, close };
}

async function proxyThat(onConnect: (socket: Socket) => void) {
  const seen = { connects: 0, sockets: new Set<Socket>() };
  const server = createServer((socket) => {
    seen.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => seen.sockets.delete(socket));
    socket.once("data", () => {
      seen.connects++;
      onConnect(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of seen.sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${portOf(server.address())}`, seen, close };
}
