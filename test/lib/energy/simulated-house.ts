/** A simulated house at a chosen moment: what the page computes from its answers, and the figures of the simulator's model. */
import { type DayRecord, emptyRecord, meterDay } from "../../../src/lib/energy/day-record.js";
import { type HouseMeter, houseMeters, type MeterOverrides } from "../../../src/lib/energy/house.js";
import { type HouseDay, houseDay } from "../../../src/lib/energy/house-day.js";
import type { History } from "../../../src/lib/energy/slots.js";
import { Tariff } from "../../../src/lib/energy/tariff.js";
import { type Answer, CemmClient, type Period, periodAt } from "../../../src/lib/internal.js";
import { Household } from "../../../src/simulator/household.js";
import { metersOf, solarMeters } from "../../../src/simulator/meters.js";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.js";

const MINUTE = 60_000;
/** The model's units: half watt-minutes in a kWh; fifths of a litre of gas, and litres of water, in a m³. */
const PER_UNIT = { energy: 120_000, gas: 5000, water: 1000 };

export interface HouseOptions {
  meters?: readonly string[];
  timezone?: string;
  /** ISO. */
  now: string;
  overrides?: MeterOverrides;
  tariff?: object;
}

export class SimulatedHouse {
  readonly #records = new Map<string, DayRecord>();

  private constructor(
    readonly simulator: Simulator,
    readonly client: CemmClient,
    readonly household: Household,
    readonly meters: readonly HouseMeter[],
    readonly now: number,
    readonly tariff: Tariff,
  ) {}

  static async start({ meters, timezone = "Europe/Amsterdam", now: at, overrides = [], tariff = {} }: HouseOptions) {
    const now = Date.parse(at);
    const simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, timezone, meters, now: () => now });
    const client = new CemmClient({ host: simulator.addresses.lan[0], timezone });
    const listed = await client.meters();
    const aliases = listed.flatMap(({ alias }) => alias ?? []);
    const household = new Household({ seed: "1 0", timezone, size: 1, solar: solarMeters(metersOf(aliases)) });
    return new SimulatedHouse(simulator, client, household, houseMeters(listed, overrides), now, Tariff.parse(tariff));
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.simulator.close();
  }

  /** The live answers of all meters. */
  live(): Promise<Answer[]> {
    return Promise.all(this.meters.map(({ alias }) => this.client.realtime(alias)));
  }

  day(time: string | number): Period {
    return periodAt("day", typeof time === "number" ? time : Date.parse(time), this.client.timezone);
  }

  /** Requests these days. */
  async history(...days: readonly Period[]): Promise<History> {
    for (const day of days) {
      const record = emptyRecord(day);
      for (const { alias } of this.meters) {
        record.meters[alias] = meterDay((await this.client.history(alias, day)).channels, day);
      }
      this.#records.set(record.date, record);
    }
    const { now, meters, tariff } = this;
    const known = new Map([...this.#records].map(([date, record]) => [date, this.#houseDay(record)]));
    return { timezone: this.client.timezone, now, meters, days: known, firstDay: null, tariff, prices: [] };
  }

  /** The sum of a stream of the model, minute by minute, from one moment to another, in kWh or m³. */
  modelled(stream: string, from: number, to: number, sign: 1 | -1 = 1): number {
    const unit = stream === "gas" || stream === "water" ? PER_UNIT[stream] : PER_UNIT.energy;
    let sum = 0;
    for (let time = from; time < to; time += MINUTE) sum += Math.max(0, sign * this.household.rate(stream, time));
    return sum / unit;
  }

  #houseDay(record: DayRecord): HouseDay {
    return houseDay(record, this.meters, Math.min(record.end, this.now - (this.now % MINUTE)));
  }
}
