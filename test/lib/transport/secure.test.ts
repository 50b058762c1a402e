/** The cloud over TLS and through proxies. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer as createHttpServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Server } from "node:net";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { CemmAccount } from "../../../src/lib/index.js";
import { AUTHORITY, certificate } from "../../support/fixtures.js";
import { failure, KEY, NOBODY, portOf, type TestServer, testbed, UID } from "../../support/server.js";
import { good, WATTS } from "../../support/server-answers.js";

const run = promisify(execFile);
const SELF_SIGNED = certificate("self-signed");
const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];

describe("the cloud over TLS", () => {
  const bed = testbed();
  const saved = Object.fromEntries(PROXY_VARIABLES.map((name) => [name, process.env[name]]));

  beforeEach(() => {
    for (const name of PROXY_VARIABLES) delete process.env[name];
  });
  after(() => {
    for (const [name, value] of Object.entries(saved)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  async function listening(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    bed.kept(server, () => new Promise((resolve) => server.close(resolve)));
    return portOf(server.address());
  }

  /** A server with a self-signed certificate. */
  async function selfSigned() {
    const seen = { connections: 0, requests: 0 };
    const server = createTlsServer({ key: SELF_SIGNED, cert: SELF_SIGNED }, (_, response) => {
      seen.requests++;
      response.end("{}");
    });
    server.on("connection", () => seen.connections++);
    server.on("tlsClientError", () => {});
    return { seen, port: await listening(server) };
  }

  /** A proxy that connects everything to `port` of this machine, or refuses with `refusal`. */
  async function proxy({ port = 0, refusal = "" }) {
    const seen: (string | undefined)[] = [];
    const server = createHttpServer((_, response) => void response.writeHead(500).end());
    server.on("connect", ({ url }, socket) => {
      seen.push(url);
      socket.on("error", () => {});
      if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      const upstream = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      upstream
        .on("error", () => {})
        .pipe(socket)
        .pipe(upstream);
    });
    return { seen, url: `http://127.0.0.1:${await listening(server)}` };
  }

  function cloudAt(baseUrl: string) {
    const account = new CemmAccount({ apiKey: KEY, baseUrl });
    bed.kept(account, () => account.close());
    return bed.client({ access: "cloud", account, uid: UID, timeout: 5 });
  }

  it("a self-signed certificate is CEMM_UNREACHABLE, without a request or a retry", async () => {
    const { port, seen } = await selfSigned();
    const error = await failure(cloudAt(`https://127.0.0.1:${port}/v1/`).realtime("p1"));
    assert.deepEqual(
      [error.code, error.retryable, error.cause?.code],
      ["CEMM_UNREACHABLE", false, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    );
    assert.match(error.message, /certificate/);
    assert.deepEqual(seen, { connections: 1, requests: 0 });
  });

  it("accepts a trusted certificate, and refuses one that has expired or has another name", async () => {
    const ports: number[] = [];
    let requests = 0;
    for (const name of ["trusted", "expired", "other-name"] as const) {
      const pem = certificate(name);
      const server = createTlsServer({ key: pem, cert: pem }, (_, response) => {
        requests++;
        response.end(JSON.stringify(WATTS));
      });
      server.on("tlsClientError", () => {});
      ports.push(await listening(server));
    }
    const script = join(__dirname, "../../support/tls-client.ts");
    const urls = ports.map((port) => `https://127.0.0.1:${port}/v1/`);
    const { stdout } = await run(process.execPath, ["--import", "tsx", script, ...urls], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: AUTHORITY },
    });
    const refused = { code: "CEMM_UNREACHABLE", retryable: false };
    assert.deepEqual(JSON.parse(stdout), [
      { source: "cloud" },
      { ...refused, cause: "CERT_HAS_EXPIRED" },
      { ...refused, cause: "ERR_TLS_CERT_ALTNAME_INVALID" },
    ]);
    assert.equal(requests, 1, "an untrusted server gets no request");
  }).timeout(20_000);

  it("a server without TLS is CEMM_UNREACHABLE, without a retry", async () => {
    const server = await bed.serve(good);
    const error = await failure(cloudAt(`https://${server.host}/v1/`).realtime("p1"));
    assert.deepEqual([error.code, error.retryable, server.connections], ["CEMM_UNREACHABLE", false, 1]);
  });

  it("uses HTTPS_PROXY for another machine", async () => {
    const { port, seen } = await selfSigned();
    const { url, seen: asked } = await proxy({ port });
    process.env.HTTPS_PROXY = url;
    const error = await failure(cloudAt("https://cemm.invalid/v1/").realtime("p1"));
    assert.equal(error.code, "CEMM_UNREACHABLE");
    assert.match(error.message, /certificate/, "the proxy connected to the server");
    assert.deepEqual(asked, ["cemm.invalid:443"]);
    assert.equal(seen.requests, 0);
  });

  it("a proxy that does not answer is CEMM_UNREACHABLE", async () => {
    process.env.HTTPS_PROXY = `http://${NOBODY}`;
    const error = await failure(cloudAt("https://cemm.invalid/v1/").realtime("p1"));
    assert.deepEqual([error.code, error.cause?.code], ["CEMM_UNREACHABLE", "ECONNREFUSED"]);
  });

  it("does not use the proxy if NO_PROXY names the cloud", async () => {
    const { url, seen } = await proxy({ refusal: "407 No" });
    process.env.HTTPS_PROXY = url;
    process.env.NO_PROXY = "cemm.invalid";
    assert.equal((await failure(cloudAt("https://cemm.invalid/v1/").realtime("p1"))).code, "CEMM_UNREACHABLE");
    assert.deepEqual(seen, []);
  });

  it("never uses the proxy for this machine or for the LAN", async () => {
    const { url, seen } = await proxy({ refusal: "407 No" });
    for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "http_proxy", "https_proxy"]) process.env[name] = url;
    const servers: TestServer[] = [await bed.serve(good), await bed.serve(good)];
    const [lan = "", cloud = ""] = servers.map(({ host }) => host);
    await bed.over("lan", lan).realtime("p1");
    await bed.over("cloud", cloud).realtime("p1");
    await cloudAt(`http://localhost:${cloud.split(":")[1]}/v1/`).realtime("p1");
    assert.deepEqual(seen, []);
  });

  for (const proxy of ["not an address", "http://user:pass4proxy@:3128"]) {
    it(`an invalid proxy address is CEMM_CONFIG, without the key or the proxy's password: ${proxy}`, async () => {
      process.env.HTTPS_PROXY = proxy;
      const error = await failure(cloudAt("https://cemm.invalid/v1/").realtime("p1"));
      assert.equal(error.code, "CEMM_CONFIG");
      assert.match(error.message, /HTTPS_PROXY/);
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), new RegExp(`${KEY}|pass4proxy`));
    });
  }
});
