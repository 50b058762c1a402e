/**
 * A button that can be pressed again as soon as the example is done. Debug messages arrive a moment later,
 * and statuses at most a few times a second, so neither shows in time that a press has been handled.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { button, debug, withNodes } from "./added.js";
import type { Flow, Workbench } from "./workbench.js";

const PATIENCE = 30_000;
const MARK = "all that came before";

export class AnsweringButton {
  /** `name`: the button's name; `last`: the name of the last node that it triggers. */
  constructor(
    private readonly lab: { readonly bench: Workbench },
    private readonly name: string,
    private readonly last: string,
  ) {}

  /** A copy of the example in which the nodes behind the button can also be reached by HTTP. */
  added(flow: Flow): Flow {
    const lastId = flow.find(({ name }) => name === this.last)?.id ?? assert.fail(`no node ${this.last}`);
    const setTime = { t: "set", p: "time", pt: "msg", to: "payload.time", tot: "msg" };
    const nodes = [
      ...this.#targets(flow).flatMap((id) => [
        { id: `pressed-${id}`, type: "http in", url: `/pressed/${id}`, method: "post", wires: [[`time-${id}`]] },
        { id: `time-${id}`, type: "change", rules: [setTime], wires: [[id]] },
      ]),
      { id: "pressed-done", type: "complete", scope: [lastId], wires: [["pressed-asked"]] },
      // There is no request to answer when the button itself was pressed.
      { id: "pressed-asked", type: "switch", property: "res", rules: [{ t: "nnull" }], wires: [["pressed-answer"]] },
      { id: "pressed-answer", type: "http response", wires: [] },
      button(MARK, "mark-shown"),
      { ...debug(MARK), id: "mark-shown" },
    ];
    return withNodes(flow, ...nodes);
  }

  /** Resolves once the last node has handled every resulting message. `time`: sent as `msg.time`. */
  async press(time: number): Promise<void> {
    const asked = this.#targets(this.lab.bench.flow).map((id) =>
      fetch(`${this.lab.bench.nodeRed.url}/pressed/${id}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ time }),
        signal: AbortSignal.timeout(PATIENCE),
      }),
    );
    for (const response of await Promise.all(asked)) {
      assert.equal(response.status, 200);
      await response.arrayBuffer();
    }
  }

  /** Resolves once the debug nodes have shown the results of all presses so far. */
  async allShown(): Promise<void> {
    const count = this.lab.bench.sofar(MARK, z.unknown()).length + 1;
    await this.lab.bench.press(MARK);
    await this.lab.bench.take(MARK, z.unknown(), count);
  }

  #button(flow: Flow) {
    const isIt = ({ type, name }: Flow[number]) => type === "inject" && name === this.name;
    return flow.find(isIt) ?? assert.fail(`no button ${this.name}`);
  }

  #targets(flow: Flow): string[] {
    return this.#button(flow).wires?.flat() ?? [];
  }
}
