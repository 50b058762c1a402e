import type { House, MeterView, Readings } from "../lib/energy/view.js";
import { useAnswer } from "./answers.js";
import { meterName, type Reader, useReader } from "./reader.js";
import { isText } from "./texts.js";

type MeterReading = Readings["meters"][number]["readings"][number];

/** The counters as on the meters, requested each `minute`. */
export function MeterReadings({ house, minute }: { house: House; minute: number }) {
  const { t } = useReader();
  const { data } = useAnswer<Readings>("api/readings", minute);
  const meters = data?.meters.filter(({ readings }) => readings.some(({ value }) => value !== null)) ?? [];
  if (meters.length === 0) return null;
  return (
    <section class="card readings" aria-labelledby="readings">
      <h2 id="readings">{t("readings")}</h2>
      <div class="columns">
        {meters.map(({ id, readings }) => (
          <Meter
            key={id}
            meter={house.meters.find((each) => each.id === id)}
            id={id}
            readings={readings}
            house={house}
          />
        ))}
      </div>
    </section>
  );
}

interface MeterProps {
  id: string;
  meter: MeterView | undefined;
  readings: MeterReading[];
  house: House;
}

function Meter({ id, meter, readings, house }: MeterProps) {
  const reader = useReader();
  return (
    <section>
      <h3>{meterName(id, house.meters, reader.t)}</h3>
      <dl class="rows">
        {readings.map((reading) => (
          <Row key={reading.channel} reading={reading} label={channelName(reading, readings, meter, reader)} />
        ))}
      </dl>
    </section>
  );
}

function Row({ reading: { value, unit, isSuspect }, label }: { reading: MeterReading; label: string }) {
  const { t, formats } = useReader();
  if (value === null) return null;
  return (
    <div>
      <dt>
        {label}
        {isSuspect && <small class="suspect">{t("reading.suspect")}</small>}
      </dt>
      <dd>
        {formats.number(value, unit === "kWh" ? 1 : 3)} {unit}
      </dd>
    </div>
  );
}

/** A Belgian meter counts the low tariff in its second registers. */
const BELGIAN = /^emucs/;
const OTHER_TARIFF: Record<string, string> = { t1: "t2", t2: "t1", t3: "t4", t4: "t3" };
const OF_SECOND_TARIFF: readonly string[] = ["t2", "electric_energy_high"];

/** Two tariffs are told apart if the meter has both. Only a smart meter has import and export. */
function channelName(
  { channel }: MeterReading,
  all: MeterReading[],
  meter: MeterView | undefined,
  { t }: Reader,
): string {
  const hasTwoTariffs = all.some((each) => OF_SECOND_TARIFF.includes(each.channel) && each.value !== null);
  const place = meter?.role === "grid" ? "grid" : "other";
  const register = hasTwoTariffs && BELGIAN.test(meter?.id ?? "") ? (OTHER_TARIFF[channel] ?? channel) : channel;
  const keys = [`reading.${place}.${hasTwoTariffs ? "two" : "one"}.${register}`, `reading.${channel}`];
  const key = keys.find(isText);
  return key ? t(key) : channel;
}
