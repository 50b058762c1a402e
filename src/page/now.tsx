import { useMemo } from "preact/hooks";
import type { House, Live, LiveValue } from "../lib/energy/view.js";
import { Chart } from "./chart.js";
import { Legend } from "./legend.js";
import { powerChart } from "./period-charts.js";
import { isNoSuchMeter } from "./problems.js";
import { meterName, useReader } from "./reader.js";

const MINUTE = 60_000;

interface Props {
  house: House;
  live: Live | undefined;
  /** Whether the connection is lost, so that the shown values are old. */
  isOld: boolean;
}

/** Current power, values of other meters, and the last hour. */
export function Now({ house, live, isOld }: Props) {
  const { t } = useReader();
  if (!live || house.meters.length === 0) return null;
  const rows = metersBeside(house, live);
  const hasPower = live.bought !== null || live.solar !== null || live.consumption !== null;
  const hasHour = live.lastHour.some(({ grid, solar, consumption }) => (grid ?? solar ?? consumption) !== null);
  const isSilent = live.problems.some(({ code }) => code === "SILENT");
  const classes = ["card now", hasHour && "with-chart", isOld && "old", isSilent && "all-silent"];
  return (
    <section class={classes.filter(Boolean).join(" ")} aria-label={t("now")}>
      <div class="figures-now">
        {hasPower && <Power house={house} live={live} />}
        {rows.length > 0 && (
          <dl class={hasPower ? "rows" : "lead-rows"}>
            {rows.map(({ id, unit, reading }) => (
              <MeterRow key={id} live={live} house={house} id={id} unit={unit} reading={reading} />
            ))}
          </dl>
        )}
        {live.quarter && <Quarter quarter={live.quarter} />}
      </div>
      {hasHour && <LastHour live={live} />}
    </section>
  );
}

/** The meters that are not in the big figures. */
function metersBeside({ meters }: House, live: Live) {
  const roleOf = (id: string) => meters.find((meter) => meter.id === id)?.role;
  const isOnlySolar = meters.filter(({ role }) => role === "solar").length === 1;
  return live.meters.filter(({ id }) => {
    const role = roleOf(id);
    return role !== undefined && role !== "grid" && !(role === "solar" && isOnlySolar);
  });
}

function Power({ house, live: { bought, sold, solar, consumption } }: { house: House; live: Live }) {
  const { t } = useReader();
  const isSelling = (sold?.value ?? 0) > 0;
  const grid = isSelling ? sold : bought;
  return (
    <dl class="power">
      {grid && (
        <PowerFigure
          house={house}
          name={isSelling ? "sold" : "bought"}
          label={t(isSelling ? "now.sold" : "now.bought")}
          reading={grid}
        />
      )}
      {solar && house.has.solar && <PowerFigure house={house} name="solar" label={t("solar")} reading={solar} />}
      {consumption && house.has.solar && (
        <PowerFigure house={house} name="consumption" label={t("consumption")} reading={consumption} />
      )}
    </dl>
  );
}

interface FigureProps {
  house: House;
  name: string;
  label: string;
  reading: LiveValue;
}

function PowerFigure({ name, label, reading, house }: FigureProps) {
  return (
    <div class={`figure ${name} ${reading.state}`}>
      <dt>{label}</dt>
      <dd>
        <Big value={reading.value} unit="W" />
        <State reading={reading} today={house.today} />
      </dd>
    </div>
  );
}

function Big({ value, unit }: { value: number | null; unit: string | null }) {
  const { formats } = useReader();
  return (
    <span class="big">
      {value === null ? "–" : formats.live(value, unit)}
      {value !== null && <span class="unit"> {unit}</span>}
    </span>
  );
}

interface RowProps {
  house: House;
  live: Live;
  id: string;
  unit: string | null;
  reading: LiveValue;
}

function MeterRow({ house, live, id, unit, reading }: RowProps) {
  const { t } = useReader();
  const isMissing = live.problems.some((problem) => problem.meter === id && isNoSuchMeter(problem));
  const role = house.meters.find((meter) => meter.id === id)?.role ?? "unknown";
  return (
    <div class={`figure ${role} ${reading.state}`}>
      <dt>{meterName(id, house.meters, t)}</dt>
      <dd>
        <Big value={reading.value} unit={unit} />
        {isMissing ? <small>{t("now.noMeter")}</small> : <State reading={reading} today={house.today} />}
      </dd>
    </div>
  );
}

/** Empty for a fresh value. */
function State({ reading: { state, time, since }, today }: { reading: LiveValue; today: string }) {
  const { t, formats } = useReader();
  const at = (instant: number | null) => (instant === null ? "?" : formats.moment(instant, today));
  if (state === "fresh") return null;
  if (state === "stale") return <small>{t("now.stale", { time: at(time) })}</small>;
  if (state === "silent") return <small>{t("now.silent", { time: at(since) })}</small>;
  return <small>{t("now.waiting")}</small>;
}

function Quarter({ quarter: { end, bought, expected } }: { quarter: NonNullable<Live["quarter"]> }) {
  const { t, formats } = useReader();
  return (
    <p class="quarter">
      <span>{t("quarter")}</span> <strong>{formats.power(expected)}</strong>{" "}
      <small>
        {t("quarter.expected", { time: formats.time(end) })} · {t("quarter.so-far", { energy: formats.energy(bought) })}
      </small>
    </p>
  );
}

function LastHour({ live: { lastHour } }: { live: Live }) {
  const reader = useReader();
  const { t, formats } = reader;
  const data = useMemo(() => {
    const end = (lastHour.at(-1)?.time ?? 0) + MINUTE;
    return powerChart(lastHour, { start: end - 60 * MINUTE, end, step: MINUTE }, reader);
  }, [lastHour, reader]);
  const grid = lastHour.map((point) => point.grid ?? 0);
  const label = t("lastHour.label", {
    bought: formats.power(Math.max(0, ...grid)),
    sold: formats.power(Math.max(0, ...grid.map((watts) => -watts))),
  });
  return (
    <figure>
      <figcaption>{t("lastHour")}</figcaption>
      <Legend series={data.series} />
      <Chart data={data} label={label} />
    </figure>
  );
}
