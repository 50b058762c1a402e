import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { z } from "zod";
import { eachAtOnce } from "../../support/server.js";
import type { AdminLab } from "./admin-lab.js";

const Found = z.object({
  tried: z.array(z.string()),
  port: z.number(),
  cemms: z.array(z.looseObject({ uid: z.string() })),
});

export function search(lab: AdminLab): void {
  describe("search", () => {
    const searched = async (form: object) => {
      const { status, body } = await lab.ask("search", form);
      assert.equal(status, 200);
      return Found.parse(body);
    };

    // A search takes three seconds.
    eachAtOnce(
      [
        { it: "lists the CEMMs that answer, with name and firmware, and the addresses it asked", holds: listsAll },
        { it: "returns an empty list, not an error, if nothing answers", holds: findsNothing },
        {
          it: "does not find a simulator that happens to run on this machine, on the CEMMs' own port",
          holds: findsNoOther,
        },
      ],
      ({ holds }) => holds(),
    );

    it("refuses an invalid address", async () => {
      assert.equal(await lab.refusal("search", { broadcast: "here" }), "422 CEMM_INPUT");
    });

    async function listsAll(): Promise<void> {
      const { addresses, uids } = lab.simulator;
      const port = addresses.udp.split(":").at(-1) ?? "";
      const found = await searched({ broadcast: "127.0.0.1", port });
      assert.deepEqual([found.tried, found.port, found.cemms.length], [["127.0.0.1"], Number(port), 2]);
      assert.deepEqual(
        found.cemms.find(({ uid }) => uid === uids[0]),
        {
          uid: uids[0],
          mac: uids[0]?.replaceAll("-", ":"),
          host: addresses.lan[0],
          model: "CEMM_plus",
          core: "1.25",
          name: "CEMM Plus",
          firmware: "2.26.0.0",
        },
      );
    }

    async function findsNothing(): Promise<void> {
      assert.deepEqual((await searched({ broadcast: "127.0.0.1", port: 9 })).cemms, []);
    }

    async function findsNoOther(): Promise<void> {
      const listening = createSocket("udp4");
      const answer = JSON.stringify({ mac: "00:1E:C0:00:00:01" });
      listening.on("message", (_, { port, address }) => listening.send(answer, port, address));
      // If the port is taken, it belongs to another simulator, which must not be found either.
      await once(listening.bind(9777, "0.0.0.0"), "listening").catch(() => {});
      const { cemms } = await searched({ broadcast: "127.0.0.1" });
      listening.close();
      assert.deepEqual(cemms, []);
    }
  });
}
