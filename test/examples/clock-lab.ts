/** Two simulated CEMMs whose clock the tests set, and a Node-RED: for tests that span days. */
import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { type Flow, Workbench } from "./workbench.js";

const METERS = ["p1", "p1-gas", "s01", "pulse-3", "mb3"];

export class ClockLab {
  #now: () => number = Date.now;
  #houses: Simulator | undefined;

  #bench: Workbench | undefined;

  /** `timezone`: the CEMMs' time zone. */
  constructor(private readonly timezone = "Europe/Amsterdam") {}

  async start(): Promise<void> {
    this.#bench = await Workbench.start([]);
    await this.#open();
  }

  async stop(): Promise<void> {
    await this.#bench?.stop();
    await this.#houses?.close();
  }

  get bench(): Workbench {
    return this.#bench ?? assert.fail("not started");
  }

  /** Of the first CEMM. */
  get uid(): string {
    return this.#houses?.uids[0] ?? "";
  }

  /** Sets the CEMMs' current time. */
  setClock(now: () => number): void {
    this.#now = now;
  }

  stopClockAt(time: number): void {
    this.setClock(() => time);
  }

  /** Replaces the previous example and its state. */
  async deploy(name: string, changed?: (flow: Flow) => Flow): Promise<void> {
    await this.bench.clear();
    await this.bench.deploy(name, changed);
  }

  /** Takes the CEMMs off the network during `run`. */
  async withoutCemms(run: () => Promise<void>): Promise<void> {
    await this.#houses?.close();
    try {
      await run();
    } finally {
      await this.#open();
    }
  }

  async #open(): Promise<void> {
    this.#houses = await startSimulator({
      devices: 2,
      meters: METERS,
      timezone: this.timezone,
      now: () => this.#now(),
    });
  }
}

/** A lab for the tests of a `describe`; each starts with the real time. */
export function clockLab(timezone?: string): ClockLab {
  const lab = new ClockLab(timezone);
  before(() => lab.start());
  beforeEach(() => lab.setClock(Date.now));
  after(() => lab.stop());
  return lab;
}

/** A copy with some properties changed in every node of a type, as a user would in the dialog. */
export function withProperties(flow: Flow, changes: Record<string, object>): Flow {
  return flow.map((node) => ({ ...node, ...changes[node.type] }));
}
