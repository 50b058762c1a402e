/** Failures to reach the cloud, so that a dialog does not blame them on the CEMM. */
import { CemmError, TLS_ERROR } from "../../lib/internal.js";

/** By the error code of the system, TLS or undici. */
const FAILED = [
  ["CLOUD_NAME", /^(ENOTFOUND|EAI_)/],
  ["CLOUD_ROUTE", /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/],
  ["CLOUD_CERTIFICATE", TLS_ERROR],
  ["CLOUD_PROXY", /^(ERR_PROXY|UND_ERR_PRX|UND_ERR_ABORTED)/],
] as const;

/** It has a text in the catalogue. */
export type CloudCode = (typeof FAILED)[number][0] | "CLOUD_UNREACHABLE" | "CLOUD_SILENT";

export class CloudProblem extends Error {
  constructor(
    readonly code: CloudCode,
    message: string,
  ) {
    super(message);
  }
}

/** Runs a request to the cloud. @throws CloudProblem if the cloud was not reached, or is silent */
export async function throughCloud<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const code = codeOf(error);
    throw code && error instanceof Error ? new CloudProblem(code, error.message) : error;
  }
}

function codeOf(error: unknown): CloudCode | undefined {
  // With a status, there was an answer.
  if (!(error instanceof CemmError) || error.statusCode !== undefined) return undefined;
  if (error.code === "CEMM_TIMEOUT") return "CLOUD_SILENT";
  if (error.code !== "CEMM_UNREACHABLE") return undefined;
  const cause = error.cause?.code ?? "";
  return FAILED.find(([, pattern]) => pattern.test(cause))?.[0] ?? "CLOUD_UNREACHABLE";
}
