/** Which code a dialog gets for a failure on the way to the cloud, by the system's error code. */
import assert from "node:assert/strict";
import { CemmError } from "../../../src/lib/internal.js";
import { CloudProblem, throughCloud } from "../../../src/nodes/admin/cloud-problem.js";

const because = (code: string) => new CemmError("CEMM_UNREACHABLE", "no", { cause: { code, message: "no" } });

describe("a failed request to the cloud", () => {
  for (const [cause, code] of [
    ["ENOTFOUND", "CLOUD_NAME"],
    ["EAI_AGAIN", "CLOUD_NAME"],
    ["ENETUNREACH", "CLOUD_ROUTE"],
    ["EHOSTUNREACH", "CLOUD_ROUTE"],
    ["CERT_HAS_EXPIRED", "CLOUD_CERTIFICATE"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "CLOUD_CERTIFICATE"],
    ["ERR_PROXY_CLOSED", "CLOUD_PROXY"],
    ["UND_ERR_ABORTED", "CLOUD_PROXY"],
    ["ECONNREFUSED", "CLOUD_UNREACHABLE"],
  ] as const) {
    it(`with ${cause} is ${code}`, async () => {
      const failing = throughCloud(Promise.reject(because(cause)));
      await assert.rejects(failing, (error) => error instanceof CloudProblem && error.code === code);
    });
  }

  it("that times out is CLOUD_SILENT, unless the cloud says that the CEMM did not answer", async () => {
    const silent = new CemmError("CEMM_TIMEOUT", "no");
    await assert.rejects(throughCloud(Promise.reject(silent)), { code: "CLOUD_SILENT" });
    const timeout = new CemmError("CEMM_TIMEOUT", "no", { statusCode: 408 });
    await assert.rejects(throughCloud(Promise.reject(timeout)), { code: "CEMM_TIMEOUT" });
  });
});
