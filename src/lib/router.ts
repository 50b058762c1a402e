/** Which route or routes a client's questions take, by its options. */
import { type CemmClientOptions, checkUid, nameOf } from "./client-options.js";
import { CemmError } from "./errors.js";
import { CloudRoute } from "./routes/cloud.js";
import { FailoverRoute } from "./routes/failover.js";
import { LanRoute } from "./routes/lan.js";
import type { Question, Route } from "./routes/route.js";
import type { RequestContext } from "./transport/single-flight.js";

/** Asks a question by the route or routes that the options name. */
export type Router = <T>(question: Question<T>, context: RequestContext) => Promise<T>;

/** @throws CemmError `CEMM_CONFIG` */
export function routerFor(options: CemmClientOptions, closing: AbortSignal): Router {
  const { access = "lan", host, account, discovery, log = () => {} } = options;
  const name = nameOf(options);
  const uid = options.uid ? checkUid(options.uid, name) : undefined;
  const lan = access === "cloud" ? undefined : new LanRoute({ name, host, uid, discovery, log });
  if (access === "lan" && lan) return always(lan);
  if (!account)
    throw new CemmError("CEMM_CONFIG", `${name}: the connection through the cloud needs an account. Choose one.`);
  const cloud = new CloudRoute(account, name, uid);
  if (!lan) return always(cloud);
  const failover = new FailoverRoute(lan, cloud, { name, log, closing });
  return (question, context) => failover.ask(question, context);
}

function always(route: Route): Router {
  return (question, context) => question(route, context);
}
